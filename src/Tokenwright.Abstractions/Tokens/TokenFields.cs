namespace Tokenwright;

/// <summary>Specifies the facts in a token's record that matter for security.</summary>
[Flags]
public enum TokenFields
{
    /// <summary>No fact.</summary>
    None = 0,

    /// <summary>When the token expires: <see cref="ApiToken.ExpiresAt"/> and <see cref="ApiToken.NeverExpires"/>.</summary>
    Expiry = 1,

    /// <summary>Whether the token was deactivated or revoked: <see cref="ApiToken.State"/>.</summary>
    State = 2,

    /// <summary>The rights of the token: <see cref="ApiToken.Scopes"/> and <see cref="ApiToken.Roles"/>.</summary>
    Rights = 4,

    /// <summary>When the token was last used: <see cref="ApiToken.LastUsedAt"/>.</summary>
    LastUse = 8,

    /// <summary>
    /// The whole record: nothing of it could be read, not even an id. The other facts are set, too. Only a list with
    /// <see cref="TokenQuery.IncludeUnreadable"/> returns such a record.
    /// </summary>
    Record = 16,
}
