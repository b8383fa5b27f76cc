namespace Tokenwright;

/// <summary>Specifies what to do when a create may have been sent but its response is lost.</summary>
public enum UnknownOutcomeAction
{
    /// <summary>
    /// If the vendor shows a token's secret again (<see cref="CreationRecovery.Recoverable"/>), the client finds the new token by its key
    /// and returns it as the result of the call, provided that its record matches the request. At other vendors, the client looks for the
    /// token, and <see cref="TokenOutcomeUnknownException"/> says what it found. Nothing is changed.
    /// </summary>
    Recover,

    /// <summary>The client sends nothing more. <see cref="TokenOutcomeUnknownException"/> says what to do next.</summary>
    Throw,

    /// <summary>
    /// The client looks for the new token and revokes it if it is certain which one it is. Then it throws
    /// <see cref="TokenOutcomeUnknownException"/>, which says so. The client lists the existing tokens before it sends the request. It
    /// never revokes those, nor tokens that this program received. If it isn't certain which token it is, nothing is revoked.
    /// </summary>
    RevokeOrphan,

    /// <summary>
    /// The client does the same as with <see cref="RevokeOrphan"/>. Then it creates the token a second time if it revoked the first one or
    /// did not find it within <see cref="TokenCapabilities.CreationSettleTime"/>. If the vendor carries out the first create after that
    /// time, an orphaned token remains. If the second response is lost too, the client revokes the second token and throws
    /// <see cref="TokenOutcomeUnknownException"/>.
    /// </summary>
    RevokeOrphanAndCreateAgain,
}
