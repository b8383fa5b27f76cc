namespace Tokenwright;

/// <summary>
/// The exception that is thrown when a create or regenerate was sent, but its response was lost, so the vendor may have carried it out. The
/// message says what is known and what to do. Don't repeat the call unless <see cref="TokenClientException.IsTransient"/> says that no
/// token was left behind. The inner exception says how the response was lost.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenOutcomeUnknownException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException)
{
    /// <summary>
    /// Gets or initializes the time when the call began, by the local clock. The call may have created tokens that are newer than this.
    /// </summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets or initializes what can be done at this vendor when the response to a create is lost.</summary>
    public CreationRecovery Recovery { get; init; }

    /// <summary>
    /// Gets or initializes the tokens that the call may have created, found by a later search. It contains the one token of the call, or,
    /// if that isn't certain, all tokens that can't be excluded. The message says what speaks against each of them. Empty if no token was
    /// found, or if the client can't look for tokens.
    /// </summary>
    public IReadOnlyList<ApiToken> Orphans { get; init; } = [];

    /// <summary>Gets or initializes whether the orphaned token was found and revoked, so that none is left behind.</summary>
    public bool IsOrphanRevoked { get; init; }

    /// <summary>
    /// Gets or initializes the latest expiry of an orphaned token that can't be found; null if it can be found or never expires.
    /// </summary>
    public DateTimeOffset? OrphanExpiresAt { get; init; }

    /// <summary>
    /// Gets or initializes a reference to find the token later; null if the token has no name that was known before the call.
    /// </summary>
    public TokenReference? OrphanReference { get; init; }
}
