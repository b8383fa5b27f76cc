namespace Tokenwright;

/// <summary>A page of a list.</summary>
public sealed class TokenPage
{
    /// <summary>Gets or initializes the page's tokens, in the vendor's order.</summary>
    public required IReadOnlyList<ApiToken> Tokens { get; init; }

    /// <summary>
    /// Gets or initializes where the next page begins; null if this is the last one. Opaque: it means something to the client that gave it
    /// only.
    /// </summary>
    public string? Continuation { get; init; }

    /// <summary>Gets or initializes how many tokens the whole list has, where the vendor tells; else null.</summary>
    public long? TotalCount { get; init; }
}
