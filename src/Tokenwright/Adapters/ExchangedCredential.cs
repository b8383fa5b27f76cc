using Tokenwright.Http;

namespace Tokenwright.Adapters;

/// <summary>
/// A secret that was given in exchange for another one: a session for a password, an access token for an API token. It is fetched once for
/// all concurrent callers, renewed shortly before it expires beside the calls that still use it, and fetched anew when what it was
/// exchanged for changes. A failure is handed to those who waited for it, and not kept.
/// </summary>
/// <typeparam name="TSource">Everything that the exchange sends, as one value, for example a tuple of id and secret: what was fetched with
/// another one is not used.</typeparam>
public sealed class ExchangedCredential<TSource> : RequestCredential
    where TSource : IEquatable<TSource>
{
    private readonly VendorConnection _connection;
    private readonly Func<CancellationToken, ValueTask<TSource>> _source;
    private readonly Func<TSource, OperationContext, Task<ExchangedSecret>> _exchange;
    private readonly Lock _lock = new();
    private Entry? _current;

    /// <summary>Creates the credential.</summary>
    /// <param name="connection">The connection, for its clock and its log.</param>
    /// <param name="source">Gives what the exchange sends; asked before every request.</param>
    /// <param name="exchange">Fetches the secret, with a context of its own: whichever operation waits for it.</param>
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
    /// Gets what follows the latest renewal: it ends when its secret has been taken over, or dropped because there is a newer one.
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
            // A file may have been read while it was being written.
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

    // Not bound to the token of the caller that happened to come first: others wait for the same response. The connection's timeouts bound
    // it.
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
                throw new CredentialExchangeException(CleanException.Of(exception, new SecretRedactor(() => _connection.SeenSecrets)));
            }
        });

        // All who waited may have been cancelled: then nobody else looks at the failure.
        _ = fetch.ContinueWith(
            static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return fetch;
    }

    // A renewal that fails costs nothing as long as the present secret can be used: it is tried again before that ends.
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

        /// <summary>Determines whether nobody else may be given this: the exchange failed, or its secret is about to end.</summary>
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
