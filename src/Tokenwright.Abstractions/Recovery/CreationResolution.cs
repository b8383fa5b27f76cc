namespace Tokenwright;

/// <summary>Represents the outcome of a create whose response was lost.</summary>
public sealed class CreationResolution
{
    /// <summary>
    /// Gets or initializes the token with its secret; null if the secret couldn't be read again and no second token was created.
    /// </summary>
    public IssuedToken? Issued { get; init; }

    /// <summary>
    /// Gets or initializes the tokens that the create may have created. It contains the one token of the create, or, if that isn't certain,
    /// all tokens that can't be excluded. <see cref="Remark"/> says what speaks against each of them. Empty if no token was found, or if
    /// the client can't look for tokens.
    /// </summary>
    public IReadOnlyList<ApiToken> Orphans { get; init; } = [];

    /// <summary>Gets or initializes whether the orphaned token was found and revoked.</summary>
    public bool IsOrphanRevoked { get; init; }

    /// <summary>
    /// Gets or initializes the latest expiry of an orphaned token that can't be found; null if it can be found or never expires.
    /// </summary>
    public DateTimeOffset? OrphanExpiresAt { get; init; }

    /// <summary>Gets or initializes what is known and what to do, as text for a person.</summary>
    public required string Remark { get; init; }
}
