namespace Tokenwright.Adapters;

/// <summary>Represents the result of a credential exchange.</summary>
public sealed class ExchangedSecret
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(366);

    /// <summary>Initializes a new instance of the <see cref="ExchangedSecret"/> class.</summary>
    /// <param name="secret">The secret to send.</param>
    /// <param name="now">The time when the secret was fetched.</param>
    /// <param name="lifetime">
    /// The lifetime of the secret; null if the vendor doesn't report it. Then the secret is used until the vendor refuses it. More than a
    /// year counts as a year. With zero or less, the secret is used only once.
    /// </param>
    public ExchangedSecret(TokenSecret secret, DateTimeOffset now, TimeSpan? lifetime)
    {
        ArgumentNullException.ThrowIfNull(secret);
        Secret = secret;
        if (lifetime is not { } told)
            return;

        // A vendor can report any number. A secret that is already expired is used for the request that it was fetched for.
        var life = told < TimeSpan.Zero ? TimeSpan.Zero : told < LongestLifetime ? told : LongestLifetime;
        if (life > DateTimeOffset.MaxValue - now)
            return;
        var margin = life / 10 < LongestMargin ? life / 10 : LongestMargin;

        // The time is random, so that programs that started together don't renew together.
        RenewAt = now + life - (margin * (1 + Random.Shared.NextDouble()));
        UsableUntil = now + life - (margin / 2);
    }

    /// <summary>Gets the secret.</summary>
    public TokenSecret Secret { get; }

    /// <summary>
    /// Gets the time of the renewal: between one and two tenths of the lifetime before the expiry, at most two minutes before it, and
    /// chosen at random. Null if the expiry isn't known.
    /// </summary>
    public DateTimeOffset? RenewAt { get; }

    /// <summary>
    /// Gets the time until which the secret is used: half a tenth of the lifetime before the expiry, at most half a minute before it. Null
    /// if the expiry isn't known.
    /// </summary>
    public DateTimeOffset? UsableUntil { get; }
}
