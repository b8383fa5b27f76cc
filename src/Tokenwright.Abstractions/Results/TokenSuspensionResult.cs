namespace Tokenwright;

/// <summary>What became of one token that was to be suspended or resumed.</summary>
public sealed class TokenSuspensionResult
{
    /// <summary>Gets or initializes the token as the caller named it.</summary>
    public required TokenReference Reference { get; init; }

    /// <summary>Gets or initializes whether the vendor did it.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>Gets or initializes why the vendor didn't, in its words; null where it did.</summary>
    public string? Message { get; init; }
}
