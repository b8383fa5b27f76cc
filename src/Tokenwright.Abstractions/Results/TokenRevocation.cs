namespace Tokenwright;

/// <summary>What was done to end a token.</summary>
public sealed class TokenRevocation
{
    /// <summary>Gets or initializes what was done.</summary>
    public required RevocationOutcome Outcome { get; init; }

    /// <summary>Gets or initializes what else the caller should know, as a sentence; null if nothing.</summary>
    public string? Remark { get; init; }
}
