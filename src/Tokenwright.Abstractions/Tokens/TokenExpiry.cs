namespace Tokenwright;

/// <summary>When a token ends: at an instant, after a duration, or never. Sent as each vendor needs it.</summary>
public sealed class TokenExpiry
{
    private TokenExpiry(DateTimeOffset? instant, TimeSpan? lifetime)
    {
        Instant = instant;
        Lifetime = lifetime;
    }

    /// <summary>Gets the expiry of a token that never expires.</summary>
    public static TokenExpiry Never { get; } = new(null, null);

    /// <summary>Gets the instant, where one was given.</summary>
    public DateTimeOffset? Instant { get; }

    /// <summary>Gets the duration, where one was given.</summary>
    public TimeSpan? Lifetime { get; }

    /// <summary>Gets whether this is <see cref="Never"/>.</summary>
    public bool IsNever => Instant is null && Lifetime is null;

    /// <summary>Creates an expiry at an instant.</summary>
    /// <param name="instant">The instant.</param>
    public static TokenExpiry At(DateTimeOffset instant) => new(instant, null);

    /// <summary>Creates an expiry that is a time after the token was issued.</summary>
    /// <param name="lifetime">The lifetime.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is zero or negative.</exception>
    public static TokenExpiry After(TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        return new(null, lifetime);
    }

    /// <summary>Gets the instant at which a token ends that is issued now, at most the last one of the calendar; null for never.</summary>
    /// <param name="now">The present.</param>
    public DateTimeOffset? ToInstant(DateTimeOffset now)
        => Instant ?? (
            Lifetime is { } lifetime ? lifetime < DateTimeOffset.MaxValue - now ? now + lifetime : DateTimeOffset.MaxValue : null);

    /// <summary>Gets how long a token lives that is issued now; null for never. Negative where the instant has passed.</summary>
    /// <param name="now">The present.</param>
    public TimeSpan? ToLifetime(DateTimeOffset now) => Lifetime ?? (Instant is { } instant ? instant - now : null);

    /// <summary>Returns a text for people.</summary>
    public override string ToString()
        => Instant is { } instant ? $"at {instant.ToUniversalTime():u}" : Lifetime is { } lifetime ? $"after {lifetime}" : "never";
}
