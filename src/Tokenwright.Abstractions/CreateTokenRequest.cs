namespace Tokenwright;

/// <summary>What to issue.</summary>
public sealed class CreateTokenRequest
{
    /// <summary>Makes a request with nothing set.</summary>
    public CreateTokenRequest()
    {
    }

    /// <summary>Makes a request like another one, to change members of it. What <see cref="Raw"/> holds is shared.</summary>
    /// <param name="other">The other one.</param>
    public CreateTokenRequest(CreateTokenRequest other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Name = other.Name;
        Description = other.Description;
        Key = other.Key;
        Scopes = other.Scopes;
        Roles = other.Roles;
        Expiry = other.Expiry;
        Raw = other.Raw;
        IfOutcomeUnknown = other.IfOutcomeUnknown;
        AllowUnboundedStray = other.AllowUnboundedStray;
    }

    /// <summary>The token's name.</summary>
    public string? Name { get; init; }

    /// <summary>The token's description.</summary>
    public string? Description { get; init; }

    /// <summary>A key of the caller's own, to find the token by later, at vendors that keep one.</summary>
    public string? Key { get; init; }

    /// <summary>What the token may do, in the vendor's words. Null leaves it to the vendor.</summary>
    public IReadOnlyList<TokenScope>? Scopes { get; init; }

    /// <summary>The roles that the token acts in. Null leaves it to the vendor.</summary>
    public IReadOnlyList<TokenRole>? Roles { get; init; }

    /// <summary>
    /// When the token ends. Null leaves it to the vendor; where that would silently make a token without an end though it could have one, it is
    /// refused, and <see cref="TokenExpiry.Never"/> must be said.
    /// </summary>
    public TokenExpiry? Expiry { get; init; }

    /// <summary>
    /// What only this vendor knows: an instance of the typed client's own request model, which the request is made from. It is not changed; members
    /// of this object go before its own. A model of another type is refused.
    /// </summary>
    public object? Raw { get; init; }

    /// <summary>What to do when the answer is lost after the request may have left, so that a token may exist that nobody holds.</summary>
    public UnknownOutcomeAction IfOutcomeUnknown { get; init; }

    /// <summary>
    /// Accepts that, should the answer be lost, a token may stay that nobody can find and that never ends. Without this, a request that could lead to it
    /// (<see cref="CreationRecovery.Unbounded"/>) is refused before anything is sent.
    /// </summary>
    public bool AllowUnboundedStray { get; init; }
}

/// <summary>What to do when the answer to a create is lost after the request may have left.</summary>
public enum UnknownOutcomeAction
{
    /// <summary>
    /// Where the vendor lets a token's secret be read again (<see cref="CreationRecovery.Recoverable"/>), the new token is found and handed out as if nothing had
    /// happened. Elsewhere it is looked for, and <see cref="TokenOutcomeUnknownException"/> says what was found; nothing is changed.
    /// </summary>
    Recover,

    /// <summary>Nothing more is sent; <see cref="TokenOutcomeUnknownException"/> says how to go on.</summary>
    Throw,

    /// <summary>
    /// The new token is looked for and, if exactly one can be it, revoked; then <see cref="TokenOutcomeUnknownException"/> is thrown, which says so. Where it can't be found,
    /// nothing is revoked.
    /// </summary>
    RevokeStray,

    /// <summary>
    /// As <see cref="RevokeStray"/>, and if it was revoked or surely is not there, the token is created once more. Should that answer be lost too, the second stray is
    /// revoked and <see cref="TokenOutcomeUnknownException"/> thrown.
    /// </summary>
    RevokeStrayAndCreateAgain,
}

/// <summary>What to change of a token. Members left null stay as they are.</summary>
public sealed class UpdateTokenRequest
{
    /// <summary>A new name.</summary>
    public string? Name { get; init; }

    /// <summary>A new description; empty removes it.</summary>
    public string? Description { get; init; }

    /// <summary>A new key of the caller's own.</summary>
    public string? Key { get; init; }

    /// <summary>The scopes that replace the present ones.</summary>
    public IReadOnlyList<TokenScope>? Scopes { get; init; }

    /// <summary>A new end; <see cref="TokenExpiry.Never"/> removes the present one.</summary>
    public TokenExpiry? Expiry { get; init; }

    /// <summary>
    /// What only this vendor knows: an instance of the typed client's own request model, which the request is made from. It is not changed; members
    /// of this object go before its own. A model of another type is refused.
    /// </summary>
    public object? Raw { get; init; }
}

/// <summary>When a token ends: at an instant, after a duration, or never. Sent as each vendor needs it.</summary>
public sealed class TokenExpiry
{
    private TokenExpiry(DateTimeOffset? instant, TimeSpan? lifetime)
    {
        Instant = instant;
        Lifetime = lifetime;
    }

    /// <summary>The token never ends.</summary>
    public static TokenExpiry Never { get; } = new(null, null);

    /// <summary>The instant, where one was given.</summary>
    public DateTimeOffset? Instant { get; }

    /// <summary>The duration, where one was given.</summary>
    public TimeSpan? Lifetime { get; }

    /// <summary>Whether this is <see cref="Never"/>.</summary>
    public bool IsNever => Instant is null && Lifetime is null;

    /// <summary>The token ends at an instant.</summary>
    /// <param name="instant">The instant.</param>
    public static TokenExpiry At(DateTimeOffset instant) => new(instant, null);

    /// <summary>The token ends a while after it was issued.</summary>
    /// <param name="lifetime">The while.</param>
    /// <exception cref="ArgumentOutOfRangeException">The while is zero or negative.</exception>
    public static TokenExpiry After(TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        return new(null, lifetime);
    }

    /// <summary>The instant at which a token ends that is issued now, at most the last one of the calendar; null for never.</summary>
    /// <param name="now">The present.</param>
    public DateTimeOffset? ToInstant(DateTimeOffset now)
        => Instant ?? (Lifetime is { } lifetime ? lifetime < DateTimeOffset.MaxValue - now ? now + lifetime : DateTimeOffset.MaxValue : null);

    /// <summary>How long a token lives that is issued now; null for never. Negative where the instant has passed.</summary>
    /// <param name="now">The present.</param>
    public TimeSpan? ToLifetime(DateTimeOffset now) => Lifetime ?? (Instant is { } instant ? instant - now : null);

    /// <summary>A text for people.</summary>
    public override string ToString() => Instant is { } instant ? $"at {instant.ToUniversalTime():u}" : Lifetime is { } lifetime ? $"after {lifetime}" : "never";
}
