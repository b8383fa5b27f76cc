namespace Tokenwright;

/// <summary>
/// What to list and how. A filter that the vendor lacks is refused, never ignored: see <see cref="TokenCapabilities.Filters"/>.
/// </summary>
public sealed record TokenQuery
{
    /// <summary>Gets or initializes the vendor's id of the owner whose tokens to list; null for those of all owners.</summary>
    public string? OwnerId { get; init; }

    /// <summary>Gets or initializes whether to list only the caller's own tokens.</summary>
    public bool OwnOnly { get; init; }

    /// <summary>Gets or initializes the role of the tokens to list; null for tokens of all roles.</summary>
    public TokenRole? Role { get; init; }

    /// <summary>
    /// Gets or initializes the time since which the tokens to list were not used, never-used ones included; null for all.
    /// </summary>
    public DateTimeOffset? UnusedSince { get; init; }

    /// <summary>
    /// Gets or initializes how many tokens to ask for at a time, where the vendor pages; null takes the vendor's largest page.
    /// </summary>
    public int? PageSize { get; init; }

    /// <summary>
    /// Gets or initializes how many pages may be requested side by side, where the vendor tells with the first one how many tokens there
    /// are; elsewhere they come one after another. 1 by default, 16 at most. The tokens come in the same order, and the vendor's rate limit
    /// is kept all the same.
    /// </summary>
    public int PagesInFlight { get; init; } = 1;

    /// <summary>
    /// Gets or initializes whether to keep the vendor's model and its unknown fields with every token. It costs memory on long lists.
    /// </summary>
    public bool IncludeRaw { get; init; }

    /// <summary>Gets the filters that this query uses.</summary>
    public TokenQueryFilters Filters
        => (OwnerId is null ? 0 : TokenQueryFilters.OwnerId)
        | (OwnOnly ? TokenQueryFilters.OwnOnly : 0)
        | (Role is null ? 0 : TokenQueryFilters.Role)
        | (UnusedSince is null ? 0 : TokenQueryFilters.UnusedSince)
        | (PageSize is null ? 0 : TokenQueryFilters.PageSize);
}
