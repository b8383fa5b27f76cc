namespace Tokenwright;

/// <summary>Represents the result of suspending or resuming one token.</summary>
public sealed class TokenSuspensionResult
{
    /// <summary>Gets or initializes the caller's reference to the token.</summary>
    public required TokenReference Reference { get; init; }

    /// <summary>Gets or initializes whether the vendor suspended or resumed the token.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>Gets or initializes why the vendor refused, in its own words; null if it succeeded.</summary>
    public string? Message { get; init; }
}
