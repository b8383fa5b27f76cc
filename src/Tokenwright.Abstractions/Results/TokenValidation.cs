namespace Tokenwright;

/// <summary>Represents a vendor's verdict on whether a token works now.</summary>
public sealed class TokenValidation
{
    /// <summary>Gets or initializes the verdict.</summary>
    public required TokenVerdict Verdict { get; init; }

    /// <summary>Gets or initializes the reason, as a sentence. If the vendor doesn't show the cause, the sentence says that.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets or initializes the token's record; null if the vendor's response doesn't contain it.</summary>
    public ApiToken? Token { get; init; }

    /// <summary>Gets whether the token works.</summary>
    public bool IsActive => Verdict == TokenVerdict.Active;
}
