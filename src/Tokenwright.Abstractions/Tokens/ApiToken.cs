using System.Collections.ObjectModel;
using System.Diagnostics;

namespace Tokenwright;

/// <summary>The record of a token at a vendor. It never holds the secret.</summary>
/// <remarks>A member that the vendor doesn't report is null or empty: absence says nothing about the token.</remarks>
[DebuggerDisplay("{Vendor,nq} {Name} ({Id})")]
public sealed class ApiToken
{
    // As ticks of UTC a time has a third of the size that it has as DateTimeOffset?: lists hold thousands.
    private const long None = -1;

    private readonly long _createdAt = None;
    private readonly long _updatedAt = None;
    private readonly long _expiresAt = None;
    private readonly long _lastUsedAt = None;

    /// <summary>Gets or initializes the vendor, as in <see cref="TokenClientMetadata.Vendor"/>.</summary>
    public required string Vendor { get; init; }

    /// <summary>Gets or initializes the connection that the record was read through.</summary>
    public required string Connection { get; init; }

    /// <summary>Gets or initializes what kind of token it is, in the vendor's terms.</summary>
    public TokenKind Kind { get; init; }

    /// <summary>Gets or initializes the vendor's id of the token. Null where the vendor gives its tokens none (ExtremeCloud IQ).</summary>
    public string? Id { get; init; }

    /// <summary>
    /// Gets or initializes the key that the token's creator gave it, at vendors that keep one (fimidara: <c>providedResourceId</c>).
    /// </summary>
    public string? Key { get; init; }

    /// <summary>Gets or initializes the token's name.</summary>
    public string? Name { get; init; }

    /// <summary>Gets or initializes the token's description.</summary>
    public string? Description { get; init; }

    /// <summary>Gets or initializes whom the token acts for.</summary>
    public TokenOwner? Owner { get; init; }

    /// <summary>Gets or initializes what the token may do, in the vendor's scope or permission words.</summary>
    public IReadOnlyList<TokenScope> Scopes { get; init; } = [];

    /// <summary>Gets or initializes the roles that the token acts in.</summary>
    public IReadOnlyList<TokenRole> Roles { get; init; } = [];

    /// <summary>
    /// Gets or initializes the time when the token was issued, UTC. Null where the vendor doesn't say; a time in or before 1970 is how
    /// vendors write that none is set.
    /// </summary>
    public DateTimeOffset? CreatedAt
    {
        get => ToTime(_createdAt);
        init => _createdAt = value?.UtcTicks ?? None;
    }

    /// <summary>Gets or initializes the time when the record last changed, UTC.</summary>
    public DateTimeOffset? UpdatedAt
    {
        get => ToTime(_updatedAt);
        init => _updatedAt = value?.UtcTicks ?? None;
    }

    /// <summary>
    /// Gets or initializes the time when the token stops working, UTC. Null where it never does (<see cref="NeverExpires"/>), where the
    /// vendor doesn't say, and where it can't be read (<see cref="Unreadable"/>), as an expiry in or before 1970 at vendors that may mean
    /// "none" by it.
    /// </summary>
    public DateTimeOffset? ExpiresAt
    {
        get => ToTime(_expiresAt);
        init => _expiresAt = value?.UtcTicks ?? None;
    }

    /// <summary>
    /// Gets or initializes whether the vendor's rules say that this token never expires; false where it expires, or where that isn't known.
    /// </summary>
    public bool NeverExpires { get; init; }

    /// <summary>
    /// Gets or initializes the time when the token was last used, UTC, as fine as <see cref="TokenCapabilities.LastUsedGranularity"/>. Null
    /// where it never was, which vendors also write as the year 1 or 1970, or where the vendor doesn't say.
    /// </summary>
    public DateTimeOffset? LastUsedAt
    {
        get => ToTime(_lastUsedAt);
        init => _lastUsedAt = value?.UtcTicks ?? None;
    }

    /// <summary>Gets or initializes whether the token works, as far as its record tells.</summary>
    public TokenState State { get; init; }

    /// <summary>
    /// Gets or initializes the vendor's own status text or flag that <see cref="State"/> was read from; null where it has none.
    /// </summary>
    public string? NativeStatus { get; init; }

    /// <summary>
    /// Gets or initializes the vendor's own model of the record, from the typed client, without a secret in it. Kept by get and create, and
    /// by list when <see cref="TokenQuery.IncludeRaw"/> asks; else null.
    /// </summary>
    public object? Raw { get; init; }

    /// <summary>
    /// Gets or initializes what the vendor sent beyond its own model, and members whose value could not be read: name and value as JSON
    /// text. Members whose value could not be read, and unknown ones whose name speaks of an expiry, are always kept; other unknown ones
    /// together with <see cref="Raw"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> UnknownFields { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// Gets or initializes what the vendor sent of the token that could not be read. It is unknown, where other members that are null or
    /// empty are absent: with <see cref="TokenFields.Expiry"/> the token may have expired or never expire, with
    /// <see cref="TokenFields.Rights"/> it may do more than <see cref="Scopes"/> and <see cref="Roles"/> say. What was sent stands in
    /// <see cref="UnknownFields"/> or <see cref="Raw"/>.
    /// </summary>
    public TokenFields Unreadable { get; init; }

    private static DateTimeOffset? ToTime(long ticks) => ticks == None ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
}
