namespace Tokenwright.Http;

/// <summary>
/// A secret that was given in exchange for another one: a session for a password, an access token for an API token. It is fetched once for
/// all concurrent callers, kept until shortly before its end, and fetched anew when what it was exchanged for changes.
/// </summary>
public sealed class ExchangedCredential : RequestCredential
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(1);

    private readonly Func<IReadOnlyList<TokenSecret>> _source;
    private readonly Func<CancellationToken, Task<ExchangedSecret>> _exchange;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _lock = new();
    private Entry? _current;

    /// <summary>Makes the credential.</summary>
    /// <param name="source">Everything that the exchange sends; when any of it changes, what was fetched with it is no longer used.</param>
    /// <param name="exchange">Fetches the secret. It must read the same values as <paramref name="source"/>.</param>
    /// <param name="apply">Puts the secret into a request.</param>
    /// <param name="timeProvider">The clock.</param>
    public ExchangedCredential(
        Func<IReadOnlyList<TokenSecret>> source,
        Func<CancellationToken, Task<ExchangedSecret>> exchange,
        Action<HttpRequestMessage, TokenSecret> apply,
        TimeProvider timeProvider)
        : base(apply)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(exchange);
        ArgumentNullException.ThrowIfNull(timeProvider);
        _source = source;
        _exchange = exchange;
        _timeProvider = timeProvider;
    }

    /// <inheritdoc />
    public override async ValueTask<TokenSecret> GetSecretAsync(CancellationToken cancellationToken)
    {
        var source = _source();
        Task<ExchangedSecret> fetch;
        lock (_lock)
        {
            if (_current is not { } current || !current.Source.SequenceEqual(source) || IsOver(current.Fetch))
                _current = current = new(source, FetchAsync());
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

    // Not bound to the token of the caller that happened to come first: others wait for the same answer. The connection's timeouts bound it.
    private Task<ExchangedSecret> FetchAsync() => Task.Run(async () =>
    {
        try
        {
            return await _exchange(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw new CredentialExchangeException(exception);
        }
    });

    // A failed exchange is handed to those who waited for it and to nobody after them.
    private bool IsOver(Task<ExchangedSecret> fetch)
        => fetch.IsFaulted
        || (fetch.IsCompletedSuccessfully && fetch.Result.RenewAt is { } renewAt && _timeProvider.GetUtcNow() >= renewAt);

    internal static DateTimeOffset RenewalTime(DateTimeOffset now, TimeSpan lifetime)
    {
        var margin = lifetime / 10;
        return now + lifetime - (margin < LongestMargin ? margin : LongestMargin);
    }

    private sealed record Entry(IReadOnlyList<TokenSecret> Source, Task<ExchangedSecret> Fetch);
}

/// <summary>What an exchange of credentials gave.</summary>
public sealed class ExchangedSecret
{
    /// <summary>Makes it.</summary>
    /// <param name="secret">The secret to send from now on.</param>
    /// <param name="now">The time at which it was fetched.</param>
    /// <param name="lifetime">How long it lives; null if the vendor doesn't say, then it is kept until it is refused.</param>
    public ExchangedSecret(TokenSecret secret, DateTimeOffset now, TimeSpan? lifetime)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Secret = secret;
        RenewAt = lifetime is { } value ? ExchangedCredential.RenewalTime(now, value) : null;
    }

    /// <summary>The secret.</summary>
    public TokenSecret Secret { get; }

    /// <summary>When it is fetched anew: a tenth of its life before its end, but at most a minute.</summary>
    public DateTimeOffset? RenewAt { get; }
}

/// <summary>The exchange of credentials failed; the inner exception says how.</summary>
internal sealed class CredentialExchangeException(Exception innerException)
    : Exception("The exchange of credentials failed.", innerException);
