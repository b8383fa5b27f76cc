namespace Tokenwright;

/// <summary>A vendor's verdict on whether a token works now.</summary>
public sealed class TokenValidation
{
    /// <summary>Gets or initializes the verdict.</summary>
    public required TokenVerdict Verdict { get; init; }

    /// <summary>Gets or initializes why, as a sentence; where the vendor doesn't show the cause, it says so.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets or initializes the token's record, where the vendor's response held it.</summary>
    public ApiToken? Token { get; init; }

    /// <summary>Gets whether the token works.</summary>
    public bool IsActive => Verdict == TokenVerdict.Active;
}
