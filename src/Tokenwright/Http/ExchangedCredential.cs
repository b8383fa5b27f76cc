namespace Tokenwright.Http;

/// <summary>
/// A secret that was given in exchange for another one: a session for a password, an access token for an API token. It is fetched once for
/// all concurrent callers, kept until shortly before its end, and fetched anew when what it was exchanged for changes.
/// </summary>
/// <typeparam name="TSource">Everything that the exchange sends, as one value, for example a tuple of id and secret.</typeparam>
public sealed class ExchangedCredential<TSource> : RequestCredential
    where TSource : IEquatable<TSource>
{
    private readonly Func<TSource> _source;
    private readonly Func<TSource, CancellationToken, Task<ExchangedSecret>> _exchange;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _lock = new();
    private Entry? _current;

    /// <summary>Makes the credential.</summary>
    /// <param name="source">Gives what the exchange sends; when it changes, what was fetched with it is no longer used.</param>
    /// <param name="exchange">Fetches the secret.</param>
    /// <param name="apply">Puts the secret into a request.</param>
    /// <param name="timeProvider">The clock.</param>
    public ExchangedCredential(
        Func<TSource> source,
        Func<TSource, CancellationToken, Task<ExchangedSecret>> exchange,
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
            if (_current is not { } current || !current.Source.Equals(source) || IsOver(current.Fetch))
                _current = current = new(source, FetchAsync(source));
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
    private Task<ExchangedSecret> FetchAsync(TSource source)
    {
        var fetch = Task.Run(async () =>
        {
            // Whatever operation waits for it: a second session or bearer token does no harm.
            using var scope = CallScope.Enter(mayResend: true);
            try
            {
                return await _exchange(source, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                throw new CredentialExchangeException(exception);
            }
        });

        // All who waited may have been cancelled: then nobody else looks at the failure.
        _ = fetch.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return fetch;
    }

    // A failed exchange is handed to those who waited for it and to nobody after them.
    private bool IsOver(Task<ExchangedSecret> fetch)
        => fetch.IsFaulted
        || (fetch.IsCompletedSuccessfully && fetch.Result.RenewAt is { } renewAt && _timeProvider.GetUtcNow() >= renewAt);

    private sealed record Entry(TSource Source, Task<ExchangedSecret> Fetch);
}

/// <summary>What an exchange of credentials gave.</summary>
public sealed class ExchangedSecret
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(1);

    /// <summary>Makes it.</summary>
    /// <param name="secret">The secret to send from now on.</param>
    /// <param name="now">The time at which it was fetched.</param>
    /// <param name="lifetime">How long it lives; null if the vendor doesn't say, then it is kept until it is refused.</param>
    public ExchangedSecret(TokenSecret secret, DateTimeOffset now, TimeSpan? lifetime)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Secret = secret;
        if (lifetime is { } value)
        {
            var margin = value / 10;
            RenewAt = now + value - (margin < LongestMargin ? margin : LongestMargin);
        }
    }

    /// <summary>Wraps the secret that an answer should hold.</summary>
    /// <param name="value">The member's value.</param>
    /// <param name="member">The member's name.</param>
    /// <exception cref="ApiException">The answer holds none.</exception>
    public static TokenSecret Required(string? value, string member)
        => string.IsNullOrEmpty(value) || value.Any(char.IsControl)
            ? throw ApiException.WithoutMember(member)
            : new TokenSecret(value);

    /// <summary>The secret.</summary>
    public TokenSecret Secret { get; }

    /// <summary>When it is fetched anew: a tenth of its life before its end, but at most a minute.</summary>
    public DateTimeOffset? RenewAt { get; }
}
