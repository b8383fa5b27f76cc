using Tokenwright.Rotation;
using Tokenwright.Testing;

namespace Tokenwright.RotationTests;

/// <summary>Creates whose response is lost, and creates that the vendor carries out late.</summary>
internal sealed class LostResponseTests
{
    private static IEnumerable<RotationSubject> Findable
        => RotationSubject.All.Where(subject => subject != RotationSubject.ExtremeCloudIQ && subject != RotationSubject.VMwareCloud);

    private static IEnumerable<RotationSubject> NotFindable => [RotationSubject.ExtremeCloudIQ, RotationSubject.VMwareCloud];

    [TestCaseSource(nameof(Findable))]
    public async Task A_token_whose_response_was_lost_is_gone_or_used(object subject)
    {
        await using var world = await DueAsync((RotationSubject)subject);
        using var rotator = world.Start();
        world.Emulator.Faults.Inject(Fault.Cut(), "POST", CreatePath(world));

        var status = await world.SettleAsync(rotator, World.IsReplacedAtRest);

        await AssertCleanAsync(world, status);
    }

    [TestCaseSource(nameof(Findable))]
    public async Task A_create_that_lands_after_it_was_looked_for_is_gone_within_the_settle_time(object subject)
    {
        await using var world = await DueAsync((RotationSubject)subject);
        using var rotator = world.Start();
        var late = Fault.Delay(TimeSpan.FromMinutes(20));
        world.Emulator.Faults.Inject(late, "POST", CreatePath(world));
        var running = rotator.RunDueAsync();
        await late.Happened;
        world.Clock.Advance(TimeSpan.FromSeconds(31));
        await running;
        await world.ConsumeAsync();
        await world.SettleAsync(rotator, status => status.Generation > 1);
        Assert.That(late.Handled.IsCompleted, Is.False, "it has not landed yet");
        var published = world.Clock.GetUtcNow();

        world.Clock.Advance(TimeSpan.FromMinutes(20));
        await late.Handled;
        var status = await world.SettleAsync(rotator, status => status.SoughtTokenNames.Count == 0 && world.Clock.GetUtcNow() > published);
        Assert.That(world.Tokens, Has.Count.EqualTo(2), "the old one and the new one");

        status = await world.SettleAsync(rotator);
        await AssertCleanAsync(world, status);
    }

    [Test]
    public async Task The_settle_time_counts_from_when_a_create_was_given_up()
    {
        await using var world = await DueAsync(RotationSubject.Xms, new RotationPolicy { SettleTime = TimeSpan.FromMinutes(3) });
        using var rotator = world.Start();
        var late = Fault.Delay(TimeSpan.FromSeconds(200));
        world.Emulator.Faults.Inject(late, "POST", CreatePath(world));
        var running = rotator.RunDueAsync();
        await late.Happened;
        world.Clock.Advance(TimeSpan.FromSeconds(31));
        await running;
        foreach (var seconds in new[] { 60, 60, 29 })
        {
            world.Clock.Advance(TimeSpan.FromSeconds(seconds));
            await rotator.RunDueAsync();
        }

        world.Clock.Advance(TimeSpan.FromSeconds(21));
        await late.Handled;
        world.Clock.Advance(TimeSpan.FromSeconds(10));
        await rotator.RunDueAsync();

        Assert.That((await rotator.StatusAsync(World.Lineage)).SoughtTokenNames, Is.Empty);
        Assert.That(world.Tokens, Has.Count.EqualTo(2), "the old one and the new one");
    }

    [TestCaseSource(nameof(NotFindable))]
    public async Task A_token_that_can_t_be_found_is_a_dated_debt_and_the_budget_ends_the_attempts(object subject)
    {
        await using var world = await DueAsync((RotationSubject)subject);
        using var rotator = world.Start();
        var before = Creates(world);
        world.Emulator.Faults.Inject(Fault.Cut(), "POST", CreatePath(world), times: 5);

        var status = await world.SettleAsync(rotator, status => status.Attention is not null);

        Assert.That(Creates(world) - before, Is.EqualTo(2), "the budget");
        Assert.That(status.Attention, Does.Contain("2 creates gave no token that works"));
        Assert.That(status.Generation, Is.EqualTo(1), "the old token is in use");
        Assert.That(status.AttentionDeadline, Is.EqualTo(status.ExpiresAt));
        var orphans = world.Living.Where(
            token => !(token.Name ?? token.Description)!.Contains("-1-", StringComparison.Ordinal)).ToList();
        Assert.That(orphans, Has.Count.EqualTo(2));
        foreach (var orphan in orphans)
            Assert.That(status.Debts.Single(debt => debt.TokenName == (orphan.Name ?? orphan.Description)).Until,
                Is.InRange(orphan.ExpiresAt!.Value, orphan.ExpiresAt.Value.AddMinutes(1)));
        for (var day = 0; day < 3; day++)
        {
            world.Clock.Advance(TimeSpan.FromDays(1));
            await rotator.RunDueAsync();
        }

        Assert.That(Creates(world) - before, Is.EqualTo(2), "nothing is sent as long as they can exist");
        Assert.That(world.Events.Count(one => one.NeedsAttention), Is.GreaterThanOrEqualTo(3), "a person is reminded every day");
        world.Emulator.Faults.Clear();
        Assert.That((await rotator.RotateAsync(World.Lineage)).Generation, Is.GreaterThan(1), "until a person starts it again");
        Assert.That(world.Consumers.SelectMany(consumer => consumer.Refused), Is.Empty);
    }

    [Test]
    public async Task A_create_is_never_sent_again_blindly()
    {
        await using var world = await DueAsync(RotationSubject.SailPoint);
        using var rotator = world.Start();
        world.Emulator.Faults.Inject(Fault.Cut(), "POST", CreatePath(world));
        world.Emulator.ListLag = TimeSpan.FromSeconds(20);

        await rotator.RunDueAsync();

        Assert.That(Names(world), Has.Count.EqualTo(2), "an empty list proves nothing before the settle time of the list");
        world.Clock.Advance(TimeSpan.FromSeconds(31));
        await rotator.RunDueAsync();
        Assert.That(Names(world), Has.Count.EqualTo(3).And.Unique);
        await AssertCleanAsync(world, await world.SettleAsync(rotator, World.IsReplacedAtRest));
    }

    [Test]
    public async Task An_orphan_that_was_used_is_no_orphan()
    {
        await using var world = await DueAsync(RotationSubject.SailPoint);
        var freezer = new Freezer();
        using (var rotator = world.Start(freezer))
        {
            world.Emulator.Faults.Inject(Fault.Cut(), "POST", CreatePath(world));
            world.Emulator.ListLag = TimeSpan.FromSeconds(20);
            await rotator.RunDueAsync();
            world.Tokens.Single(token => token.LastUsedAt is null).LastUsedAt = world.Clock.GetUtcNow();
            world.Clock.Advance(TimeSpan.FromSeconds(31));
            await rotator.RunDueAsync();

            var status = await rotator.StatusAsync(World.Lineage);
            Assert.That(world.Living, Has.Count.EqualTo(3), "it isn't revoked before the gate opens");
            Assert.That(status.Evidence.Select(one => one.Text), Has.Some.Contains("can be in use"));
            await AssertCleanAsync(world, await world.SettleAsync(rotator, World.IsReplacedAtRest));
        }
    }

    [Test]
    public async Task A_refused_create_needs_attention_and_is_tried_again()
    {
        await using var world = await DueAsync(RotationSubject.Xms);
        using var rotator = world.Start();
        world.Emulator.Faults.Inject(Fault.Status(403), "POST", CreatePath(world), times: 3);

        var refused = await world.SettleAsync(rotator, status => status.Attention is not null);
        Assert.That((refused.Generation, refused.Position), Is.EqualTo((1, RotationStage.Intended)));
        Assert.That(refused.Attention, Does.Contain("403"));
        var status = await world.SettleAsync(rotator, World.IsReplacedAtRest);

        Assert.That(status.Generation, Is.EqualTo(2), "a refused create uses up no number");
        Assert.That(status.Attention, Is.Null);
        await AssertCleanAsync(world, status);
    }

    [Test]
    public async Task A_request_that_can_t_be_made_needs_attention_and_nothing_is_sent()
    {
        foreach (var request in new Func<string, CreateTokenRequest>[]
        {
            _ => throw new InvalidOperationException("no scopes today"), _ => new() { Name = "mine" },
            name => new() { Name = name, Expiry = TokenExpiry.Never }, name => new() { Name = name, Key = "k" },
        })
        {
            await using var world = new World(RotationSubject.SailPoint with { CreateRequest = request });
            using var rotator = world.Start();

            var status = (await rotator.RunDueAsync()).Statuses.Single();

            Assert.That(status.Attention, Does.Contain("no scopes today").Or.Contain("must use the name that it is given"));
            Assert.That(status.SoughtTokenNames, Is.Empty);
            Assert.That(world.Emulator.Requests.Count(one => one.Method == "POST" && one.Path.Contains("tokens", StringComparison.Ordinal)),
                Is.Zero);
        }
    }

    internal static string CreatePath(World world) => world.Emulator switch
    {
        SailPointEmulator => "/*/personal-access-tokens",
        XmsEmulator => "/v1/access-tokens/",
        ExtremeCloudIQEmulator => "/auth/apitoken",
        VMwareCloudEmulator => "/csp/gateway/am/api/loggedin/user/api-tokens",
        _ => "*/addToken",
    };

    internal static async Task<World> DueAsync(RotationSubject subject, RotationPolicy? policy = null)
    {
        var world = new World(subject, policy);
        using var rotator = world.Start();
        await world.SettleAsync(rotator);
        await world.AwaitDueAsync(rotator);
        await world.KillAsync();
        return world;
    }

    internal static async Task AssertCleanAsync(World world, RotationStatus status)
    {
        Assert.That(world.Tokens, Has.Count.EqualTo(1), string.Join(Environment.NewLine, status.Evidence));
        Assert.That(world.Consumers.SelectMany(consumer => consumer.Refused), Is.Empty);
        var there = (await new FileSecretSink(world.SecretPath).ReadBackAsync())!;
        Assert.That(there.Generation, Is.EqualTo(status.Generation));
        if (there.Id is not null)
            Assert.That(world.Tokens[0].Id, Is.EqualTo(there.Id));
    }

    private static int Creates(World world)
        => world.Emulator.Requests.Count(request => request.Method == "POST" && request.Path == CreatePath(world));

    private static List<string> Names(World world)
        => [.. world.Emulator.Requests
            .Where(request => request.Method == "POST" && request.Body.Contains("\"export-", StringComparison.Ordinal))
            .Select(request => System.Text.Json.JsonDocument.Parse(request.Body).RootElement.GetProperty("name").GetString()!)];
}
