namespace Tokenwright;

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

    /// <summary>The token was deactivated.</summary>
    Deactivated,

    /// <summary>
    /// The token doesn't work: the vendor doesn't know it, or refuses it without saying whether it is wrong, ended or expired.
    /// </summary>
    Unknown,
}
