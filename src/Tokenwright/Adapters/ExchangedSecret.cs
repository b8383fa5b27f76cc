namespace Tokenwright.Adapters;

/// <summary>What an exchange of credentials gave.</summary>
public sealed class ExchangedSecret
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(366);

    /// <summary>Initializes an exchanged secret.</summary>
    /// <param name="secret">The secret to send from now on.</param>
    /// <param name="now">The time at which it was fetched.</param>
    /// <param name="lifetime">
    /// How long it lives; null if the vendor doesn't say, then it is kept until it is refused. More than a year counts as a year; zero or
    /// less, as a secret that is used once.
    /// </param>
    public ExchangedSecret(TokenSecret secret, DateTimeOffset now, TimeSpan? lifetime)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Secret = secret;
        if (lifetime is not { } told)
            return;

        // A vendor can tell any number. What is over from the start serves the request that it was fetched for.
        var life = told < TimeSpan.Zero ? TimeSpan.Zero : told < LongestLifetime ? told : LongestLifetime;
        if (life > DateTimeOffset.MaxValue - now)
            return;
        var margin = life / 10 < LongestMargin ? life / 10 : LongestMargin;

        // At random, so that many programs that began together don't all come back together.
        RenewAt = now + life - (margin * (1 + Random.Shared.NextDouble()));
        UsableUntil = now + life - (margin / 2);
    }

    /// <summary>Gets the secret.</summary>
    public TokenSecret Secret { get; }

    /// <summary>
    /// Gets the time from which on it is fetched anew beside its use: between one and two tenths of its lifetime before its expiry, but at
    /// most two minutes, at random. Null if its expiry is not known.
    /// </summary>
    public DateTimeOffset? RenewAt { get; }

    /// <summary>
    /// Gets until when it is used: half a tenth of its lifetime before its expiry, but at most half a minute. Null if its expiry is not
    /// known.
    /// </summary>
    public DateTimeOffset? UsableUntil { get; }
}
