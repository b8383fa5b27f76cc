using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Adapters;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>Which of the found tokens counts as that of a lost create, at each limit that decides it.</summary>
internal sealed class OrphanSearchTests
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ExpiryTolerance = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Age = TimeSpan.FromDays(2);

    // How far the server's clock is behind.
    private static readonly TimeSpan Behind = TimeSpan.FromMinutes(7);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
    private VendorConnection _connection = null!;

    private DateTimeOffset StartedAt => _clock.GetUtcNow();

    private DateTimeOffset LostAt => StartedAt + TimeSpan.FromSeconds(10);

    [SetUp]
    public void Open()
    {
        // Each clock has its own ledger. Tests that shared one would see each other's tokens.
        var options = new XmsOptions
            { BaseAddress = new Uri($"https://{Guid.NewGuid():n}.invalid/v1"), AccessToken = new TokenSecret("an-access-token") };
        _connection = VendorConnection.Open(XmsVendor.Instance, "lab", () => options, new() { TimeProvider = _clock });
        TellTime(StartedAt - Behind);
    }

    [TearDown]
    public void Close() => _connection.Dispose();

    [Test]
    public void A_token_that_agrees_is_a_match()
    {
        var finding = Judge(Search(), Token());

        Assert.That((finding.Orphan?.Id, finding.Sightings.Single().Doubt, $"{finding.Sightings.Single()}"),
            Is.EqualTo(("17", (string?)null, "id 17")));
    }

    // ---- Time ----
    [Test]
    public void The_time_of_the_call_is_compared_on_the_servers_clock_with_a_tolerance()
    {
        var earliest = StartedAt - Behind - Tolerance;
        var latest = LostAt - Behind + SettleTime + Tolerance;

        AssertLikeness(Token(createdAt: earliest), Likeness.Match);
        AssertLikeness(Token(createdAt: earliest - Tick), Likeness.Mismatch, "created before the call");
        AssertLikeness(Token(createdAt: latest), Likeness.Match);
        AssertLikeness(Token(createdAt: latest + Tick), Likeness.Mismatch, "created too long after the call");
    }

    [Test]
    public void An_old_token_is_not_reported_unless_the_earlier_tokens_are_known()
    {
        var old = Token(createdAt: StartedAt - Behind - Age - Tick);

        Assert.That(Judge(Search(), old).Sightings, Is.Empty);
        Assert.That(Judge(Search(isKnownBefore: true), old).Sightings.Single().Likeness, Is.EqualTo(Likeness.Mismatch));
        Assert.That(Judge(Search(), Token(createdAt: StartedAt - Behind - Age)).Sightings.Single().Likeness, Is.EqualTo(Likeness.Mismatch));
    }

    [Test]
    public void A_vendors_empty_time_counts_as_missing()
    {
        var epoch = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

        AssertLikeness(Token(createdAt: epoch - Tick), Likeness.Unclear, "its creation time can't be read");
        AssertLikeness(Search(isKnownBefore: true), Token(createdAt: epoch), Likeness.Mismatch, "created before the call");
    }

    [Test]
    public void Without_the_servers_time_no_token_is_a_certain_match()
    {
        TellTime(StartedAt - TimeSpan.FromDays(2));

        AssertLikeness(Token(), Likeness.Unclear, "the server doesn't report its time, so the token's time proves nothing");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_minimum_and_the_maximum_time_can_be_compared(bool isEnd)
    {
        var instant = isEnd ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue;
        var search = new OrphanSearch(Recovery(), instant, instant, SettleTime, new HashSet<string>(), isKnownBefore: true, _connection);
        TellTime(isEnd ? StartedAt + Behind : StartedAt - Behind);

        AssertLikeness(search, Token(createdAt: DateTimeOffset.MaxValue), isEnd ? Likeness.Match : Likeness.Mismatch);
    }

    // ---- A key that the SDK generated for the call ----
    [Test]
    public void A_unique_key_needs_no_time_but_an_old_token_does_not_match()
    {
        var search = Search(isReferenceUnique: true);

        AssertLikeness(search, Token(createdAt: null), Likeness.Match);
        AssertLikeness(search, Token(createdAt: StartedAt - Behind - Tolerance - Tick), Likeness.Match);
        AssertLikeness(search, Token(createdAt: StartedAt - Behind - Age - Tick), Likeness.Mismatch, "created before the call");
    }

    // ---- Identity ----
    [TestCase(null, "id unknown (without an id that can be used)")]
    [TestCase(".", "id . (without an id that can be used)")]
    public void A_token_without_a_usable_id_is_unclear(string? id, string shown)
    {
        var sighting = Judge(Search(), Token(id: id)).Sightings.Single();

        Assert.That((sighting.Likeness, $"{sighting}"), Is.EqualTo((Likeness.Unclear, shown)));
    }

    [Test]
    public void A_known_or_already_returned_token_does_not_match()
    {
        _connection.Creations.TryAdd("18");

        Assert.That(Judge(Search(known: ["17"]), Token(), Token(id: "18")).Sightings, Is.Empty);
    }

    [Test]
    public void Another_create_in_progress_makes_a_match_unclear()
    {
        var search = Search();
        search.IsAnotherUnderWay = true;

        AssertLikeness(search, Token(), Likeness.Unclear, "another create of this program is still under way");
    }

    [Test]
    public void A_returned_token_without_an_id_makes_a_match_unclear()
    {
        _connection.Creations.TryAdd(null);

        AssertLikeness(Token(), Likeness.Unclear, "this program received a token without an id in the meantime");
        _clock.Advance(Tolerance + TimeSpan.FromSeconds(1));
        TellTime(StartedAt - Behind);
        AssertLikeness(Token(), Likeness.Match);
    }

    // ---- Content ----
    [TestCase(null, "without a name", true)]
    [TestCase(" NAME ", "named ' NAME '", true)]
    [TestCase("another", "named 'another'", false)]
    public void The_name_must_agree(string? name, string doubt, bool isUnclear)
        => AssertLikeness(Token(name: name), isUnclear ? Likeness.Unclear : Likeness.Mismatch, doubt);

    [Test]
    public void Requested_texts_and_sets_must_agree()
    {
        AssertLikeness(Expecting(new() { Description = " words " }), Token(description: "words"), Likeness.Match);
        AssertLikeness(Expecting(new() { Description = " " }), Token(description: "words"), Likeness.Match);
        AssertLikeness(Expecting(new() { Description = "words" }), Token(), Likeness.Unclear, "without a description");
        AssertLikeness(
            Expecting(new() { Description = "words" }), Token(description: "others"), Likeness.Mismatch, "with another description");
        AssertLikeness(Expecting(new() { Key = "key" }), Token(), Likeness.Unclear, "without a key");
        AssertLikeness(Expecting(new() { Scopes = [] }), Token(scopes: ["a"]), Likeness.Match);
        AssertLikeness(Expecting(new() { Scopes = [new("a"), new("b")] }), Token(scopes: ["b", "a"]), Likeness.Match);
        AssertLikeness(Expecting(new() { Scopes = [new("a")] }), Token(), Likeness.Unclear, "without scopes");
        AssertLikeness(Expecting(new() { Scopes = [new("a")] }), Token(scopes: ["a", "b"]), Likeness.Mismatch, "with other scopes");
        AssertLikeness(
            Expecting(new() { Scopes = [new("a")] }), Token(scopes: ["A"]), Likeness.Unclear, "with scopes in another case");
        AssertLikeness(Expecting(new() { Roles = [new("a")] }), Token(), Likeness.Unclear, "without roles");
    }

    [Test]
    public void The_strongest_doubt_counts_and_all_are_reported()
        => AssertLikeness(
            Expecting(new() { Description = "words", Key = "key" }), Token(description: "others"), Likeness.Mismatch,
            "with another description, without a key");

    [Test]
    public void The_expiry_may_have_been_calculated_at_any_moment_of_the_call()
    {
        var expected = new CreateTokenRequest { Expiry = TokenExpiry.After(TimeSpan.FromHours(1)) };
        var earliest = StartedAt + TimeSpan.FromHours(1) - ExpiryTolerance;
        var latest = LostAt + TimeSpan.FromHours(1) + ExpiryTolerance;

        AssertLikeness(Expecting(expected), Token(expiresAt: earliest), Likeness.Match);
        AssertLikeness(Expecting(expected), Token(expiresAt: earliest - Tick), Likeness.Mismatch, "with another expiry");
        AssertLikeness(Expecting(expected), Token(expiresAt: latest), Likeness.Match);
        AssertLikeness(Expecting(expected), Token(expiresAt: latest + Tick), Likeness.Mismatch, "with another expiry");
        AssertLikeness(Expecting(expected), Token(neverExpires: true), Likeness.Mismatch, "without an expiry");
        AssertLikeness(Expecting(expected), Token(), Likeness.Unclear, "its expiry can't be read");
        AssertLikeness(Expecting(new() { Expiry = TokenExpiry.Never }), Token(neverExpires: true), Likeness.Match);
        AssertLikeness(Expecting(new() { Expiry = TokenExpiry.Never }), Token(expiresAt: latest), Likeness.Mismatch, "with another expiry");
    }

    private static ApiToken Token(
        string? id = "17",
        string? name = "name",
        DateTimeOffset? createdAt = null,
        string? description = null,
        string[]? scopes = null,
        DateTimeOffset? expiresAt = null,
        bool neverExpires = false)
        => new()
        {
            Vendor = "Xms",
            Connection = "lab",
            Id = id,
            Name = name,
            CreatedAt = createdAt,
            Description = description,
            Scopes = [.. (scopes ?? []).Select(scope => new TokenScope(scope))],
            ExpiresAt = expiresAt,
            NeverExpires = neverExpires,
        };

    // By default, a token is created at the start of the call.
    private OrphanRecovery Recovery(CreateTokenRequest? expected = null, bool isReferenceUnique = false)
        => new()
        {
            Expected = expected is null ? new() { Name = "name" } : new(expected) { Name = "name" },
            DatedBy = token => token.CreatedAt ?? (isReferenceUnique ? null : StartedAt - Behind),
            IsReferenceUnique = isReferenceUnique,
            Advice = "Look for it.",
        };

    private OrphanSearch Search(string[]? known = null, bool isKnownBefore = false, bool isReferenceUnique = false)
        => new(Recovery(isReferenceUnique: isReferenceUnique), StartedAt, LostAt, SettleTime, new HashSet<string>(known ?? []),
            isKnownBefore, _connection);

    private OrphanSearch Expecting(CreateTokenRequest expected)
        => new(Recovery(expected), StartedAt, LostAt, SettleTime, new HashSet<string>(), isKnownBefore: false, _connection);

    private static Finding Judge(OrphanSearch search, params ApiToken[] seen)
    {
        search.Seen = seen;
        return search.Judge();
    }

    private void AssertLikeness(ApiToken token, Likeness likeness, string? doubt = null)
        => AssertLikeness(Search(), token, likeness, doubt);

    private static void AssertLikeness(OrphanSearch search, ApiToken token, Likeness likeness, string? doubt = null)
    {
        var sighting = Judge(search, token).Sightings.Single();
        Assert.That(sighting.Likeness, Is.EqualTo(likeness), sighting.Doubt);
        if (doubt is not null)
            Assert.That(sighting.Doubt, Is.EqualTo(doubt));
    }

    private void TellTime(DateTimeOffset now)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Date", now.ToString("r", CultureInfo.InvariantCulture));
        _connection.ServerClock.Read(response);
    }
}
