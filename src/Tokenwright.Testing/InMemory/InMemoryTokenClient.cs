using System.Runtime.InteropServices;

namespace Tokenwright.Testing;

/// <summary>
/// Represents an <see cref="ITokenClient"/> without a vendor, for unit tests without HTTP. It stores tokens in memory, and supports all
/// operations by all kinds of references, as <see cref="ITokenClient"/> defines them. A test can restrict it with other capabilities.
/// </summary>
/// <remarks>
/// The client is safe for concurrent use. Tokens expire by the clock in the options. A revoked token stays in <see cref="Tokens"/> and
/// validates as revoked; for every other operation it doesn't exist. If the client's own token doesn't work, everything except a validation
/// throws <see cref="TokenAuthenticationException"/>.
/// </remarks>
public sealed partial class InMemoryTokenClient : ITokenClient, IDynamicInterfaceCastable
{
    private readonly InMemoryTokenClientOptions _options;
    private readonly InMemoryStore _store;
    private readonly InMemoryChecks _checks;
    private readonly TokenSecret _credential;
    private volatile bool _disposed;

    /// <summary>
    /// Initializes a new instance of the <see cref="InMemoryTokenClient"/> class with no tokens except its own, which isn't in the list.
    /// </summary>
    /// <param name="options">The options; null for a client that supports everything.</param>
    public InMemoryTokenClient(InMemoryTokenClientOptions? options = null)
        : this(options ?? new InMemoryTokenClientOptions(), new InMemoryStore(), null)
    {
    }

    private InMemoryTokenClient(InMemoryTokenClientOptions options, InMemoryStore store, EmulatedToken? self)
    {
        _options = options;
        _store = store;
        Self = self ?? store.Completed(
            new EmulatedToken { Name = "the client's own", OwnerId = "in-memory-user", OwnerName = "in-memory user" }, Now);
        _credential = Self.Secret!;
        Metadata = new()
        {
            Vendor = options.Vendor,
            Connection = options.Connection,
            BaseAddress = new Uri("https://in-memory.invalid/"),
            Capabilities = options.Capabilities,
        };
        _checks = new(Metadata, options.TimeProvider);
    }

    /// <inheritdoc />
    public TokenClientMetadata Metadata { get; }

    /// <summary>Gets the client's own token, to which <see cref="TokenReference.Self"/> refers.</summary>
    public EmulatedToken Self { get; }

    /// <summary>Gets the tokens, including revoked ones, in the order of the list. The client uses a changed token at once.</summary>
    public IReadOnlyList<EmulatedToken> Tokens
    {
        get
        {
            lock (_store.Lock)
                return [.. _store.Tokens];
        }
    }

    /// <summary>
    /// Gets the calls of the client, in order. A list counts once for each page. Calls that a vendor would not receive are not included:
    /// unsupported operations, invalid requests, and calls that were cancelled before they began.
    /// </summary>
    public IReadOnlyList<InMemoryCall> Calls
    {
        get
        {
            lock (_store.Lock)
                return [.. _store.Calls];
        }
    }

    /// <summary>Adds a token without any checks. The id, secret, owner and creation time get default values if they are not set.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The same token.</returns>
    public EmulatedToken Add(EmulatedToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        lock (_store.Lock)
        {
            token.OwnerId ??= Self.OwnerId;
            token.OwnerName ??= token.OwnerId == Self.OwnerId ? Self.OwnerName : null;
            _store.Tokens.Add(_store.Completed(token, Now));
            return token;
        }
    }

    /// <summary>Removes a token, as if it had never existed.</summary>
    /// <param name="token">The token.</param>
    /// <returns>Whether the token existed.</returns>
    public bool Remove(EmulatedToken token)
    {
        lock (_store.Lock)
            return _store.Tokens.Remove(token);
    }

    /// <summary>Removes all tokens except the client's own.</summary>
    public void Clear()
    {
        lock (_store.Lock)
            _store.Tokens.Clear();
    }

    /// <summary>Creates a client that shares tokens, calls and scripts with this one, but has another token of its own.</summary>
    /// <param name="self">The client's own token, which need not be in <see cref="Tokens"/>.</param>
    public InMemoryTokenClient WithSelf(EmulatedToken self)
    {
        ArgumentNullException.ThrowIfNull(self);
        lock (_store.Lock)
            return new(_options, _store, _store.Completed(self, Now));
    }

    /// <summary>
    /// Causes the next calls of an operation to fail without any effect. If several scripts exist for an operation, the oldest one is used.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="exception">The exception that the calls throw.</param>
    /// <param name="times">The number of calls that fail.</param>
    /// <example>
    /// <code>
    /// using Tokenwright.Testing;
    ///
    /// using var client = new InMemoryTokenClient();
    /// client.Fail(TokenOperation.Get, new InvalidOperationException("The vendor is down."));
    /// try
    /// {
    ///     await client.GetAsync(TokenReference.Self);
    /// }
    /// catch (InvalidOperationException failure)
    /// {
    ///     Console.WriteLine(failure.Message);
    /// }
    /// </code>
    /// </example>
    public void Fail(TokenOperation operation, Exception exception, int times = 1)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _store.Add(new InMemoryStore.Script(operation) { Exception = exception }, times);
    }

    /// <summary>
    /// Causes the next calls of an operation to wait before they have any effect. If several scripts exist for an operation, the oldest one
    /// is used.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="until">The task to wait for. Cancelling a call ends its wait.</param>
    /// <param name="times">The number of calls that wait.</param>
    public void Hold(TokenOperation operation, Task until, int times = 1)
    {
        ArgumentNullException.ThrowIfNull(until);
        _store.Add(new InMemoryStore.Script(operation) { Until = until }, times);
    }

    /// <inheritdoc />
    public AsyncTokenList ListAsync(TokenQuery? query = null, CancellationToken cancellationToken = default)
    {
        query = Checked(query);
        return AsyncTokenList.FromPages((continuation, token) => ReadPageAsync(query, continuation, token), cancellationToken);
    }

    /// <inheritdoc />
    public Task<ApiToken> GetAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => CallAsync(
            TokenOperation.Get, reference, () => Record(Known(TokenOperation.Get, reference), includeRaw: true), cancellationToken);

    /// <inheritdoc />
    public Task<IssuedToken> CreateAsync(CreateTokenRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return CallAsync(new() { Operation = TokenOperation.Create, References = [], Request = request }, _checks.Problems(request),
            () => Create(request), cancellationToken);
    }

    /// <inheritdoc />
    public Task<ApiToken> UpdateAsync(TokenReference reference, UpdateTokenRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return CallAsync(new() { Operation = TokenOperation.Update, References = [reference], Request = request },
            _checks.Problems(request), () => Update(TokenOperation.Update, reference, request),
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<IssuedToken> RegenerateAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => CallAsync(TokenOperation.Regenerate, reference, () => Regenerate(reference), cancellationToken);

    /// <inheritdoc />
    public Task<TokenValidation> ValidateAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => CallAsync(TokenOperation.Validate, reference, () => Validate(reference), cancellationToken);

    /// <inheritdoc />
    public Task<TokenRevocation> RevokeAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => CallAsync(TokenOperation.Revoke, reference, () => Revoke(reference), cancellationToken);

    /// <inheritdoc cref="ITokenSuspension.SuspendAsync" />
    public Task<IReadOnlyList<TokenSuspensionResult>> SuspendAsync(
        IReadOnlyList<TokenReference> references, CancellationToken cancellationToken = default)
        => SwitchAsync(TokenOperation.Suspend, references, isDeactivated: true, cancellationToken);

    /// <inheritdoc cref="ITokenSuspension.ResumeAsync" />
    public Task<IReadOnlyList<TokenSuspensionResult>> ResumeAsync(
        IReadOnlyList<TokenReference> references, CancellationToken cancellationToken = default)
        => SwitchAsync(TokenOperation.Resume, references, isDeactivated: false, cancellationToken);

    /// <inheritdoc cref="ITokenBulkUpdate.BulkUpdateAsync" />
    public Task<IReadOnlyList<TokenBulkUpdateResult>> BulkUpdateAsync(
        IReadOnlyList<TokenReference> references, UpdateTokenRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(references);
        ArgumentNullException.ThrowIfNull(request);
        return CallAsync<IReadOnlyList<TokenBulkUpdateResult>>(
            new() { Operation = TokenOperation.BulkUpdate, References = references, Request = request },
            _checks.Problems(request), () => [.. references.Select(Updated)], cancellationToken);

        TokenBulkUpdateResult Updated(TokenReference reference)
        {
            try
            {
                var token = Update(TokenOperation.BulkUpdate, reference, request);
                return new() { Reference = reference, Outcome = TokenUpdateOutcome.Updated, Token = token };
            }
            catch (TokenClientException failure)
            {
                return new() { Reference = reference, Outcome = TokenUpdateOutcome.NotUpdated, Failure = failure };
            }
        }
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;
    }

    // The client has an optional interface only if its capabilities include the operation.
    bool IDynamicInterfaceCastable.IsInterfaceImplemented(RuntimeTypeHandle interfaceType, bool throwIfNotImplemented)
        => (interfaceType.Equals(typeof(ITokenSuspension).TypeHandle) && Can(TokenOperation.Suspend))
            || (interfaceType.Equals(typeof(ITokenBulkUpdate).TypeHandle) && Can(TokenOperation.BulkUpdate));

    RuntimeTypeHandle IDynamicInterfaceCastable.GetInterfaceImplementation(RuntimeTypeHandle interfaceType)
        => typeof(IOptionalCalls).TypeHandle;

    /// <summary>
    /// Disposes the client. Every further call throws <see cref="ObjectDisposedException"/>. The tokens can still be read.
    /// </summary>
    public void Dispose() => _disposed = true;

    private bool Can(TokenOperation operation) => Metadata.Capabilities[operation].Support != OperationSupport.Unsupported;

    private TokenQuery Checked(TokenQuery? query)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        query ??= new TokenQuery();
        _checks.Require(query);
        return query;
    }

    private Task<T> CallAsync<T>(TokenOperation operation, TokenReference reference, Func<T> call, CancellationToken cancellationToken)
        => CallAsync(new() { Operation = operation, References = [reference] }, [], call, cancellationToken);

    private async Task<T> CallAsync<T>(
        InMemoryCall asked, IEnumerable<TokenRequestProblem> problems, Func<T> call, CancellationToken cancellationToken)
    {
        var operation = asked.Operation;
        ObjectDisposedException.ThrowIf(_disposed, this);
        _checks.Require(operation, asked.References);
        if (problems.ToList() is { Count: > 0 } wrong)
            throw _checks.InvalidRequest(operation, wrong);
        cancellationToken.ThrowIfCancellationRequested();

        var script = _store.Take(asked);
        if (script?.Until is { } until)
            await until.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (script?.Exception is { } exception)
            throw exception;
        lock (_store.Lock)
        {
            if (operation != TokenOperation.Validate && !(Self.IsActive(Now) && _credential.Equals(Self.Secret)))
                throw new TokenAuthenticationException(_checks.Sentence(operation,
                    "The token that the client works with is expired, revoked, deactivated or regenerated."), _checks.Failure(operation));
            return call();
        }
    }

    private Task<TokenPage> ReadPageAsync(TokenQuery query, string? continuation, CancellationToken cancellationToken)
    {
        IEnumerable<TokenRequestProblem> problems = IsPlace(continuation)
            ? [] : [new(nameof(continuation), "It doesn't come from this client and query.")];
        return CallAsync(new() { Operation = TokenOperation.List, References = [], Request = query }, problems,
            () => ReadPage(query, continuation), cancellationToken);
    }

    // A page begins after the last token of the page before it, even if that token has moved.
    private TokenPage ReadPage(TokenQuery query, string? continuation)
    {
        var first = continuation is null ? 0 : _store.Tokens.FindIndex(token => token.Id == continuation) + 1;
        var left = _store.Tokens.Skip(first).Where(token => !token.IsRevoked && IsAskedFor(token, query)).ToList();
        var page = left.Take(query.PageSize ?? Metadata.Capabilities.Limits.MaxPageSize ?? int.MaxValue).ToList();
        return new TokenPage
        {
            Tokens = [.. page.Select(token => Record(token, query.IncludeRaw))],
            Continuation = page.Count < left.Count ? page[^1].Id : null,
        };
    }

    private bool IsPlace(string? continuation)
    {
        lock (_store.Lock)
            return continuation is null || _store.Tokens.Exists(token => token.Id == continuation);
    }

    private bool IsAskedFor(EmulatedToken token, TokenQuery query)
        => (query.OwnerId is null || token.OwnerId == query.OwnerId)
        && (!query.OwnOnly || token.OwnerId == Self.OwnerId)
        && (query.Role is not { } role || token.Roles.Contains(role.Value))
        && (query.UnusedSince is not { } since || token.LastUsedAt is null || token.LastUsedAt <= since);

    private EmulatedToken? Find(TokenReference reference)
    {
        if (reference.Kind == TokenReferenceKinds.Self)
            return _credential.Equals(Self.Secret) ? Self : null;
        return _store.Tokens.Append(Self).FirstOrDefault(token =>
            (reference.Id is null || token.Id == reference.Id)
            && (reference.Secret is null || reference.Secret.Equals(token.Secret))
            && (reference.Key is null || token.Key == reference.Key));
    }

    private EmulatedToken Known(TokenOperation operation, TokenReference reference)
        => Find(reference) is { IsRevoked: false } token
            ? token
            : throw new TokenNotFoundException(
                _checks.Sentence(operation, $"There is no token with {reference}."), _checks.Failure(operation));

    private void RequireFree(TokenOperation operation, string? name, string? key, EmulatedToken? except)
    {
        var others = _store.Tokens.Where(token => token != except && !token.IsRevoked).ToList();
        if (Metadata.Capabilities.NamesAreUnique && name is not null
            && others.Exists(token => token.Name == name && token.OwnerId == (except ?? Self).OwnerId))
            throw new TokenConflictException(
                _checks.Sentence(operation, $"The owner has a token named '{name}' already."), _checks.Failure(operation));
        if (key is not null && others.Exists(token => token.Key == key))
            throw new TokenConflictException(
                _checks.Sentence(operation, $"There is a token with the key '{key}' already."), _checks.Failure(operation));
    }

    private ApiToken Record(EmulatedToken token, bool includeRaw) => InMemoryRecord.Of(token, Metadata, Now, includeRaw);

    private DateTimeOffset Now => _options.TimeProvider.GetUtcNow();

    [DynamicInterfaceCastableImplementation]
    private interface IOptionalCalls : ITokenSuspension, ITokenBulkUpdate
    {
        Task<IReadOnlyList<TokenSuspensionResult>> ITokenSuspension.SuspendAsync(
            IReadOnlyList<TokenReference> references, CancellationToken cancellationToken)
            => ((InMemoryTokenClient)(object)this).SuspendAsync(references, cancellationToken);

        Task<IReadOnlyList<TokenSuspensionResult>> ITokenSuspension.ResumeAsync(
            IReadOnlyList<TokenReference> references, CancellationToken cancellationToken)
            => ((InMemoryTokenClient)(object)this).ResumeAsync(references, cancellationToken);

        Task<IReadOnlyList<TokenBulkUpdateResult>> ITokenBulkUpdate.BulkUpdateAsync(
            IReadOnlyList<TokenReference> references, UpdateTokenRequest request, CancellationToken cancellationToken)
            => ((InMemoryTokenClient)(object)this).BulkUpdateAsync(references, request, cancellationToken);
    }
}
