using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Tokenwright.Http;

namespace Tokenwright.Adapters;

/// <summary>
/// Provides a base class for adapters, which implement <see cref="ITokenClient"/> with one vendor's typed client. It checks each call
/// against the capabilities before anything is sent, and turns every failure into a <see cref="TokenClientException"/>. An adapter
/// overrides the operations that its capabilities include.
/// </summary>
public abstract partial class TokenClientAdapter : ITokenClient, ITokenCreationRecovery
{
    private const int MostPagesInFlight = 16;

    private readonly FailureTranslator _failures;
    private volatile bool _disposed;

    /// <summary>Initializes a new instance of the <see cref="TokenClientAdapter"/> class.</summary>
    /// <param name="connection">The connection. It is disposed with the adapter.</param>
    /// <param name="capabilities">The vendor's capabilities.</param>
    protected TokenClientAdapter(VendorConnection connection, TokenCapabilities capabilities)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(capabilities);
        Connection = connection;
        Metadata = new()
        {
            Vendor = connection.Vendor,
            Connection = connection.Name,
            BaseAddress = connection.BaseAddress,
            Capabilities = capabilities,
        };
        _failures = new(connection, ReadError);
    }

    /// <inheritdoc />
    public TokenClientMetadata Metadata { get; }

    /// <summary>Gets the connection.</summary>
    protected VendorConnection Connection { get; }

    /// <summary>
    /// Gets or sets what logs the failures of the operations of <see cref="ITokenClient"/>; null for none. If the adapter reports them,
    /// the log needs no asynchronous method of its own around each operation.
    /// </summary>
    internal IFailureLog? FailureLog { get; set; }

    /// <inheritdoc />
    public Task<ApiToken> GetAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => RunAsync(TokenOperation.Get, reference, reference,
            static (adapter, reference, context) => adapter.GetCoreAsync(reference, context), cancellationToken);

    /// <inheritdoc />
    public Task<IssuedToken> CreateAsync(CreateTokenRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RunAsync(TokenOperation.Create, null, request,
            static (adapter, request, context) => adapter.CreateOnceAsync(request, context), cancellationToken);
    }

    /// <inheritdoc />
    public Task<ApiToken> UpdateAsync(TokenReference reference, UpdateTokenRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RunAsync(TokenOperation.Update, reference, (reference, request),
            static (adapter, of, context) => adapter.UpdateCoreAsync(of.reference, of.request, context), cancellationToken);
    }

    /// <inheritdoc />
    public Task<IssuedToken> RegenerateAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => RunAsync(TokenOperation.Regenerate, reference, reference,
            static (adapter, reference, context) => adapter.RegenerateOnceAsync(reference, context), cancellationToken);

    /// <inheritdoc />
    public Task<TokenValidation> ValidateAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => RunAsync(TokenOperation.Validate, reference, reference,
            static (adapter, reference, context) => adapter.ValidateCoreAsync(reference, context), cancellationToken);

    /// <inheritdoc />
    public Task<TokenRevocation> RevokeAsync(TokenReference reference, CancellationToken cancellationToken = default)
        => RunAsync(TokenOperation.Revoke, reference, reference,
            static (adapter, reference, context) => adapter.RevokeAtMostOnceAsync(reference, context), cancellationToken);

    /// <inheritdoc />
    public virtual object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Checks the vendor's own requirements for a query. It is called before anything is sent.</summary>
    /// <param name="query">The filters and options of the list. The capabilities include every filter of it.</param>
    /// <param name="check">Collects the problems.</param>
    protected virtual void Check(TokenQuery query, RequestCheck check)
    {
    }

    /// <summary>
    /// Opens a page of the list. It is called only if the capabilities include <see cref="TokenOperation.List"/> and every filter of the
    /// query. A list without paging is one page.
    /// </summary>
    /// <param name="query">The filters and options of the list.</param>
    /// <param name="continuation">Where the page begins, from the end of an earlier page; null for the first page.</param>
    /// <param name="context">The operation, which the typed client attaches to the request.</param>
    protected virtual Task<TokenPageReader> OpenPageAsync(TokenQuery query, string? continuation, OperationContext context)
        => throw NotOverridden(TokenOperation.List);

    /// <summary>
    /// Reads a token. It is called only if the capabilities include <see cref="TokenOperation.Get"/> by this kind of reference.
    /// </summary>
    protected virtual Task<ApiToken> GetCoreAsync(TokenReference reference, OperationContext context)
        => throw NotOverridden(TokenOperation.Get);

    /// <summary>Creates a token. It is called only if the capabilities include <see cref="TokenOperation.Create"/>.</summary>
    protected virtual Task<IssuedToken> CreateCoreAsync(CreateTokenRequest request, OperationContext context)
        => throw NotOverridden(TokenOperation.Create);

    /// <summary>
    /// Updates a token. It is called only if the capabilities include <see cref="TokenOperation.Update"/> by this kind of reference.
    /// </summary>
    protected virtual Task<ApiToken> UpdateCoreAsync(TokenReference reference, UpdateTokenRequest request,
        OperationContext context) => throw NotOverridden(TokenOperation.Update);

    /// <summary>
    /// Regenerates a token. It is called only if the capabilities include <see cref="TokenOperation.Regenerate"/> by this kind of
    /// reference.
    /// </summary>
    protected virtual Task<IssuedToken> RegenerateCoreAsync(TokenReference reference, OperationContext context)
        => throw NotOverridden(TokenOperation.Regenerate);

    /// <summary>
    /// Validates a token. It is called only if the capabilities include <see cref="TokenOperation.Validate"/> by this kind of reference.
    /// </summary>
    protected virtual Task<TokenValidation> ValidateCoreAsync(TokenReference reference, OperationContext context)
        => throw NotOverridden(TokenOperation.Validate);

    /// <summary>
    /// Revokes a token. It is called only if the capabilities include <see cref="TokenOperation.Revoke"/> by this kind of reference.
    /// </summary>
    protected virtual Task<TokenRevocation> RevokeCoreAsync(TokenReference reference, OperationContext context)
        => throw NotOverridden(TokenOperation.Revoke);

    /// <summary>Reads the vendor's error body, in any of its forms.</summary>
    /// <param name="body">The body, which can be any kind of JSON value.</param>
    protected abstract VendorError ReadError(JsonElement body);

    /// <summary>Creates the exception for a request that the adapter found invalid before sending it.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="problems">The problems, one entry for each.</param>
    protected TokenInvalidRequestException InvalidRequest(TokenOperation operation, params IReadOnlyList<TokenRequestProblem> problems)
        => new(Sentence(
            operation, "The request is wrong and was not sent. " +
            $"{string.Join(" ", problems.Select(problem => $"{problem.Field}: {problem.Message}"))}"), Failure(operation))
        {
            Problems = problems,
        };

    /// <summary>Gets a message that begins with the connection and the operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="text">The text of the message.</param>
    protected string Sentence(TokenOperation operation, string text) => FailureTranslator.Sentence(Failure(operation), text);

    /// <summary>Redacts the secrets of the connection and of the given tokens in a vendor's text.</summary>
    /// <param name="text">The vendor's text.</param>
    /// <param name="references">The tokens of the call.</param>
    protected string Redacted(string text, params IEnumerable<TokenReference> references)
        => SecretRedactor.Redact(text, SecretsOf(references));

    /// <summary>Gets the content of a vendor's error, with the secrets of the connection and of the given tokens redacted.</summary>
    /// <param name="response">The error response.</param>
    /// <param name="references">The tokens of the call.</param>
    protected VendorError ErrorOf(ApiException response, params IEnumerable<TokenReference> references)
        => _failures.Read(response, SecretsOf(references));

    /// <summary>Gets the details of a failure that the adapter itself reports.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="error">The vendor's error; null if there is none.</param>
    /// <param name="status">The status of the vendor's response; null if there is none.</param>
    protected TokenFailure Failure(TokenOperation operation, VendorError? error = null, HttpStatusCode? status = null) => new()
    {
        Vendor = Metadata.Vendor,
        Connection = Metadata.Connection,
        Operation = operation,
        Status = status,
        VendorErrorCode = error?.Code,
        VendorMessage = error?.Message,
        VendorRequestId = error?.RequestId,
    };

    /// <summary>Creates the exception for a continuation that doesn't come from this client.</summary>
    protected TokenInvalidRequestException InvalidContinuation()
        => InvalidRequest(
            TokenOperation.List, new TokenRequestProblem("continuation", "It doesn't come from this client and query."));

    /// <summary>Creates the exception for a token that the adapter itself found to be missing.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="reference">The token.</param>
    /// <param name="detail">Where the adapter searched, or how the vendor reported it, as a sentence.</param>
    /// <param name="response">The vendor's response that reported it; null if there is none.</param>
    protected TokenNotFoundException NotFound(
        TokenOperation operation, TokenReference reference, string detail, ApiException? response = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return _failures.NotFound(operation, reference, detail, response, SecretsOf([reference]));
    }

    /// <summary>Disposes the connection.</summary>
    /// <param name="disposing">Always true; the class has no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        _disposed = true;
        if (disposing)
            Connection.Dispose();
    }

    /// <summary>
    /// Runs one operation: checks it against the capabilities, and turns its failures into <see cref="TokenClientException"/>s.
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="operation">The operation.</param>
    /// <param name="reference">The token; null for operations without a reference.</param>
    /// <param name="call">The function that runs the operation.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    protected Task<T> CallAsync<T>(
        TokenOperation operation, TokenReference? reference, Func<OperationContext, Task<T>> call, CancellationToken cancellationToken)
        => RunAsync(
            operation, reference, null, call, static (_, call, context) => call(context), isReported: false, cancellationToken);

    /// <summary>Runs one operation on several tokens, in the same way as <see cref="CallAsync"/>.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="operation">The operation.</param>
    /// <param name="references">The tokens.</param>
    /// <param name="call">The function that runs the operation.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    protected Task<T> CallAllAsync<T>(
        TokenOperation operation, IReadOnlyList<TokenReference> references, Func<OperationContext, Task<T>> call,
        CancellationToken cancellationToken)
        => RunAsync(
            operation, null, references, call, static (_, call, context) => call(context), isReported: false, cancellationToken);

    private Task<T> RunAsync<TState, T>(
        TokenOperation operation, TokenReference? reference, TState state,
        Func<TokenClientAdapter, TState, OperationContext, Task<T>> call, CancellationToken cancellationToken)
        => RunAsync(operation, reference, null, state, call, isReported: true, cancellationToken);

    // The state is passed through, so that no closure is allocated. A call that succeeds at once needs no asynchronous method here.
    private Task<T> RunAsync<TState, T>(
        TokenOperation operation, TokenReference? reference, IReadOnlyList<TokenReference>? references, TState state,
        Func<TokenClientAdapter, TState, OperationContext, Task<T>> call, bool isReported, CancellationToken cancellationToken)
    {
        var log = isReported ? FailureLog : null;
        var context = new OperationContext(
            operation, Metadata.Capabilities[operation].SafeToRetry, references ?? [], cancellationToken, reference)
            { Start = log?.Now ?? 0 };
        Task<T> task;
        try
        {
            Require(operation, reference, references);
            task = call(this, state, context);
        }
        catch (Exception exception)
        {
            task = Task.FromException<T>(exception);
        }

        return task.IsCompletedSuccessfully ? task : TranslatedAsync(task, reference, context, log);
    }

    private async Task<T> TranslatedAsync<T>(Task<T> task, TokenReference? reference, OperationContext context, IFailureLog? log)
    {
        try
        {
            return await task.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var failure = LeavesAsItIs(exception, context) ? exception : Translate(exception, context, reference);
            log?.Failed(context.Operation!.Value, failure, context.Start);
            if (ReferenceEquals(failure, exception))
                throw;
            throw failure;
        }
    }

    // Only two other kinds of exception leave a call: cancellation by the caller, and errors of the caller that are found before anything
    // is sent.
    private bool LeavesAsItIs(Exception exception, OperationContext context) => exception switch
    {
        TokenClientException => true,
        OperationCanceledException => context.CancellationToken.IsCancellationRequested,
        ArgumentException => context.Newest is null,
        ObjectDisposedException => context.Newest is null && _disposed,
        _ => false,
    };

    private TokenClientException Translate(Exception exception, OperationContext context, TokenReference? reference = null)
        => _failures.Translate(
            exception, context.Operation!.Value, reference, () => [.. Connection.SeenSecrets, .. context.Secrets],
            context.Newest?.Attempts ?? 1);

    private IReadOnlyList<TokenSecret> SecretsOf(IEnumerable<TokenReference> references)
        => [.. Connection.SeenSecrets, .. references.Select(reference => reference.Secret).OfType<TokenSecret>()];

    /// <summary>Throws if a check found a problem.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="check">The check.</param>
    /// <exception cref="TokenInvalidRequestException">The request has problems. The exception lists all of them.</exception>
    protected void Require(TokenOperation operation, RequestCheck check)
    {
        ArgumentNullException.ThrowIfNull(check);
        if (check.Problems.Count > 0)
            throw InvalidRequest(operation, check.Problems);
    }

    /// <summary>Throws if the capabilities don't include an operation, or don't include it by this kind of reference.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="reference">The token; null for operations without a reference.</param>
    /// <param name="parameter">The name of the caller's parameter.</param>
    protected void Require(
        TokenOperation operation, TokenReference? reference, [CallerArgumentExpression(nameof(reference))] string? parameter = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (operation is not (TokenOperation.List or TokenOperation.Create or TokenOperation.Suspend or TokenOperation.Resume
            or TokenOperation.BulkUpdate))
            ArgumentNullException.ThrowIfNull(reference, parameter);
        var capability = Metadata.Capabilities[operation];
        if (capability.Support == OperationSupport.Unsupported)
            throw NotSupported(operation, capability.Remark!, capability.Alternative);
        if (reference is not null && !capability.References.HasFlag(reference.Kind))
            throw NotSupported(
                operation, $"{Metadata.Vendor} can't {TokenwrightTelemetry.WordsOf(operation)} a token named by {reference.Kind}.",
                $"Use one of: {capability.References}.");
    }

    private void Require(TokenOperation operation, TokenReference? reference, IReadOnlyList<TokenReference>? references)
    {
        if (references is null)
            Require(operation, reference);
        for (var i = 0; references is not null && i < references.Count; i++)
            Require(operation, references[i], nameof(reference));
    }

    private void Require(TokenQuery query)
    {
        Require(TokenOperation.List, (TokenReference?)null);
        var missing = query.Filters & ~Metadata.Capabilities.Filters;
        if (missing != 0)
            throw NotSupported(
                TokenOperation.List, $"The vendor's list has no filter for {missing}.", "List without it and filter the result.");
        if (query.PageSize is { } size && (size < 1 || size > Metadata.Capabilities.Limits.MaxPageSize))
            throw new ArgumentOutOfRangeException(
                nameof(query), size, $"{nameof(TokenQuery.PageSize)} must be from 1 to {Metadata.Capabilities.Limits.MaxPageSize}.");
        if (query.PagesInFlight is < 1 or > MostPagesInFlight)
            throw new ArgumentOutOfRangeException(
                nameof(query), query.PagesInFlight, $"{nameof(TokenQuery.PagesInFlight)} must be from 1 to {MostPagesInFlight}.");
        var check = new RequestCheck();
        Check(query, check);
        Require(TokenOperation.List, check);
    }

    private TokenOperationNotSupportedException NotSupported(TokenOperation operation, string reason, string? alternative)
        => new(Sentence(operation, $"not supported. {reason} {alternative}"), Failure(operation))
        {
            Reason = reason,
            Alternative = alternative,
        };

    private InvalidOperationException NotOverridden(TokenOperation operation)
        => new($"The capabilities of {GetType().Name} have {operation}, but the adapter doesn't implement it.");
}
