namespace Tokenwright;

/// <summary>Specifies a vendor's verdict on a token.</summary>
public enum TokenVerdict
{
    /// <summary>It couldn't be determined whether the token works. <see cref="TokenValidation.Reason"/> says why.</summary>
    Undetermined,

    /// <summary>The token works.</summary>
    Active,

    /// <summary>The token has expired.</summary>
    Expired,

    /// <summary>The token was revoked.</summary>
    Revoked,

    /// <summary>The token was deactivated.</summary>
    Deactivated,

    /// <summary>
    /// The token doesn't work. The vendor doesn't know it, or refuses it without saying whether it is wrong, revoked or expired.
    /// </summary>
    Unknown,
}
