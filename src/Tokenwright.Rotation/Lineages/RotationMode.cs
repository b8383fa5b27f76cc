namespace Tokenwright.Rotation;

/// <summary>Specifies in which order a token is replaced.</summary>
public enum RotationMode
{
    /// <summary>
    /// The new token is issued and published while the old one works. The old one is revoked when nothing uses it any more. No consumer's
    /// call fails.
    /// </summary>
    Overlap,

    /// <summary>
    /// The vendor replaces the secret of the same token (<see cref="TokenOperation.Regenerate"/>). The old secret stops working at once, so
    /// consumers fail until they read the new one.
    /// </summary>
    InPlace,

    /// <summary>
    /// As <see cref="Overlap"/>, but if the owner's quota has no free place, the old token is revoked before the new one is issued.
    /// Consumers fail until they read the new one.
    /// </summary>
    AllowOutage,
}
