namespace Tokenwright;

/// <summary>What became of one token that was to be suspended or resumed.</summary>
public sealed class TokenSuspensionResult
{
    /// <summary>The token as the caller named it.</summary>
    public required TokenReference Reference { get; init; }

    /// <summary>Whether the vendor did it.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>Why the vendor didn't, in its words; null where it did.</summary>
    public string? Message { get; init; }
}
