namespace Tokenwright;

/// <summary>What the record of a token tells, by the questions that security depends on.</summary>
[Flags]
public enum TokenFields
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>When the token expires: <see cref="ApiToken.ExpiresAt"/> and <see cref="ApiToken.NeverExpires"/>.</summary>
    Expiry = 1,

    /// <summary>Whether the token was deactivated or revoked: <see cref="ApiToken.State"/>.</summary>
    State = 2,

    /// <summary>What the token may do: <see cref="ApiToken.Scopes"/> and <see cref="ApiToken.Roles"/>.</summary>
    Rights = 4,

    /// <summary>When the token was last used: <see cref="ApiToken.LastUsedAt"/>.</summary>
    LastUse = 8,
}
