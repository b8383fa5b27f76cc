namespace Tokenwright;

/// <summary>Represents the result of a bulk update for one token.</summary>
public sealed class TokenBulkUpdateResult
{
    /// <summary>Gets or initializes the caller's reference to the token.</summary>
    public required TokenReference Reference { get; init; }

    /// <summary>Gets or initializes whether the vendor changed the token.</summary>
    public required TokenUpdateOutcome Outcome { get; init; }

    /// <summary>Gets or initializes the record after the change; null unless the token was updated.</summary>
    public ApiToken? Token { get; init; }

    /// <summary>
    /// Gets or initializes why the token wasn't updated, or why that isn't known; null if it was updated. It can be the failure of a
    /// request with several tokens.
    /// </summary>
    public TokenClientException? Failure { get; init; }
}
