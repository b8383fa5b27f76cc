using System.Collections.ObjectModel;
using System.Diagnostics;

namespace Tokenwright;

/// <summary>Represents the record of a token at a vendor. It never contains the secret.</summary>
/// <remarks>A property that the vendor doesn't report is null or empty. This doesn't mean that the token lacks it.</remarks>
[DebuggerDisplay("{Vendor,nq} {Name} ({Id})")]
public sealed class ApiToken
{
    // As UTC ticks, a time needs a third of the memory of a DateTimeOffset?. Lists can hold thousands of tokens.
    private const long None = -1;

    private readonly long _createdAt = None;
    private readonly long _updatedAt = None;
    private readonly long _expiresAt = None;
    private readonly long _lastUsedAt = None;

    /// <summary>Gets or initializes the vendor, as in <see cref="TokenClientMetadata.Vendor"/>.</summary>
    public required string Vendor { get; init; }

    /// <summary>Gets or initializes the connection through which the record was read.</summary>
    public required string Connection { get; init; }

    /// <summary>Gets or initializes the kind of token, in the vendor's terms.</summary>
    public TokenKind Kind { get; init; }

    /// <summary>Gets or initializes the vendor's id of the token; null if the vendor's tokens have no id (ExtremeCloud IQ).</summary>
    public string? Id { get; init; }

    /// <summary>
    /// Gets or initializes the key that the token's creator chose, at vendors that store one (fimidara: <c>providedResourceId</c>).
    /// </summary>
    public string? Key { get; init; }

    /// <summary>Gets or initializes the token's name.</summary>
    public string? Name { get; init; }

    /// <summary>Gets or initializes the token's description.</summary>
    public string? Description { get; init; }

    /// <summary>Gets or initializes the owner that the token acts for.</summary>
    public TokenOwner? Owner { get; init; }

    /// <summary>Gets or initializes the scopes or permissions of the token, in the vendor's terms.</summary>
    public IReadOnlyList<TokenScope> Scopes { get; init; } = [];

    /// <summary>Gets or initializes the roles of the token.</summary>
    public IReadOnlyList<TokenRole> Roles { get; init; } = [];

    /// <summary>
    /// Gets or initializes the time when the token was issued, in UTC; null if the vendor doesn't report it. A time in or before 1970
    /// counts as null, because vendors send it for a missing value.
    /// </summary>
    public DateTimeOffset? CreatedAt
    {
        get => ToTime(_createdAt);
        init => _createdAt = value?.UtcTicks ?? None;
    }

    /// <summary>Gets or initializes the time when the record last changed, in UTC.</summary>
    public DateTimeOffset? UpdatedAt
    {
        get => ToTime(_updatedAt);
        init => _updatedAt = value?.UtcTicks ?? None;
    }

    /// <summary>
    /// Gets or initializes the time when the token expires, in UTC. Null if the token never expires (<see cref="NeverExpires"/>), if the
    /// vendor doesn't report it, or if it can't be read (<see cref="Unreadable"/>). An expiry in or before 1970 can't be read at vendors
    /// for which it can mean "none".
    /// </summary>
    public DateTimeOffset? ExpiresAt
    {
        get => ToTime(_expiresAt);
        init => _expiresAt = value?.UtcTicks ?? None;
    }

    /// <summary>
    /// Gets or initializes whether this token never expires by the vendor's rules; false if it expires, or if that isn't known.
    /// </summary>
    public bool NeverExpires { get; init; }

    /// <summary>
    /// Gets or initializes the time when the token was last used, in UTC, with the precision of
    /// <see cref="TokenCapabilities.LastUsedGranularity"/>. Null if it was never used, which some vendors write as the year 1 or 1970, or
    /// if the vendor doesn't report it.
    /// </summary>
    public DateTimeOffset? LastUsedAt
    {
        get => ToTime(_lastUsedAt);
        init => _lastUsedAt = value?.UtcTicks ?? None;
    }

    /// <summary>Gets or initializes whether the token works, according to its record.</summary>
    public TokenState State { get; init; }

    /// <summary>
    /// Gets or initializes the vendor's own status text or flag, from which <see cref="State"/> was read; null if there is none.
    /// </summary>
    public string? NativeStatus { get; init; }

    /// <summary>
    /// Gets or initializes the vendor's own model of the record, from the typed client and without secrets. Get and create set it. List
    /// sets it only with <see cref="TokenQuery.IncludeRaw"/>; otherwise it is null.
    /// </summary>
    public object? Raw { get; init; }

    /// <summary>
    /// Gets or initializes the fields that the vendor's model doesn't know, and those whose value couldn't be read, as names and JSON text.
    /// Fields that couldn't be read, and unknown ones with a name that suggests an expiry, are always included. The other unknown ones are
    /// included together with <see cref="Raw"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> UnknownFields { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// Gets or initializes which facts about the token the vendor sent in a form that couldn't be read. They are unknown, while other
    /// properties that are null or empty are absent. With <see cref="TokenFields.Expiry"/>, the token may have expired or may never expire.
    /// With <see cref="TokenFields.Rights"/>, it may have more rights than <see cref="Scopes"/> and <see cref="Roles"/> show. The sent
    /// values are in <see cref="UnknownFields"/> or <see cref="Raw"/>.
    /// </summary>
    public TokenFields Unreadable { get; init; }

    private static DateTimeOffset? ToTime(long ticks) => ticks == None ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
}
