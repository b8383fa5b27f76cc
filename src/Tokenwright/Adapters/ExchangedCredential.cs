using Tokenwright.Http;

namespace Tokenwright.Adapters;

/// <summary>
/// Represents a secret that the vendor returns in exchange for another one, for example a session for a password, or an access token for an
/// API token. All concurrent callers share one exchange. The secret is renewed shortly before it expires, while calls still use the old
/// one, and exchanged again when the original secret changes. A failure is returned to the callers that wait for it, and isn't cached.
/// </summary>
/// <typeparam name="TSource">
/// The type of everything that the exchange sends, as one value, for example a tuple of id and secret. When the value changes, the
/// exchanged secret is no longer used.
/// </typeparam>
public sealed class ExchangedCredential<TSource> : RequestCredential
    where TSource : IEquatable<TSource>
{
    private readonly VendorConnection _connection;
    private readonly Func<CancellationToken, ValueTask<TSource>> _source;
    private readonly Func<TSource, OperationContext, Task<ExchangedSecret>> _exchange;
    private readonly Lock _lock = new();
    private Entry? _current;

    /// <summary>Initializes a new instance of the <see cref="ExchangedCredential{TSource}"/> class.</summary>
    /// <param name="connection">The connection, which has the clock and the log.</param>
    /// <param name="source">Returns what the exchange sends. It is called before every request.</param>
    /// <param name="exchange">Fetches the secret. Its context doesn't depend on the operations that wait for it.</param>
    /// <param name="apply">Puts the secret into a request.</param>
    public ExchangedCredential(
        VendorConnection connection,
        Func<CancellationToken, ValueTask<TSource>> source,
        Func<TSource, OperationContext, Task<ExchangedSecret>> exchange,
        Action<HttpRequestMessage, TokenSecret> apply)
        : base(apply)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(exchange);
        _connection = connection;
        _source = source;
        _exchange = exchange;
    }

    /// <summary>
    /// Gets or initializes a function that returns what a caller can do about a refused exchange, as sentences for the exception's message;
    /// null to advise to check the id and secret. The result must show nothing of the response.
    /// </summary>
    public Func<ApiException, string>? Advice { get; init; }

    /// <summary>
    /// Gets or initializes a function that returns the secret of what the exchange sends, so that it can be acknowledged
    /// (<see cref="SecretSource.Consumer"/>) when a request with the exchanged secret succeeded; null if it never is.
    /// </summary>
    public Func<TSource, TokenSecret>? OwnSecret { get; init; }

    /// <summary>
    /// Gets a task for the latest renewal. It completes when the new secret is in use, or was dropped because a newer one exists.
    /// </summary>
    internal Task FollowedRenewal { get; private set; } = Task.CompletedTask;

    /// <inheritdoc />
    public override async ValueTask<TokenSecret> GetSecretAsync(CancellationToken cancellationToken)
    {
        var source = await _source(cancellationToken).ConfigureAwait(false);
        try
        {
            return await GetSecretAsync(source, cancellationToken).ConfigureAwait(false);
        }
        catch (CredentialExchangeException failure) when (failure.IsRefusal)
        {
            // The secret may have been read from a file while the file was being written.
            if (!await _connection.AwaitSecretFilesAsync(null, cancellationToken).ConfigureAwait(false))
                throw;
            var present = await _source(cancellationToken).ConfigureAwait(false);
            if (present.Equals(source))
                throw;
            return await GetSecretAsync(present, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<TokenSecret> GetSecretAsync(TSource source, CancellationToken cancellationToken)
    {
        Task<ExchangedSecret> fetch;
        lock (_lock)
        {
            var now = _connection.TimeProvider.GetUtcNow();
            if (_current is not { } current || !current.Source.Equals(source))
                _current = current = new Entry(source, FetchAsync(source));
            else if (current.IsOver(now))
                _current = current = new Entry(source, current.Renewal ?? FetchAsync(source));
            else if (current.IsRenewalDue(now))
                FollowedRenewal = FollowAsync(current, current.Renewal = FetchAsync(source));
            fetch = current.Fetch;
        }

        return (await fetch.WaitAsync(cancellationToken).ConfigureAwait(false)).Secret;
    }

    /// <inheritdoc />
    public override void Refused(TokenSecret refused)
    {
        lock (_lock)
        {
            if (_current is { Fetch.IsCompletedSuccessfully: true } current && current.Fetch.Result.Secret.Equals(refused))
                _current = null;
        }
    }

    internal override TokenSecret? OwnSecretOf(TokenSecret applied)
    {
        lock (_lock)
        {
            return OwnSecret is not null && _current is { Fetch.IsCompletedSuccessfully: true } current
                && current.Fetch.Result.Secret.Equals(applied) ? OwnSecret(current.Source) : null;
        }
    }

    // The token of the first caller must not cancel the exchange, because others wait for the same response. The connection's timeouts
    // limit it.
    private Task<ExchangedSecret> FetchAsync(TSource source)
    {
        var fetch = Task.Run(async () =>
        {
            try
            {
                var exchanged = await _exchange(source, OperationContext.ForExchange()).ConfigureAwait(false);
                _connection.Events.Exchanged();
                return exchanged;
            }
            catch (Exception exception)
            {
                _connection.Events.ExchangeFailed(exception);
                var clean = CleanException.Of(exception, new SecretRedactor(() => _connection.SeenSecrets));
                throw new CredentialExchangeException(clean)
                    { Advice = clean is ApiException { RefusesSecret: true } refusal ? Advice?.Invoke(refusal) : null };
            }
        });

        // If all waiting callers were cancelled, nothing else observes the exception.
        _ = fetch.ContinueWith(
            static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return fetch;
    }

    // A failed renewal does no harm while the current secret is valid. It is tried again before that secret expires.
    private async Task FollowAsync(Entry entry, Task<ExchangedSecret> renewal)
    {
        try
        {
            await renewal.ConfigureAwait(false);
            lock (_lock)
            {
                if (_current == entry)
                    _current = new Entry(entry.Source, renewal);
            }
        }
        catch (CredentialExchangeException failure)
        {
            _connection.Events.RenewalFailed(failure);
            lock (_lock)
                entry.GiveUpRenewal(_connection.TimeProvider.GetUtcNow());
        }
    }

    private sealed class Entry(TSource source, Task<ExchangedSecret> fetch)
    {
        private DateTimeOffset _noRenewalBefore;

        public TSource Source => source;

        public Task<ExchangedSecret> Fetch => fetch;

        public Task<ExchangedSecret>? Renewal { get; set; }

        /// <summary>Determines whether new callers can't use this entry: the exchange failed, or the secret is about to expire.</summary>
        public bool IsOver(DateTimeOffset now) => fetch.IsFaulted || (fetch.IsCompletedSuccessfully && fetch.Result.UsableUntil <= now);

        public bool IsRenewalDue(DateTimeOffset now)
            => Renewal is null && fetch.IsCompletedSuccessfully && fetch.Result.RenewAt <= now && _noRenewalBefore <= now;

        public void GiveUpRenewal(DateTimeOffset now)
        {
            Renewal = null;
            _noRenewalBefore = now + ((fetch.Result.UsableUntil!.Value - now) / 4);
        }
    }
}
