namespace Tokenwright;

/// <summary>Represents one page of a list.</summary>
public sealed class TokenPage
{
    /// <summary>Gets or initializes the page's tokens, in the vendor's order.</summary>
    public required IReadOnlyList<ApiToken> Tokens { get; init; }

    /// <summary>
    /// Gets or initializes where the next page begins; null if this is the last page. The value is opaque and only valid for the client
    /// that created it.
    /// </summary>
    public string? Continuation { get; init; }

    /// <summary>Gets or initializes the number of tokens in the whole list; null if the vendor doesn't report it.</summary>
    public long? TotalCount { get; init; }
}
