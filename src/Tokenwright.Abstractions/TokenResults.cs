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
    /// <summary>Whether the token works could not be found out; <see cref="TokenValidation.Reason"/> says why.</summary>
    Undetermined,

    /// <summary>The token works.</summary>
    Active,

    /// <summary>The token's time is over.</summary>
    Expired,

    /// <summary>The token was ended.</summary>
    Revoked,

    /// <summary>The token was switched off.</summary>
    Deactivated,

    /// <summary>The token doesn't work: the vendor doesn't know it, or refuses it without saying whether it is wrong, ended or expired.</summary>
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
