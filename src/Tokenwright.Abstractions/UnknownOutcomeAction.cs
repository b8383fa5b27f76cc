namespace Tokenwright;

/// <summary>What to do when the answer to a create is lost after the request may have left.</summary>
public enum UnknownOutcomeAction
{
    /// <summary>
    /// Where the vendor lets a token's secret be read again (<see cref="CreationRecovery.Recoverable"/>), the new token is found and handed out as if nothing had
    /// happened. Elsewhere it is looked for, and <see cref="TokenOutcomeUnknownException"/> says what was found; nothing is changed.
    /// </summary>
    Recover,

    /// <summary>Nothing more is sent; <see cref="TokenOutcomeUnknownException"/> says how to go on.</summary>
    Throw,

    /// <summary>
    /// The new token is looked for and, if exactly one can be it, revoked; then <see cref="TokenOutcomeUnknownException"/> is thrown, which says so. Where it can't be found,
    /// nothing is revoked.
    /// </summary>
    RevokeStray,

    /// <summary>
    /// As <see cref="RevokeStray"/>, and if it was revoked or surely is not there, the token is created once more. Should that answer be lost too, the second stray is
    /// revoked and <see cref="TokenOutcomeUnknownException"/> thrown.
    /// </summary>
    RevokeStrayAndCreateAgain,
}
