namespace Tokenwright.Adapters;

/// <summary>
/// Represents the search for the token of one lost create: the tokens before the call, the tokens found since, and the conclusion. A token
/// counts as the orphaned one only because of what identifies it, never because no other token was found.
/// </summary>
/// <param name="recovery">How the token is found.</param>
/// <param name="startedAt">When the call began, by the local clock.</param>
/// <param name="lostAt">The latest time when the request can have been in progress, by the local clock.</param>
/// <param name="settleTime">How long a token can take to appear after that.</param>
/// <param name="known">The ids of tokens that can't be the one.</param>
/// <param name="isKnownBefore">Whether <paramref name="known"/> contains all tokens that existed before the call.</param>
/// <param name="connection">The connection.</param>
internal sealed class OrphanSearch(
    OrphanRecovery recovery,
    DateTimeOffset startedAt,
    DateTimeOffset lostAt,
    TimeSpan settleTime,
    IReadOnlySet<string> known,
    bool isKnownBefore,
    VendorConnection connection)
{
    // The server's clock is known to about a second. A record can have the time when its request arrived, or when it was stored.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    // A token with an earlier time is certainly old, even if a clock is wrong and the vendor stores only the date.
    private static readonly TimeSpan Old = TimeSpan.FromDays(2);

    // A vendor's empty time, and zero as Unix time, are earlier.
    private static readonly DateTimeOffset EarliestTime = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Vendors cut off fractions of a second, and some cut off seconds too.
    private static readonly TimeSpan ExpiryTolerance = TimeSpan.FromMinutes(1);

    /// <summary>Gets how to find the token.</summary>
    public OrphanRecovery Recovery => recovery;

    /// <summary>Gets the ids of tokens that can't be the one.</summary>
    public IReadOnlySet<string> Known => known;

    /// <summary>Gets the latest time when the request can have been in progress, by the local clock.</summary>
    public DateTimeOffset LostAt => lostAt;

    /// <summary>Gets how long a token can take to appear after the response was lost.</summary>
    public TimeSpan SettleTime => settleTime;

    /// <summary>Gets or sets the tokens that the latest query returned.</summary>
    public IReadOnlyList<ApiToken> Seen { get; set; } = [];

    /// <summary>Gets or sets whether another create of this process is in progress, whose token may be among those found.</summary>
    public bool IsAnotherUnderWay { get; set; }

    /// <summary>Gets or sets whether the token was found and revoked.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>Gets the conclusion from the found tokens.</summary>
    public Finding Judge() => new([.. Seen.Select(Judge).OfType<Sighting>()]);

    // Returns null for a token that can't be the one.
    private Sighting? Judge(ApiToken token)
    {
        if (token.Id is { } id && (known.Contains(id) || connection.Creations.Contains(id)))
            return null;
        if (!isKnownBefore && !recovery.IsReferenceUnique && IsOld(token))
            return null;
        var doubts = IdentityDoubts(token).Concat(TimeDoubts(token)).Concat(ContentDoubts(token)).ToList();
        return new Sighting(
            token,
            doubts.Select(doubt => doubt.Likeness).DefaultIfEmpty(Likeness.Match).Max(),
            doubts.Count == 0 ? null : string.Join(", ", doubts.Select(doubt => doubt.Text)));
    }

    private IEnumerable<(Likeness Likeness, string Text)> IdentityDoubts(ApiToken token)
    {
        if (!IsNameable(token.Id))
            yield return (Likeness.Unclear, "without an id that can be used");
        if (IsAnotherUnderWay)
            yield return (Likeness.Unclear, "another create of this program is still under way");
        if (connection.Creations.HandedOutWithoutId((connection.TimeProvider.GetUtcNow() - startedAt).Duration() + ClockTolerance))
            yield return (Likeness.Unclear, "this program received a token without an id in the meantime");
    }

    private DateTimeOffset? TimeOf(ApiToken token) => recovery.DatedBy(token) is { } made && made >= EarliestTime ? made : null;

    private bool IsOld(ApiToken token)
        => TimeOf(token) is { } made && connection.ServerClock.Ahead is { } ahead && made < Shifted(startedAt, ahead - Old);

    private IEnumerable<(Likeness Likeness, string Text)> TimeDoubts(ApiToken token)
    {
        // A key that was created for this call identifies the token without its time. But a time that can't belong to the call still
        // contradicts it.
        if (recovery.IsReferenceUnique)
        {
            if (IsOld(token))
                yield return (Likeness.Mismatch, "created before the call");
            yield break;
        }

        if (TimeOf(token) is not { } made)
            yield return (Likeness.Unclear, "its creation time can't be read");
        else if (connection.ServerClock.Ahead is not { } ahead)
            yield return (Likeness.Unclear, "the server doesn't report its time, so the token's time proves nothing");
        else if (made < Shifted(startedAt, ahead - ClockTolerance))
            yield return (Likeness.Mismatch, "created before the call");
        else if (made > Shifted(lostAt, ahead + settleTime + ClockTolerance))
            yield return (Likeness.Mismatch, "created too long after the call");
    }

    private IEnumerable<(Likeness Likeness, string Text)> ContentDoubts(ApiToken token)
    {
        var expected = recovery.Expected;
        if (expected.Name is { } name && token.Name != name)
        {
            var isOtherCase = token.Name is null || string.Equals(token.Name.Trim(), name.Trim(), StringComparison.OrdinalIgnoreCase);
            yield return (
                isOtherCase ? Likeness.Unclear : Likeness.Mismatch, token.Name is null ? "without a name" : $"named '{token.Name}'");
        }

        if (Text(expected.Description, token.Description, "description") is { } description)
            yield return description;
        if (Text(expected.Key, token.Key, "key") is { } key)
            yield return key;
        if (Set(expected.Scopes, token.Scopes, "scopes") is { } scopes)
            yield return scopes;
        if (Set(expected.Roles, token.Roles, "roles") is { } roles)
            yield return roles;
        if (expected.Expiry is { } expiry && ExpiryDoubt(expiry, token) is { } end)
            yield return end;
    }

    private (Likeness Likeness, string Text)? ExpiryDoubt(TokenExpiry expected, ApiToken token)
        => (expected.ToInstant(startedAt), token.ExpiresAt) switch
    {
        (null, null) when token.NeverExpires => null,
        ({ }, null) when token.NeverExpires => (Likeness.Mismatch, "without an expiry"),
        (_, null) => (Likeness.Unclear, "its expiry can't be read"),

        // A lifetime begins between the start of the call and the loss of the response.
        ({ } asked, { } end) when end >= Shifted(asked, -ExpiryTolerance)
            && end <= Shifted(asked, (lostAt - startedAt) + ExpiryTolerance) => null,
        _ => (Likeness.Mismatch, "with another expiry"),
    };

    private static (Likeness Likeness, string Text)? Text(string? expected, string? shown, string member)
        => string.IsNullOrWhiteSpace(expected) || shown?.Trim() == expected.Trim() ? null
            : string.IsNullOrWhiteSpace(shown) ? (Likeness.Unclear, $"without a {member}")
            : (Likeness.Mismatch, $"with another {member}");

    private static (Likeness Likeness, string Text)? Set<T>(IReadOnlyList<T>? expected, IReadOnlyList<T> shown, string member)
        where T : struct
    {
        // The values compare case-insensitively. A vendor may distinguish case, so a different case doesn't prove a match.
        if (expected is not { Count: > 0 } || expected.Select(Word).ToHashSet(StringComparer.Ordinal).SetEquals(shown.Select(Word)))
            return null;
        return shown.Count == 0 ? (Likeness.Unclear, $"without {member}")
            : expected.ToHashSet().SetEquals(shown) ? (Likeness.Unclear, $"with {member} in another case")
            : (Likeness.Mismatch, $"with other {member}");

        static string Word(T value) => value.ToString() ?? string.Empty;
    }

    // A token can't be referred to without an id, or with an id that no request can contain.
    private static bool IsNameable(string? id)
    {
        try
        {
            return id is not null && TokenReference.ById(id) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // Callers and servers can pass any time, so the sum must not overflow.
    private static DateTimeOffset Shifted(DateTimeOffset instant, TimeSpan by)
        => by > DateTimeOffset.MaxValue - instant ? DateTimeOffset.MaxValue : by < DateTimeOffset.MinValue - instant
            ? DateTimeOffset.MinValue : instant + by;
}
