namespace Tokenwright;

/// <summary>What to do when the response to a create is lost after the request may have left.</summary>
public enum UnknownOutcomeAction
{
    /// <summary>
    /// Where the vendor lets a token's secret be read again (<see cref="CreationRecovery.Recoverable"/>), the new token is found by its key
    /// and handed out as if nothing had happened, if its record agrees with the request. Elsewhere it is looked for, and
    /// <see cref="TokenOutcomeUnknownException"/> says what was found; nothing is changed.
    /// </summary>
    Recover,

    /// <summary>Nothing more is sent; <see cref="TokenOutcomeUnknownException"/> says how to go on.</summary>
    Throw,

    /// <summary>
    /// The new token is looked for and revoked, if it is certain which one it is; then <see cref="TokenOutcomeUnknownException"/> is
    /// thrown, which says so. What was there before is looked for before the request is sent, and neither that nor what this program was
    /// handed out is ever revoked. Where it is not certain, nothing is revoked.
    /// </summary>
    RevokeOrphan,

    /// <summary>
    /// As <see cref="RevokeOrphan"/>, and if it was revoked or did not show within <see cref="TokenCapabilities.CreationSettleTime"/>, the
    /// token is created once more. A create that the vendor carries out later than that leaves an orphaned token. Should the second
    /// response be lost too, the second token is revoked and <see cref="TokenOutcomeUnknownException"/> thrown.
    /// </summary>
    RevokeOrphanAndCreateAgain,
}
