using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>The result of a create whose token appears late, or never, and when a search stops.</summary>
internal sealed class OrphanSettleTests : OrphanFixture
{
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
    public async Task A_secret_is_read_again_although_the_key_appears_late(OrphanVendor vendor)
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
    public void A_token_that_appears_after_the_settle_time_is_not_found(OrphanVendor vendor)
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
    public async Task A_token_that_does_not_appear_within_the_settle_time_is_created_again(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate(isCarriedOut: false);
        var begin = _clock.GetUtcNow();

        await stage.Client.CreateAsync(new(vendor.Request) { IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphanAndCreateAgain });

        Assert.That(_clock.GetUtcNow() - begin, Is.GreaterThanOrEqualTo(SettleTime));
        Assert.That((stage.Creates, stage.Emulator.Tokens.Count(token => !token.IsRevoked)), Is.EqualTo((2, 1)));
    }

    [TestCaseSource(nameof(FoundByName))]
    public void A_search_with_a_transient_failure_is_repeated(OrphanVendor vendor)
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

    [TestCaseSource(nameof(FoundByName))]
    public void Nothing_is_created_if_the_existing_tokens_can_t_be_read(OrphanVendor vendor)
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
    public async Task A_create_that_revokes_nothing_does_not_search_before(OrphanVendor vendor)
    {
        var stage = Start(vendor);

        await stage.Client.CreateAsync(vendor.Request);
        var lists = stage.Lists;
        await stage.Client.CreateAsync(new(vendor.Request) { Name = "other", IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan });

        Assert.That((lists, stage.Lists), Is.EqualTo((0, vendor.RequestsPerLook)));
    }

    [TestCaseSource(nameof(FoundByName))]
    public void An_invalid_request_does_not_search_before(OrphanVendor vendor)
    {
        var stage = Start(vendor);

        Assert.That(
            () => stage.Client.CreateAsync(
                new(vendor.Request) { Key = "no place for it", IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan }),
            Throws.TypeOf<TokenInvalidRequestException>());
        Assert.That(stage.Requests, Is.Empty);
    }

    [TestCaseSource(nameof(FoundByName))]
    public void A_cancelled_search_reports_what_it_found(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate();
        using var cancellation = new CancellationTokenSource();

        // The look before the create finds an empty list, and the next one finds the token.
        stage.Transport.BeforeList = request =>
        {
            if (request == 2 + vendor.RequestsPerLook)
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
    public void A_cancelled_create_reports_that_a_token_may_exist(OrphanVendor vendor)
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
}
