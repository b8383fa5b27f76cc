namespace Tokenwright;

/// <summary>
/// A create or regenerate left, but its response was lost: it may or may not have happened. The message says what is known and what to do.
/// The same call must not simply be made again, unless <see cref="TokenClientException.IsTransient"/> says that nothing was left behind.
/// The inner exception says how the response was lost.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenOutcomeUnknownException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException)
{
    /// <summary>Gets or initializes the time when the call began, by the local clock: what was made since may be its work.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets or initializes what can be done at this vendor when the response to a create is lost.</summary>
    public CreationRecovery Recovery { get; init; }

    /// <summary>
    /// Gets or initializes the tokens that the call may have made, as they were found afterwards: the one that it made, or, where that is
    /// not certain, all that were seen and can't be excluded; the message says what speaks against each. Empty if none was found, or if
    /// they can't be looked for.
    /// </summary>
    public IReadOnlyList<ApiToken> Orphans { get; init; } = [];

    /// <summary>Gets or initializes whether the orphaned token was found and has been revoked, so that nothing is left behind.</summary>
    public bool IsOrphanRevoked { get; init; }

    /// <summary>
    /// Gets or initializes the latest expiry of an orphaned token that can't be found; null if it can be found, or never expires.
    /// </summary>
    public DateTimeOffset? OrphanExpiresAt { get; init; }

    /// <summary>
    /// Gets or initializes how to look for the token later, where it has a name that was known before the call; null elsewhere.
    /// </summary>
    public TokenReference? OrphanReference { get; init; }
}
