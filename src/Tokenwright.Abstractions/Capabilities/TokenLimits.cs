namespace Tokenwright;

/// <summary>Limits that a vendor's documents give. Null means that they give none.</summary>
public sealed class TokenLimits
{
    /// <summary>Gets or initializes how many tokens one owner may have at a time.</summary>
    public int? TokensPerOwner { get; init; }

    /// <summary>Gets or initializes the minimum lifetime of a new token.</summary>
    public TimeSpan? MinLifetime { get; init; }

    /// <summary>Gets or initializes the maximum lifetime of a new token.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>Gets or initializes how many calls the vendor takes within <see cref="CallWindow"/>.</summary>
    public int? CallsPerWindow { get; init; }

    /// <summary>Gets or initializes the window that <see cref="CallsPerWindow"/> counts in.</summary>
    public TimeSpan? CallWindow { get; init; }

    /// <summary>Gets or initializes the most tokens that one page of a list can hold.</summary>
    public int? MaxPageSize { get; init; }
}
