namespace Tokenwright;

/// <summary>A vendor's verdict on whether a token works now.</summary>
public sealed class TokenValidation
{
    /// <summary>The verdict.</summary>
    public required TokenVerdict Verdict { get; init; }

    /// <summary>Why, as a sentence; where the vendor doesn't tell causes apart, it says so.</summary>
    public string? Reason { get; init; }

    /// <summary>The token's record, where the vendor's answer held it.</summary>
    public ApiToken? Token { get; init; }

    /// <summary>Whether the token works.</summary>
    public bool IsActive => Verdict == TokenVerdict.Active;
}

/// <summary>What a vendor said of a token that it was asked about.</summary>
public enum TokenVerdict
{
    /// <summary>The answer doesn't tell, or several causes look alike there; <see cref="TokenValidation.Reason"/> says more.</summary>
    Undetermined,

    /// <summary>The token works.</summary>
    Active,

    /// <summary>The token's time is over.</summary>
    Expired,

    /// <summary>The token was ended.</summary>
    Revoked,

    /// <summary>The token was switched off.</summary>
    Deactivated,

    /// <summary>The vendor doesn't know the token.</summary>
    Unknown,
}

/// <summary>What was done to end a token.</summary>
public sealed class TokenRevocation
{
    /// <summary>What was done.</summary>
    public required RevocationOutcome Outcome { get; init; }

    /// <summary>What else the caller should know, as a sentence; null if nothing.</summary>
    public string? Remark { get; init; }
}

/// <summary>The ways in which a token ends.</summary>
public enum RevocationOutcome
{
    /// <summary>The token and its record are gone.</summary>
    Deleted,

    /// <summary>The token was switched off; its record stays, and it could be switched on again.</summary>
    Deactivated,

    /// <summary>The session that the token stands for was ended.</summary>
    SessionEnded,
}
