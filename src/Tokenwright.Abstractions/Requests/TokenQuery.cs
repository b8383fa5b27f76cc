namespace Tokenwright;

/// <summary>
/// Describes which tokens to list, and how. A filter that the vendor doesn't support is refused, never ignored. See
/// <see cref="TokenCapabilities.Filters"/>.
/// </summary>
public sealed record TokenQuery
{
    /// <summary>Gets or initializes the vendor's id of the owner whose tokens to list; null for all owners.</summary>
    public string? OwnerId { get; init; }

    /// <summary>Gets or initializes whether to list only the caller's own tokens.</summary>
    public bool OwnOnly { get; init; }

    /// <summary>Gets or initializes the role of the tokens to list; null for all roles.</summary>
    public TokenRole? Role { get; init; }

    /// <summary>
    /// Gets or initializes the time since which the listed tokens were not used, including tokens that were never used; null for all
    /// tokens.
    /// </summary>
    public DateTimeOffset? UnusedSince { get; init; }

    /// <summary>
    /// Gets or initializes the number of tokens on one page, if the vendor's list has pages; null for the vendor's largest page.
    /// </summary>
    public int? PageSize { get; init; }

    /// <summary>
    /// Gets or initializes how many pages can be requested at the same time, if the vendor reports the total number of tokens with the
    /// first page. Other vendors' pages are requested one after another. The default is 1, the maximum 16. The order of the tokens doesn't
    /// change, and the vendor's rate limit still applies.
    /// </summary>
    public int PagesInFlight { get; init; } = 1;

    /// <summary>
    /// Gets or initializes whether each token keeps the vendor's model and its unknown fields. This needs more memory for long lists.
    /// </summary>
    public bool IncludeRaw { get; init; }

    /// <summary>
    /// Gets or initializes whether an element of the vendor's list that isn't a record is returned as a token of which nothing is known
    /// (<see cref="TokenFields.Record"/>). By default, a null element is skipped, and with any other one the list fails at that place. A
    /// list that isn't valid JSON always fails.
    /// </summary>
    public bool IncludeUnreadable { get; init; }

    /// <summary>Gets the filters that this query contains.</summary>
    public TokenQueryFilters Filters
        => (OwnerId is null ? 0 : TokenQueryFilters.OwnerId)
        | (OwnOnly ? TokenQueryFilters.OwnOnly : 0)
        | (Role is null ? 0 : TokenQueryFilters.Role)
        | (UnusedSince is null ? 0 : TokenQueryFilters.UnusedSince)
        | (PageSize is null ? 0 : TokenQueryFilters.PageSize);
}
