using Tokenwright.Adapters;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>Which tokens count as created by a create whose response was lost.</summary>
internal sealed class OrphanTests : OrphanFixture
{
    [TestCaseSource(nameof(FoundByName))]
    public void A_token_that_already_existed_is_never_revoked(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        var stranger = stage.AddStranger();
        stage.LoseCreate();

        var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphan);

        Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Single().Id == stranger.Id), Is.EqualTo((true, false)));
        Assert.That(stage.Emulator.Tokens.Where(token => !token.IsRevoked), Is.EqualTo(new[] { stranger }));
    }

    [TestCaseSource(nameof(FoundByName))]
    public void A_token_that_already_existed_is_not_taken_for_one_that_was_never_created(OrphanVendor vendor)
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
    public void If_two_tokens_match_none_is_revoked(OrphanVendor vendor)
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
    public void A_second_token_that_appears_later_prevents_the_revocation(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate();
        stage.Transport.BeforeList = look =>
        {
            // Tokens from before the create don't count. What the first search after it finds is no proof.
            if (look == 4)
                stage.AddStranger();
        };

        var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphanAndCreateAgain);

        Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count, stage.Creates), Is.EqualTo((false, 2, 1)));
        Assert.That(stage.Emulator.Tokens.Count(token => !token.IsRevoked), Is.EqualTo(2));
    }

    [TestCaseSource(nameof(FoundByName))]
    public async Task A_create_never_revokes_the_token_of_a_concurrent_create(OrphanVendor vendor)
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

        // The other create is carried out while this one is in progress, so neither token existed before the other create. Its response
        // arrives during this one's last search.
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
    public async Task A_token_that_this_program_received_since_is_not_recovered(OrphanVendor vendor)
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
    public void A_token_that_was_received_without_an_id_can_be_any_found_one(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate();
        stage.Transport.BeforeCreate =
            () => CreationLedger.Of(stage.Client.Metadata.Vendor, stage.Emulator.BaseAddress, _clock).TryAdd(null);

        var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphanAndCreateAgain);

        Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count, stage.Creates), Is.EqualTo((false, 1, 1)));

        // Otherwise, it would affect the later tests.
        _clock.Advance(TimeSpan.FromHours(1));
    }

    [TestCaseSource(nameof(FoundByName))]
    public async Task After_a_restart_known_ids_are_no_candidates(OrphanVendor vendor)
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
    public async Task After_a_restart_a_token_from_before_or_long_after_the_call_is_not_revoked(OrphanVendor vendor)
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
    public void A_name_in_another_case_is_not_a_match(string shown)
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
    public void Only_the_users_own_tokens_are_searched_for_orphans()
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

    [TestCaseSource(nameof(FoundByKey))]
    public void A_record_that_disagrees_with_the_request_is_not_returned(OrphanVendor vendor)
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

    private static Dictionary<string, string> Long(TimeSpan attempt, TimeSpan call)
        => new() { ["AttemptTimeout"] = attempt.ToString(), ["TotalTimeout"] = call.ToString() };
}
