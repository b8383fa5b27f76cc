namespace Tokenwright;

/// <summary>Represents the result of a revocation.</summary>
public sealed class TokenRevocation
{
    /// <summary>Gets or initializes how the vendor revoked the token.</summary>
    public required RevocationOutcome Outcome { get; init; }

    /// <summary>Gets or initializes what else the caller should know, as a sentence; null if there is nothing to add.</summary>
    public string? Remark { get; init; }
}
