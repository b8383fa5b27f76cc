namespace Tokenwright;

/// <summary>Describes the limits that a vendor documents. Null means that the documents state no limit.</summary>
public sealed class TokenLimits
{
    /// <summary>Gets or initializes how many tokens one owner can have at a time.</summary>
    public int? TokensPerOwner { get; init; }

    /// <summary>Gets or initializes the minimum lifetime of a new token.</summary>
    public TimeSpan? MinLifetime { get; init; }

    /// <summary>Gets or initializes the maximum lifetime of a new token.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>Gets or initializes how many calls the vendor accepts within <see cref="CallWindow"/>.</summary>
    public int? CallsPerWindow { get; init; }

    /// <summary>Gets or initializes the time window for <see cref="CallsPerWindow"/>.</summary>
    public TimeSpan? CallWindow { get; init; }

    /// <summary>Gets or initializes the maximum number of tokens on one page of a list.</summary>
    public int? MaxPageSize { get; init; }

    /// <summary>
    /// Gets or initializes the maximum number of tokens in one request of a bulk update. A client sends more tokens in several requests.
    /// </summary>
    public int? MaxBulkUpdateSize { get; init; }
}
