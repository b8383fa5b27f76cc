namespace Tokenwright;

/// <summary>Limits that a vendor's documents give. Null means that they give none.</summary>
public sealed class TokenLimits
{
    /// <summary>How many tokens one owner may have at a time.</summary>
    public int? TokensPerOwner { get; init; }

    /// <summary>The minimum lifetime of a new token.</summary>
    public TimeSpan? MinLifetime { get; init; }

    /// <summary>The maximum lifetime of a new token.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>How many calls the vendor takes within <see cref="CallWindow"/>.</summary>
    public int? CallsPerWindow { get; init; }

    /// <summary>The window that <see cref="CallsPerWindow"/> counts in.</summary>
    public TimeSpan? CallWindow { get; init; }

    /// <summary>The most tokens that one page of a list can hold.</summary>
    public int? MaxPageSize { get; init; }
}
