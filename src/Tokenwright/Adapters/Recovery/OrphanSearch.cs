namespace Tokenwright.Adapters;

/// <summary>
/// The search for the token of one lost create: what was there before, what was seen since, and what follows from it. A token is taken for
/// the orphan by what identifies it, never because nothing else is there.
/// </summary>
/// <param name="recovery">How the token is found.</param>
/// <param name="startedAt">When the call began, by the local clock.</param>
/// <param name="lostAt">When the request can have been under way at the latest, by the local clock.</param>
/// <param name="settleTime">How long a token may take to show after that.</param>
/// <param name="known">The ids of tokens that are not the one.</param>
/// <param name="isKnownBefore">Whether these are all that were there before.</param>
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
    // The server's clock is known to a second, and a record may be dated when its request arrived or when it was stored.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    // What is dated longer ago is old, however wrong a clock is, and if the vendor should keep no more of a time than its date.
    private static readonly TimeSpan Old = TimeSpan.FromDays(2);

    // A vendor's empty time, and zero in the counts of its time, are earlier.
    private static readonly DateTimeOffset EarliestTime = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Vendors cut off fractions, some also seconds.
    private static readonly TimeSpan ExpiryTolerance = TimeSpan.FromMinutes(1);

    /// <summary>Gets how the token is found.</summary>
    public OrphanRecovery Recovery => recovery;

    /// <summary>Gets the ids of tokens that are not the one.</summary>
    public IReadOnlySet<string> Known => known;

    /// <summary>Gets the time when the request can have been under way at the latest, by the local clock.</summary>
    public DateTimeOffset LostAt => lostAt;

    /// <summary>Gets how long a token may take to show after the response was lost.</summary>
    public TimeSpan SettleTime => settleTime;

    /// <summary>Gets or sets what the last look showed.</summary>
    public IReadOnlyList<ApiToken> Seen { get; set; } = [];

    /// <summary>Gets or sets whether a create of this process is still under way, whose token may be among what was seen.</summary>
    public bool IsAnotherUnderWay { get; set; }

    /// <summary>Gets or sets whether the token was found and revoked.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>Gets what follows from what was seen.</summary>
    public Finding Judge() => new([.. Seen.Select(Judge).OfType<Sighting>()]);

    // Null for a token that can't be it.
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
            yield return (Likeness.Unclear, "this program was handed out a token without an id meanwhile");
    }

    private DateTimeOffset? TimeOf(ApiToken token) => recovery.DatedBy(token) is { } made && made >= EarliestTime ? made : null;

    private bool IsOld(ApiToken token)
        => TimeOf(token) is { } made && connection.ServerClock.Ahead is { } ahead && made < Shifted(startedAt, ahead - Old);

    private IEnumerable<(Likeness Likeness, string Text)> TimeDoubts(ApiToken token)
    {
        // What bears a key that was made for this call alone needs no time to be told by; a time that can't be of the call speaks against
        // it all the same.
        if (recovery.IsReferenceUnique)
        {
            if (IsOld(token))
                yield return (Likeness.Mismatch, "created before the call");
            yield break;
        }

        if (TimeOf(token) is not { } made)
            yield return (Likeness.Unclear, "it can't be read when it was created");
        else if (connection.ServerClock.Ahead is not { } ahead)
            yield return (Likeness.Unclear, "the server doesn't tell its time, so that of the token tells nothing");
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
        (_, null) => (Likeness.Unclear, "it can't be read when it expires"),

        // A lifetime was counted from when the request was made.
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
        // The values compare without case. A vendor may tell cases apart, so another case is not proof of a match.
        if (expected is not { Count: > 0 } || expected.Select(Word).ToHashSet(StringComparer.Ordinal).SetEquals(shown.Select(Word)))
            return null;
        return shown.Count == 0 ? (Likeness.Unclear, $"without {member}")
            : expected.ToHashSet().SetEquals(shown) ? (Likeness.Unclear, $"with {member} in another case")
            : (Likeness.Mismatch, $"with other {member}");

        static string Word(T value) => value.ToString() ?? string.Empty;
    }

    // Without an id, or with one that no call can carry, it can't be named.
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

    // Callers and servers may give any instant.
    private static DateTimeOffset Shifted(DateTimeOffset instant, TimeSpan by)
        => by > DateTimeOffset.MaxValue - instant ? DateTimeOffset.MaxValue : by < DateTimeOffset.MinValue - instant
            ? DateTimeOffset.MinValue : instant + by;
}
