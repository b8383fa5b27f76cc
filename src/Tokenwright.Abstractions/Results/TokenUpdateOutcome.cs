namespace Tokenwright;

/// <summary>Specifies the outcome of an update for one token.</summary>
public enum TokenUpdateOutcome
{
    /// <summary>
    /// It isn't known whether the vendor changed the token: the response was lost, or it doesn't mention the token. The same update can be
    /// repeated.
    /// </summary>
    Unknown,

    /// <summary>The vendor changed the token.</summary>
    Updated,

    /// <summary>The vendor refused the change or wasn't reached. The token is as before.</summary>
    NotUpdated,
}
