namespace Tokenwright;

/// <summary>What became of a create whose response was lost.</summary>
public sealed class CreationResolution
{
    /// <summary>
    /// Gets or initializes the token with its secret, where it could be read again or was created once more; null elsewhere.
    /// </summary>
    public IssuedToken? Issued { get; init; }

    /// <summary>
    /// Gets or initializes the tokens that the create may have made, as they were found: the one that it made, or, where that is not
    /// certain, all that were seen and can't be excluded; <see cref="Remark"/> says what speaks against each. Empty if none was found, or
    /// if they can't be looked for.
    /// </summary>
    public IReadOnlyList<ApiToken> Orphans { get; init; } = [];

    /// <summary>Gets or initializes whether the orphaned token was found and has been revoked.</summary>
    public bool IsOrphanRevoked { get; init; }

    /// <summary>
    /// Gets or initializes the latest expiry of an orphaned token that can't be found; null if it can be found, or never expires.
    /// </summary>
    public DateTimeOffset? OrphanExpiresAt { get; init; }

    /// <summary>Gets or initializes what is known and what to do, as sentences for people.</summary>
    public required string Remark { get; init; }
}
