namespace Tokenwright;

/// <summary>
/// Represents when a token expires: at a given time, after a duration, or never. Each client converts it to the form that its vendor
/// expects.
/// </summary>
public sealed class TokenExpiry
{
    private TokenExpiry(DateTimeOffset? instant, TimeSpan? lifetime)
    {
        Instant = instant;
        Lifetime = lifetime;
    }

    /// <summary>Gets the expiry of a token that never expires.</summary>
    public static TokenExpiry Never { get; } = new(null, null);

    /// <summary>Gets the time of the expiry; null if the expiry is a duration or never.</summary>
    public DateTimeOffset? Instant { get; }

    /// <summary>Gets the lifetime of the token; null if the expiry is a given time or never.</summary>
    public TimeSpan? Lifetime { get; }

    /// <summary>Gets whether this is <see cref="Never"/>.</summary>
    public bool IsNever => Instant is null && Lifetime is null;

    /// <summary>Creates an expiry at a given time.</summary>
    /// <param name="instant">The time.</param>
    public static TokenExpiry At(DateTimeOffset instant) => new(instant, null);

    /// <summary>Creates an expiry that is a duration after the token is issued.</summary>
    /// <param name="lifetime">The lifetime.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is zero or negative.</exception>
    public static TokenExpiry After(TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        return new(null, lifetime);
    }

    /// <summary>
    /// Gets the time when a token that is issued now expires, at most <see cref="DateTimeOffset.MaxValue"/>; null if it never expires.
    /// </summary>
    /// <param name="now">The current time.</param>
    public DateTimeOffset? ToInstant(DateTimeOffset now)
        => Instant ?? (
            Lifetime is { } lifetime ? lifetime < DateTimeOffset.MaxValue - now ? now + lifetime : DateTimeOffset.MaxValue : null);

    /// <summary>
    /// Gets the lifetime of a token that is issued now; null if it never expires. The value is negative if the expiry has passed.
    /// </summary>
    /// <param name="now">The current time.</param>
    public TimeSpan? ToLifetime(DateTimeOffset now) => Lifetime ?? (Instant is { } instant ? instant - now : null);

    /// <summary>Returns the expiry as text for a person.</summary>
    public override string ToString()
        => Instant is { } instant ? $"at {instant.ToUniversalTime():u}" : Lifetime is { } lifetime ? $"after {lifetime}" : "never";
}
