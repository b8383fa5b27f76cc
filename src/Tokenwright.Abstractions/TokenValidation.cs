namespace Tokenwright;

/// <summary>A vendor's verdict on whether a token works now.</summary>
public sealed class TokenValidation
{
    /// <summary>The verdict.</summary>
    public required TokenVerdict Verdict { get; init; }

    /// <summary>Why, as a sentence; where the vendor doesn't show the cause, it says so.</summary>
    public string? Reason { get; init; }

    /// <summary>The token's record, where the vendor's response held it.</summary>
    public ApiToken? Token { get; init; }

    /// <summary>Whether the token works.</summary>
    public bool IsActive => Verdict == TokenVerdict.Active;
}
