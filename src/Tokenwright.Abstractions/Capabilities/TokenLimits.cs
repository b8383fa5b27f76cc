namespace Tokenwright;

/// <summary>Describes the limits that a vendor documents. Null means that the documents state no limit.</summary>
public sealed class TokenLimits
{
    /// <summary>Gets or initializes how many tokens one owner can have at a time.</summary>
    public int? TokensPerOwner { get; init; }

    /// <summary>
    /// Gets or initializes the maximum length of <see cref="CreateTokenRequest.Name"/>, in UTF-16 code units as <see cref="string.Length"/>
    /// counts them. A longer name is refused.
    /// </summary>
    public int? MaxNameLength { get; init; }

    /// <summary>
    /// Gets or initializes a .NET regular expression for the names that the vendor accepts, up to <see cref="MaxNameLength"/>. It matches
    /// from the beginning to the end of a name, so a name that it matches is accepted.
    /// </summary>
    public string? NamePattern { get; init; }

    /// <summary>
    /// Gets or initializes the maximum length of <see cref="CreateTokenRequest.Key"/>, in UTF-16 code units as <see cref="string.Length"/>
    /// counts them. A longer key is refused. Null also if tokens have no key.
    /// </summary>
    public int? MaxKeyLength { get; init; }

    /// <summary>
    /// Gets or initializes a .NET regular expression for the keys that the vendor accepts and finds again, up to
    /// <see cref="MaxKeyLength"/>. It matches from the beginning to the end of a key. Null also if tokens have no key.
    /// </summary>
    public string? KeyPattern { get; init; }

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
