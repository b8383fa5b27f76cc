using System.Net;
using System.Text.Json.Nodes;
using Tokenwright.Recovery;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>
/// What becomes of the token of a create whose response was lost, and of those that look like it, at every vendor whose tokens can be
/// found. Over sockets, by a clock that skips waits.
/// </summary>
internal sealed class OrphanTests
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(30);

    // Timeouts of a client that is held for long are none of a wait either.
    private static readonly TimeSpan LongAttempt = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongCall = TimeSpan.FromMinutes(10);

    private readonly WaitSkippingClock _clock = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), LongAttempt, LongCall);
    private readonly Dictionary<OrphanVendor, (VendorEmulator Emulator, SkewedClock Clock)> _emulators = [];
    private readonly List<IDisposable> _opened = [];

    private static IEnumerable<TestCaseData> FoundByName => Vendors.Where(vendor => vendor.CreatedMember is not null).Select(Case);

    private static IEnumerable<TestCaseData> FoundByKey => Vendors.Where(vendor => vendor.CreatedMember is null).Select(Case);

    private static IEnumerable<TestCaseData> All => Vendors.Select(Case);

    private static IReadOnlyList<OrphanVendor> Vendors => OrphanVendor.All;

    [OneTimeSetUp]
    public void BeginInTheMiddleOfADay() => _clock.Advance(TimeSpan.FromHours(1));

    [OneTimeTearDown]
    public void Close()
    {
        foreach (var emulator in _emulators.Values)
            emulator.Emulator.Dispose();
    }

    [TearDown]
    public void CloseClients()
    {
        foreach (var opened in Enumerable.Reverse(_opened))
            opened.Dispose();
        _opened.Clear();
    }

    // ---- Whose token it is ----
    [TestCaseSource(nameof(FoundByName))]
    public void What_was_there_before_is_never_revoked(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        var stranger = stage.AddStranger();
        stage.LoseCreate();

        var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphan);

        Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Single().Id == stranger.Id), Is.EqualTo((true, false)));
        Assert.That(stage.Emulator.Tokens.Where(token => !token.IsRevoked), Is.EqualTo(new[] { stranger }));
    }

    [TestCaseSource(nameof(FoundByName))]
    public void What_was_there_before_is_not_taken_for_a_token_that_was_never_created(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        var stranger = stage.AddStranger();
        stage.LoseCreate(isCarriedOut: false);

        var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphan);

        Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count, stranger.IsRevoked), Is.EqualTo((false, 0, false)));
        Assert.That(unknown.Message, Does.Contain("within 30 s"));
        Assert.That(stage.Emulator.Tokens, Does.Contain(stranger));
    }

    [TestCaseSource(nameof(FoundByName))]
    public void Of_two_tokens_of_the_same_moment_none_is_touched(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate();
        stage.Transport.BeforeCreate = () => stage.AddStranger();

        var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphanAndCreateAgain);

        Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count, unknown.IsTransient), Is.EqualTo((false, 2, false)));
        Assert.That(stage.Emulator.Tokens.Count(token => !token.IsRevoked), Is.EqualTo(2));
        Assert.That(stage.Creates, Is.EqualTo(1), "nothing is created again");
        Assert.That(unknown.Orphans.Select(orphan => orphan.Id),
            Is.All.Matches<string>(id => unknown.Message.Contains(id, StringComparison.Ordinal)));
    }

    [TestCaseSource(nameof(FoundByName))]
    public void A_token_that_shows_later_makes_it_two(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate();
        stage.Transport.BeforeList = look =>
        {
            // The one before the create doesn't count; what the first look after it shows is no proof.
            if (look == 4)
                stage.AddStranger();
        };

        var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphanAndCreateAgain);

        Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count, stage.Creates), Is.EqualTo((false, 2, 1)));
        Assert.That(stage.Emulator.Tokens.Count(token => !token.IsRevoked), Is.EqualTo(2));
    }

    [TestCaseSource(nameof(FoundByName))]
    public async Task Of_two_creates_side_by_side_one_never_revokes_what_the_other_hands_out(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        var other = Opened(new OrphanTransport(vendor, _clock));
        using var holding = vendor.Open(stage.Emulator, other, _clock, Long(LongAttempt, LongCall));
        var isCreateWanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isDone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isResponseWanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        other.HoldCreate = () => isCreateWanted.Task;
        other.HoldResponse = () =>
        {
            stage.FreeName();
            isDone.SetResult();
            return isResponseWanted.Task;
        };

        // The other one is carried out while this one is under way, so that neither was there before the other, and its response comes when
        // this one looks for the last time.
        var theirs = holding.CreateAsync(new(vendor.Request) { IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan });
        stage.LoseCreate(isCarriedOut: false, after: 1);
        stage.Transport.HoldCreate = () =>
        {
            isCreateWanted.SetResult();
            return isDone.Task;
        };
        var begin = _clock.GetUtcNow();
        stage.Transport.BeforeList = look =>
        {
            if (_clock.GetUtcNow() - begin >= SettleTime)
                isResponseWanted.TrySetResult();
        };
        var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphan);
        var issued = await theirs;

        Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count), Is.EqualTo((false, 0)));
        Assert.That(stage.Emulator.Tokens.Single(token => issued.Secret.Equals(token.Secret)).IsRevoked, Is.False);
    }

    [TestCaseSource(nameof(FoundByName))]
    public async Task What_this_program_was_handed_out_since_is_not_recovered(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        var startedAt = _clock.GetUtcNow();
        var issued = await stage.Client.CreateAsync(vendor.Request);

        var resolution = await Recovery(stage)
            .RecoverCreateAsync(new(vendor.Request) { IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan }, startedAt);

        Assert.That((resolution.IsOrphanRevoked, resolution.Orphans.Count), Is.EqualTo((false, 0)));
        Assert.That(stage.Emulator.Tokens.Single(token => issued.Secret.Equals(token.Secret)).IsRevoked, Is.False);
    }

    [TestCaseSource(nameof(FoundByName))]
    public void A_token_that_was_handed_out_without_an_id_can_be_any(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate();
        stage.Transport.BeforeCreate =
            () => CreationLedger.Of(stage.Client.Metadata.Vendor, stage.Emulator.BaseAddress, _clock).TryAdd(null);

        var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphanAndCreateAgain);

        Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count, stage.Creates), Is.EqualTo((false, 1, 1)));

        // Else it would be in the way of the tests that come after.
        _clock.Advance(TimeSpan.FromHours(1));
    }

    [TestCaseSource(nameof(FoundByName))]
    public async Task After_a_crash_known_ids_are_no_candidates(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        var startedAt = _clock.GetUtcNow();
        var (known, orphan) = (stage.AddStranger(), stage.AddStranger());
        var request = new CreateTokenRequest(vendor.Request) { IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan };

        var without = await Recovery(stage).RecoverCreateAsync(request, startedAt);
        var with = await Recovery(stage).RecoverCreateAsync(request, startedAt, [known.Id!]);

        Assert.That((without.IsOrphanRevoked, without.Orphans.Count), Is.EqualTo((false, 2)));
        Assert.That((with.IsOrphanRevoked, with.Orphans.Single().Id), Is.EqualTo((true, orphan.Id)));
        Assert.That(stage.Emulator.Tokens.Where(token => !token.IsRevoked), Is.EqualTo(new[] { known }));
    }

    [TestCaseSource(nameof(FoundByName))]
    public async Task After_a_crash_a_token_from_before_or_long_after_is_let_be(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        var startedAt = _clock.GetUtcNow();
        var before = stage.AddStranger(token => token.CreatedAt = startedAt.AddMinutes(-1));
        var request = new CreateTokenRequest(vendor.Request) { IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphanAndCreateAgain };
        var resolutions = new List<CreationResolution> { await Recovery(stage).RecoverCreateAsync(request, startedAt) };
        stage.Emulator.Remove(before);
        _clock.Advance(TimeSpan.FromMinutes(10));
        var after = stage.AddStranger();
        resolutions.Add(await Recovery(stage).RecoverCreateAsync(request, startedAt));

        Assert.That(resolutions.Select(resolution => (resolution.IsOrphanRevoked, resolution.Orphans.Count, resolution.Issued)),
            Is.All.EqualTo((false, 1, (IssuedToken?)null)));
        Assert.That(resolutions[0].Remark, Does.Contain("created before the call"));
        Assert.That(resolutions[1].Remark, Does.Contain("created too long after the call"));
        Assert.That((stage.Creates, after.IsRevoked), Is.EqualTo((0, false)));
    }

    [TestCase("BUILD")]
    [TestCase(" build ")]
    [TestCase("Build")]
    public void A_name_in_another_case_is_nothing_to_go_by(string shown)
    {
        foreach (var vendor in Vendors.Where(vendor => vendor.CreatedMember is not null))
        {
            foreach (var isCarriedOut in new[] { false, true })
            {
                var stage = Start(vendor);
                stage.LoseCreate(isCarriedOut);
                stage.Transport.BeforeCreate = () => stage.AddStranger(token => token.Extra!["name"] = shown);

                var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphanAndCreateAgain);

                Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count, stage.Creates), Is.EqualTo((false, isCarriedOut ? 2 : 1, 1)),
                    vendor.Title);
                Assert.That(unknown.Message, Does.Contain($"named '{shown}'"), vendor.Title);
            }
        }
    }

    [Test]
    public void Roles_and_scopes_are_compared()
    {
        foreach (var vendor in Vendors.Where(vendor => vendor.Request.Roles is not null || vendor.Request.Scopes is not null))
        {
            var stage = Start(vendor);
            stage.LoseCreate(isCarriedOut: false);
            stage.Transport.BeforeCreate = () => stage.AddStranger(token => (token.Roles, token.Scopes) = (["admin"], ["idn:all:read"]));
            var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphanAndCreateAgain);
            var creates = stage.Creates;

            var another = Start(vendor);
            another.LoseCreate();
            another.Transport.BeforeCreate =
                () => another.AddStranger(token => (token.Roles, token.Scopes) = (["admin"], ["idn:all:read"]));
            var found = Unknown(another, UnknownOutcomeAction.RevokeOrphan);

            Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count, creates), Is.EqualTo((false, 1, 1)), vendor.Title);
            Assert.That(unknown.Message, Does.Contain("with other"), vendor.Title);
            Assert.That((found.IsOrphanRevoked, found.Orphans.Count), Is.EqualTo((true, 1)), vendor.Title);
            Assert.That(another.Emulator.Tokens.Single(token => !token.IsRevoked).Extra, Is.Not.Null, "the stranger");
        }
    }

    [Test]
    public void Orphans_are_looked_for_among_own_tokens_only()
    {
        foreach (var (vendor, owner, isOwn) in new[] { (Vendors[0], "42", (Func<ReceivedRequest, bool>)(list => list.Query("all") is null)),
            (Vendors[1], "2c9180a46faadee4016fb4e018c20640", list => list.Query("owner-id") == "me") })
        {
            var stage = Start(vendor);
            stage.LoseCreate(isCarriedOut: false);
            stage.Transport.BeforeCreate = () => stage.AddStranger(token => token.OwnerId = owner);

            var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphan);

            Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count), Is.EqualTo((false, 0)), vendor.Title);
            Assert.That(stage.Requests.Where(request => request.Method == "GET"),
                Is.Not.Empty.And.All.Matches<ReceivedRequest>(request => isOwn(request)), vendor.Title);
        }
    }

    // ---- When it was made ----
    [Test]
    public void No_skew_between_clocks_leads_to_a_stranger([Values(-10, 0, 10)] int minutes, [Values] DateHeader date)
    {
        foreach (var vendor in Vendors.Where(vendor => vendor.CreatedMember is not null))
        {
            foreach (var isCarriedOut in new[] { false, true })
            {
                var stage = Start(vendor, ahead: TimeSpan.FromMinutes(minutes));
                var stranger = stage.AddStranger(token => token.CreatedAt = _clock.GetUtcNow().AddMinutes(minutes));
                stage.LoseCreate(isCarriedOut);
                stage.Transport.AfterResponse = response => SetDate(response, date);

                var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphan);

                Assert.That(stage.Emulator.Tokens.Contains(stranger) && !stranger.IsRevoked, Is.True, vendor.Title);
                var isKnown = date == DateHeader.Right || (date == DateHeader.OfTheClient && minutes == 0);
                Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count), Is.EqualTo((isKnown && isCarriedOut, isCarriedOut ? 1 : 0)),
                    $"{vendor.Title}: {unknown.Message}");
            }
        }
    }

    [Test]
    public void A_missing_or_odd_time_of_creation_keeps_everything_as_it_is(
        [Values("null", "\"soon\"", "\"\"", "\"2026-11-24\"", "\"2026-11\"", "\"9999-12-31T23:59:59Z\"", "0", "\"0001-01-01T00:00:00Z\"",
            "{}")] string created)
    {
        foreach (var vendor in Vendors.Where(vendor => vendor.CreatedMember is not null))
        {
            var stage = Start(vendor);
            stage.LoseCreate();
            stage.Transport.AfterLoss = () => stage.Emulator.Tokens[^1].Extra = new() { [vendor.CreatedMember!] = JsonNode.Parse(created) };

            var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphanAndCreateAgain);

            Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count, stage.Creates), Is.EqualTo((false, 1, 1)),
                $"{vendor.Title}: {unknown.Message}");
            Assert.That(stage.Emulator.Tokens.Count(token => !token.IsRevoked), Is.EqualTo(1), vendor.Title);
        }
    }

    [TestCase("Fri, 31 Dec 9999 23:59:59 GMT")]
    [TestCase("Mon, 01 Jan 0001 00:00:00 GMT")]
    public void An_absurd_Date_is_no_clock(string date)
    {
        var stage = Start(Vendors[0]);
        stage.LoseCreate();
        stage.Transport.AfterResponse = response =>
        {
            response.Headers.Remove("Date");
            response.Headers.TryAddWithoutValidation("Date", date);
        };

        var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphanAndCreateAgain);

        Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count, stage.Creates), Is.EqualTo((false, 1, 1)));
        Assert.That(unknown.Message, Does.Contain("doesn't tell its time"));
    }

    // ---- Lists that lag ----
    [Test]
    public async Task A_list_that_lags_leaves_no_orphan([Values(0, 1, 5, 15, 29, 30)] int seconds)
    {
        foreach (var vendor in Vendors)
        {
            var stage = Start(vendor);
            stage.Emulator.ListLag = TimeSpan.FromSeconds(seconds);
            stage.LoseCreate();

            var issued =
                await stage.Client.CreateAsync(new(vendor.Request) { IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphanAndCreateAgain });

            Assert.That(stage.Emulator.Tokens.Where(token => !token.IsRevoked).Select(token => token.Secret),
                Is.EqualTo(new[] { issued.Secret }), vendor.Title);
        }
    }

    [TestCaseSource(nameof(FoundByKey))]
    public async Task A_secret_is_read_again_although_the_key_shows_late(OrphanVendor vendor)
    {
        foreach (var seconds in new[] { 0, 1, 29, 30 })
        {
            var stage = Start(vendor);
            stage.Emulator.ListLag = TimeSpan.FromSeconds(seconds);
            stage.LoseCreate();

            var issued = await stage.Client.CreateAsync(vendor.Request);

            Assert.That((issued.Secret, stage.Creates), Is.EqualTo((stage.Emulator.Tokens.Single().Secret, 1)));
        }
    }

    [TestCaseSource(nameof(All))]
    public void What_shows_later_than_the_settle_time_is_not_found(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.Emulator.ListLag = TimeSpan.FromSeconds(32);
        stage.LoseCreate();

        var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphan);

        Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count), Is.EqualTo((false, 0)));
        Assert.That(unknown.Message, Does.Contain("within 30 s"));
    }

    [TestCaseSource(nameof(All))]
    public async Task The_settle_time_is_an_option(OrphanVendor vendor)
    {
        var stage = Start(vendor, settings: new() { ["CreationSettleTime"] = "00:01:00" });
        stage.Emulator.ListLag = TimeSpan.FromSeconds(55);
        stage.LoseCreate();

        var issued =
            await stage.Client.CreateAsync(new(vendor.Request) { IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphanAndCreateAgain });

        Assert.That(stage.Client.Metadata.Capabilities.CreationSettleTime, Is.EqualTo(SettleTime));
        Assert.That(
            stage.Emulator.Tokens.Where(token => !token.IsRevoked).Select(token => token.Secret), Is.EqualTo(new[] { issued.Secret }));
    }

    [TestCaseSource(nameof(FoundByName))]
    public async Task What_is_nowhere_until_the_settle_time_is_created_once_more(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate(isCarriedOut: false);
        var begin = _clock.GetUtcNow();

        await stage.Client.CreateAsync(new(vendor.Request) { IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphanAndCreateAgain });

        Assert.That(_clock.GetUtcNow() - begin, Is.GreaterThanOrEqualTo(SettleTime));
        Assert.That((stage.Creates, stage.Emulator.Tokens.Count(token => !token.IsRevoked)), Is.EqualTo((2, 1)));
    }

    [TestCaseSource(nameof(FoundByName))]
    public void A_look_that_fails_for_a_while_is_made_again(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate();
        stage.Transport.BeforeList = look =>
        {
            if (look == 2)
                stage.Emulator.Faults.Inject(Fault.Respond(VendorResponse.Json(503, "{}")), vendor.ListMethod, vendor.ListPath, times: 4);
        };

        Assert.That(Unknown(stage, UnknownOutcomeAction.RevokeOrphan).IsOrphanRevoked, Is.True);
    }

    // ---- Before and meanwhile ----
    [TestCaseSource(nameof(FoundByName))]
    public void Nothing_is_created_if_what_was_there_before_can_t_be_learned(OrphanVendor vendor)
    {
        foreach (var (status, type) in new[] { (403, typeof(TokenPermissionException)), (503, typeof(TokenServiceUnavailableException)) })
        {
            var stage = Start(vendor);
            stage.Emulator.Faults.Inject(Fault.Respond(VendorResponse.Json(status, "{}")), vendor.ListMethod, vendor.ListPath, times: 4);

            var failure = Assert.CatchAsync<TokenClientException>(
                () => stage.Client.CreateAsync(new(vendor.Request) { IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan }))!;

            Assert.That((failure.GetType(), failure.Operation, stage.Creates), Is.EqualTo((type, TokenOperation.Create, 0)));
        }
    }

    [TestCaseSource(nameof(FoundByName))]
    public async Task A_create_that_revokes_nothing_looks_for_nothing_before(OrphanVendor vendor)
    {
        var stage = Start(vendor);

        await stage.Client.CreateAsync(vendor.Request);
        var lists = stage.Lists;
        await stage.Client.CreateAsync(new(vendor.Request) { Name = "other", IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan });

        Assert.That((lists, stage.Lists), Is.EqualTo((0, 1)));
    }

    [TestCaseSource(nameof(FoundByName))]
    public void A_wrong_request_looks_for_nothing_before(OrphanVendor vendor)
    {
        var stage = Start(vendor);

        Assert.That(
            () => stage.Client.CreateAsync(
                new(vendor.Request) { Key = "no place for it", IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan }),
            Throws.TypeOf<TokenInvalidRequestException>());
        Assert.That(stage.Requests, Is.Empty);
    }

    [TestCaseSource(nameof(FoundByName))]
    public void A_cancelled_search_says_what_was_seen_by_then(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate();
        using var cancellation = new CancellationTokenSource();
        stage.Transport.BeforeList = look =>
        {
            if (look == 3)
                cancellation.Cancel();
        };

        var cancelled = Assert.CatchAsync<OperationCanceledException>(
            () => stage.Client.CreateAsync(
                new(vendor.Request) { IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan }, cancellation.Token))!;

        Assert.That(cancelled.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(cancelled.InnerException, Is.TypeOf<TokenOutcomeUnknownException>());
        Assert.That(
            ((TokenOutcomeUnknownException)cancelled.InnerException!).Orphans.Single().Id, Is.EqualTo(stage.Emulator.Tokens.Single().Id));
    }

    [TestCaseSource(nameof(All))]
    public void A_cancelled_create_says_that_a_token_may_exist(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        using var cancellation = new CancellationTokenSource();
        stage.Transport.HoldResponse = () =>
        {
            cancellation.Cancel();
            return Task.FromCanceled(cancellation.Token);
        };

        var cancelled = Assert.CatchAsync<OperationCanceledException>(() => stage.Client.CreateAsync(vendor.Request, cancellation.Token))!;

        Assert.That(
            cancelled.InnerException, Is.TypeOf<TokenOutcomeUnknownException>().With.InnerException.InstanceOf<TokenClientException>());
    }

    // ---- Keys ----
    [TestCaseSource(nameof(FoundByKey))]
    public void A_record_that_disagrees_with_the_request_is_not_handed_out(OrphanVendor vendor)
    {
        var changes = new (string Doubt, Action<EmulatedToken> Change)[]
        {
            ("named 'other'", token => token.Name = "other"),
            ("without a name", token => token.Name = null),
            ("with another description", token => token.Description = "other"),
            ("with another expiry", token => token.ExpiresAt = token.ExpiresAt!.Value.AddHours(1)),
            ("without an expiry", token => token.ExpiresAt = null),
            ("created before the call", token => token.CreatedAt = token.CreatedAt!.Value.AddDays(-3)),
        };
        foreach (var (doubt, change) in changes)
        {
            var stage = Start(vendor);
            stage.LoseCreate();
            stage.Transport.AfterLoss = () => change(stage.Emulator.Tokens.Single());

            var unknown = Unknown(stage, UnknownOutcomeAction.Recover, new(vendor.Request) { Description = "made by a test" });

            Assert.That(
                (unknown.Orphans.Count, stage.Creates, unknown.OrphanReference?.Kind), Is.EqualTo((1, 1, TokenReferenceKinds.Key)), doubt);
            Assert.That(unknown.Message, Does.Contain(doubt));
            Assert.That(stage.Requests.Count(request => request.Path.Contains("encode", StringComparison.Ordinal)), Is.Zero, doubt);
        }
    }

    [TestCaseSource(nameof(FoundByKey))]
    public async Task A_key_of_the_call_s_own_needs_no_clock(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate();
        stage.Transport.AfterResponse = response => SetDate(response, DateHeader.Missing);

        Assert.That((await stage.Client.CreateAsync(vendor.Request)).Secret, Is.EqualTo(stage.Emulator.Tokens.Single().Secret));
    }

    [TestCaseSource(nameof(FoundByKey))]
    public void A_key_of_the_caller_s_needs_one(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate();
        stage.Transport.AfterResponse = response => SetDate(response, DateHeader.Missing);

        Assert.That(
            Unknown(stage, UnknownOutcomeAction.RevokeOrphanAndCreateAgain, new(vendor.Request) { Key = "k" }).IsOrphanRevoked, Is.False);
        Assert.That(stage.Emulator.Tokens.Count(token => !token.IsRevoked), Is.EqualTo(1));
    }

    // ---- Refusals that are not the API's ----
    [Test]
    public void A_refusal_of_somebody_else_s_leaves_the_outcome_open([Values(302, 307, 400, 401, 403, 404, 409, 429, 451)] int status)
    {
        foreach (var vendor in Vendors)
        {
            foreach (var response in new[] { VendorResponse.Html(status, "<html>Blocked</html>"),
                VendorResponse.Bytes(status, "\"blocked\""u8.ToArray(), "application/json") })
            {
                var stage = Start(vendor);
                stage.Emulator.Faults.Inject(Fault.Respond(response).AfterHandling(), "POST", vendor.CreatePath);

                var unknown = Unknown(stage, UnknownOutcomeAction.Throw);

                Assert.That((unknown.Status, stage.Creates), Is.EqualTo(((HttpStatusCode?)status, 1)), vendor.Title);
                Assert.That(stage.Emulator.Tokens, Has.Count.EqualTo(1), vendor.Title);
            }
        }
    }

    [Test]
    public void A_refusal_of_the_API_s_is_one([Values(400, 401, 403, 404, 409)] int status)
    {
        foreach (var vendor in Vendors)
        {
            foreach (var response in new[] { VendorResponse.Json(status, "{}"), VendorResponse.Empty(status) })
            {
                var stage = Start(vendor);
                stage.Emulator.Faults.Inject(Fault.Respond(response), "POST", vendor.CreatePath, times: 2);

                var refused = Assert.CatchAsync<TokenClientException>(() => stage.Client.CreateAsync(vendor.Request))!;

                Assert.That(
                    (refused is TokenOutcomeUnknownException, refused.Status), Is.EqualTo((false, (HttpStatusCode?)status)), vendor.Title);
            }
        }
    }

    [Test]
    public void A_redirect_proves_nothing()
    {
        foreach (var vendor in Vendors)
        {
            var stage = Start(vendor);
            stage.Emulator.Faults.Inject(Fault.Respond(
                VendorResponse.Empty(302).With("Location", "https://login.invalid/")).AfterHandling(), "POST", vendor.CreatePath);

            Assert.That(
                (Unknown(stage, UnknownOutcomeAction.Throw).Status, stage.Creates), Is.EqualTo(((HttpStatusCode?)302, 1)), vendor.Title);
        }
    }

    [Test]
    public void A_regenerate_that_somebody_else_refuses_is_open_too([Values(302, 401, 403, 404, 429)] int status)
    {
        var stage = Start(Vendors[0]);
        var token = stage.AddStranger();
        var secret = token.Secret;
        stage.Emulator.Faults.Inject(
            Fault.Respond(VendorResponse.Html(status, "<html>Blocked</html>")).AfterHandling(), "POST", "*:regenerate", times: 4);

        Assert.That(() => stage.Client.RegenerateAsync(TokenReference.ById(token.Id!)), Throws.TypeOf<TokenOutcomeUnknownException>());
        Assert.That((stage.Requests.Count(request => request.Path.EndsWith(":regenerate", StringComparison.Ordinal)),
            token.Secret!.Equals(secret)), Is.EqualTo((1, false)));
    }

    [TestCaseSource(nameof(All))]
    public void A_page_does_not_say_that_a_token_is_gone(OrphanVendor vendor)
    {
        foreach (var isPage in new[] { false, true })
        {
            var stage = Start(vendor);
            var token = stage.AddStranger();
            stage.Emulator.Faults.Inject(Fault.Cut().BeforeHandling(), "DELETE");
            stage.Emulator.Faults.Inject(
                Fault.Respond(isPage ? VendorResponse.Html(404, "<html>Not found</html>") : VendorResponse.Json(404, "{}")), "DELETE");
            Task Revoke() => stage.Client.RevokeAsync(TokenReference.ById(token.Id!));

            if (isPage)
                Assert.That(Revoke, Throws.InstanceOf<TokenClientException>());
            else
                Assert.That(Revoke, Throws.Nothing);
        }
    }

    private static ITokenCreationRecovery Recovery(OrphanStage stage) => stage.Client.GetService<ITokenCreationRecovery>()!;

    private static TokenOutcomeUnknownException Unknown(OrphanStage stage, UnknownOutcomeAction action, CreateTokenRequest? request = null)
        => Assert.ThrowsAsync<TokenOutcomeUnknownException>(
            () => stage.Client.CreateAsync(new(request ?? stage.Vendor.Request) { IfOutcomeUnknown = action }), stage.Vendor.Title)!;

    private void SetDate(HttpResponseMessage response, DateHeader date)
    {
        if (date == DateHeader.Right)
            return;
        response.Headers.Remove("Date");
        if (date == DateHeader.OfTheClient)
            response.Headers.Date = _clock.GetUtcNow();
    }

    private OrphanStage Start(OrphanVendor vendor, TimeSpan ahead = default, Dictionary<string, string>? settings = null)
    {
        if (!_emulators.TryGetValue(vendor, out var known))
        {
            var clock = new SkewedClock(_clock);
            _emulators[vendor] = known = (vendor.Start(new() { TimeProvider = clock }), clock);
        }

        known.Clock.Ahead = ahead;
        known.Emulator.Clear();
        known.Emulator.Faults.Clear();
        known.Emulator.ListLag = TimeSpan.Zero;
        var transport = Opened(new OrphanTransport(vendor, _clock));
        return new OrphanStage(vendor, known.Emulator, transport, Opened(vendor.Open(known.Emulator, transport, _clock, settings ?? [])));
    }

    private T Opened<T>(T opened)
        where T : IDisposable
    {
        _opened.Add(opened);
        return opened;
    }

    private static Dictionary<string, string> Long(TimeSpan attempt, TimeSpan call)
        => new() { ["AttemptTimeout"] = attempt.ToString(), ["TotalTimeout"] = call.ToString() };

    private static TestCaseData Case(OrphanVendor vendor) => new TestCaseData(vendor).SetArgDisplayNames(vendor.Title);

    private sealed class SkewedClock(TimeProvider clock) : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Ahead;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => clock.CreateTimer(callback, state, dueTime, period);
    }
}
