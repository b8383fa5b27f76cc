using Tokenwright.Rotation;
using Tokenwright.Testing;

namespace Tokenwright.RotationTests;

/// <summary>In place, with an outage, a full quota, and an adopted token.</summary>
internal sealed class ModeTests
{
    [Test]
    public async Task A_secret_is_replaced_in_place()
    {
        await using var world = new World(RotationSubject.Xms, new RotationPolicy { Mode = RotationMode.InPlace });
        var existing = world.Emulator.Add(new EmulatedToken { Name = "export-by-hand", Roles = ["auditor"] });
        var first = existing.Secret!;
        using var rotator = world.Start();
        await rotator.AdoptAsync(World.Lineage, existing.Id, first);
        await world.SettleAsync(rotator);
        await world.AwaitDueAsync(rotator);

        var status = await world.SettleAsync(rotator, World.IsReplacedAtRest);

        Assert.That((status.TokenId, status.Generation), Is.EqualTo((existing.Id, 2)));
        var there = (await new FileSecretSink(world.SecretPath).ReadBackAsync())!;
        Assert.That(there.Secret, Is.EqualTo(existing.Secret).And.Not.EqualTo(first));
        Assert.That(status.Evidence.Select(one => one.Text), Has.Some.StartsWith("Generation 1 is dead"));
    }

    [Test]
    public async Task A_lost_response_in_place_is_repeated_until_a_secret_is_known()
    {
        await using var world = new World(RotationSubject.Xms, new RotationPolicy { Mode = RotationMode.InPlace }, intervals: []);
        var existing = world.Emulator.Add(new EmulatedToken { Name = "export-by-hand", Roles = ["auditor"] });
        using var rotator = world.Start();
        await rotator.AdoptAsync(World.Lineage, existing.Id, existing.Secret!);
        await world.SettleAsync(rotator);
        await world.AwaitDueAsync(rotator);
        world.Emulator.Faults.Inject(Fault.Cut(), "POST", "*:regenerate", times: 20);
        await rotator.RunDueAsync();
        Assert.That(Regenerated(), Is.EqualTo(2), "then there is a pause");

        var lost = await world.SettleAsync(rotator, status => status.Attention is not null);
        Assert.That(lost.Attention, Is.EqualTo(
            $"The secret of the token {existing.Id} was replaced several times, and each response was lost."));
        Assert.That(Regenerated(), Is.EqualTo(6), "the first one, and a failure for each of the following");
        var status = await world.SettleAsync(rotator, World.IsReplacedAtRest);

        Assert.That((Regenerated(), status.Attention), Is.EqualTo((21, (string?)null)));
        var there = (await new FileSecretSink(world.SecretPath).ReadBackAsync())!;
        Assert.That((there.Secret, there.Generation), Is.EqualTo((existing.Secret, status.Generation)));

        int Regenerated() => world.Emulator.Requests.Count(one => one.Path.EndsWith(":regenerate", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_full_quota_is_refused_before_a_create_and_names_what_could_go()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.SailPoint);
        var now = world.Clock.GetUtcNow();
        world.Emulator.Add(new() { Name = "long unused", LastUsedAt = now.AddDays(-300), CreatedAt = now.AddDays(-400) });
        world.Emulator.Add(new() { Name = "gone by", ExpiresAt = now.AddDays(-3), CreatedAt = now.AddDays(-100) });
        for (var number = 0; number < 5; number++)
            world.Emulator.Add(new() { Name = $"busy {number}", LastUsedAt = now });
        using var rotator = world.Start();
        var before = Creates(world);

        var status = await world.SettleAsync(rotator, status => status.Attention is not null);

        Assert.That(Creates(world), Is.EqualTo(before));
        Assert.That(status.Attention, Does.StartWith(
            "The owner has 9 of 10 tokens. A rotation needs a free place and keeps 1 to spare. These could go first: 'gone by'"));
        Assert.That(status.Attention, Does.Contain("'long unused'"));
        Assert.That(status.Generation, Is.EqualTo(1));
        world.Emulator.Remove(world.Emulator.Tokens.Single(token => token.Name == "gone by"));
        await LostResponseTests.AssertCleanAsync(world, await world.SettleAsync(rotator, World.IsReplacedAtRest));
    }

    [Test]
    public async Task Without_spare_places_the_last_place_is_used()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.SailPoint, new RotationPolicy { SparePlaces = 0 });
        for (var number = 0; number < 7; number++)
            world.Emulator.Add(new() { Name = $"busy {number}" });
        using var rotator = world.Start();

        await LostResponseTests.AssertCleanAsync(world, await world.SettleAsync(rotator, World.IsReplacedAtRest));
    }

    [Test]
    public async Task A_full_quota_is_an_outage_only_where_the_policy_says_so()
    {
        await using var world = await LostResponseTests.DueAsync(
            RotationSubject.SailPoint, new RotationPolicy { Mode = RotationMode.AllowOutage });
        for (var number = 0; number < 8; number++)
            world.Emulator.Add(new() { Name = $"busy {number}" });
        using var rotator = world.Start();

        var status = await world.SettleAsync(rotator, World.IsReplacedAtRest);

        Assert.That(world.Tokens, Has.Count.EqualTo(1));
        Assert.That(status.Evidence.Select(one => one.Text), Has.Some.Contains("The policy allows an outage"));
        Assert.That(world.Emulator.Tokens.Count(token => token.Name?.StartsWith("busy", StringComparison.Ordinal) == true), Is.EqualTo(8));
    }

    [TestCase(0)]
    [TestCase(7)]
    public async Task An_outage_is_not_used_where_there_is_a_place(int others)
    {
        await using var world = await LostResponseTests.DueAsync(
            RotationSubject.SailPoint, new RotationPolicy { Mode = RotationMode.AllowOutage });
        for (var number = 0; number < others; number++)
            world.Emulator.Add(new() { Name = $"busy {number}" });
        using var rotator = world.Start();

        await AssertWithoutOutageAsync(world, await world.SettleAsync(rotator, World.IsReplacedAtRest));
    }

    [Test]
    public async Task An_outage_is_not_used_while_the_last_place_may_be_taken_by_a_create_that_was_lost()
    {
        await using var world = await LostResponseTests.DueAsync(
            RotationSubject.SailPoint, new RotationPolicy { Mode = RotationMode.AllowOutage });
        for (var number = 0; number < 7; number++)
            world.Emulator.Add(new() { Name = $"busy {number}" });
        using var rotator = world.Start();
        world.Emulator.Faults.Inject(Fault.Cut().BeforeHandling(), "POST", LostResponseTests.CreatePath(world));

        var waiting = await world.SettleAsync(rotator, status => status.Attention is not null);
        Assert.That(waiting.Attention, Does.StartWith("The owner has 10 of 10 tokens."));
        Assert.That((waiting.Generation, waiting.SoughtTokenNames.Count), Is.EqualTo((1, 1)));

        await AssertWithoutOutageAsync(world, await world.SettleAsync(rotator, World.IsReplacedAtRest));
    }

    [Test]
    public async Task A_token_that_exists_is_adopted_and_its_successor_replaces_it()
    {
        await using var world = new World(RotationSubject.SailPoint);
        var existing = world.Emulator.Add(new EmulatedToken
            { Name = "made by hand", Scopes = ["sp:scopes:default"], ExpiresAt = world.Clock.GetUtcNow().AddDays(30) });
        using var rotator = world.Start();

        var adopted = await rotator.AdoptAsync(World.Lineage, existing.Id, existing.Secret!);
        Assert.That((adopted.Generation, adopted.TokenId, adopted.ExpiresAt), Is.EqualTo((1, existing.Id, existing.ExpiresAt)));
        Assert.That(adopted.NextAt, Is.EqualTo(existing.CreatedAt + TimeSpan.FromDays(20)));
        Assert.That((await new FileSecretSink(world.SecretPath).ReadBackAsync())!.Id, Is.EqualTo(existing.Id));
        await world.ConsumeAsync();
        await world.AwaitDueAsync(rotator);
        await LostResponseTests.AssertCleanAsync(world, await world.SettleAsync(rotator, World.IsReplacedAtRest));

        Assert.That(world.Emulator.Tokens, Does.Not.Contain(existing));
        Assert.That(async () => await rotator.AdoptAsync(World.Lineage, existing.Id, existing.Secret!),
            Throws.InvalidOperationException.With.Message.Contains("has a token already"));
    }

    [Test]
    public async Task A_secret_that_does_not_work_is_not_adopted()
    {
        await using var world = new World(RotationSubject.SailPoint);
        using var rotator = world.Start();

        Assert.That(
            async () => await rotator.AdoptAsync(World.Lineage, "0e000000000000000000000000000009", new TokenSecret("canary-5c1f7a90")),
            Throws.InvalidOperationException.With.Message.Contains("does not work").And.Message.Not.Contains("5c1f7a90"));
        Assert.That((await rotator.StatusAsync(World.Lineage)).Generation, Is.Zero);
    }

    [Test]
    public async Task The_id_of_another_token_is_not_adopted_because_that_token_would_be_revoked()
    {
        await using var world = new World(RotationSubject.Xms);
        var existing = world.Emulator.Add(new EmulatedToken { Name = "by hand", Roles = ["auditor"] });
        var stranger = world.Emulator.Add(new EmulatedToken { Name = "of another program", Roles = ["auditor"] });
        using var rotator = world.Start();

        Assert.That(async () => await rotator.AdoptAsync(World.Lineage, stranger.Id, existing.Secret!),
            Throws.InvalidOperationException.With.Message.EqualTo($"The token can't be adopted. The id '{stranger.Id}' is not that of " +
                $"the secret, which belongs to the token with the id '{existing.Id}'."));
        Assert.That((await rotator.StatusAsync(World.Lineage)).Generation, Is.Zero);
        Assert.That(File.Exists(world.SecretPath), Is.False);
        Assert.That((await rotator.AdoptAsync(World.Lineage, null, existing.Secret!)).TokenId, Is.EqualTo(existing.Id));
    }

    [Test]
    public async Task A_sink_with_the_id_of_another_token_is_not_taken_over()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.Xms);
        var stranger = world.Emulator.Add(new EmulatedToken { Name = "of another program", Roles = ["auditor"] });
        await new FileSecretSink(world.SecretPath).WriteAsync(
            new() { Lineage = World.Lineage, Generation = 5, Id = stranger.Id, Secret = world.Tokens.Single().Secret! });
        using var rotator = world.Start();

        var status = await world.SettleAsync(rotator, status => status.Attention is not null);

        Assert.That(status.Attention, Does.StartWith(
            $"A sink has generation 5, which can't be taken over. The id '{stranger.Id}' is not that of the secret"));
        Assert.That(world.Living, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_place_that_another_lineage_writes_needs_attention_and_nothing_is_sent()
    {
        await using var world = new World(RotationSubject.Xms);
        world.Sinks = [new DelegateSecretSink("the shared vault", (_, _) => Task.CompletedTask, _ => Task.FromResult<RotatedSecret?>(
            new() { Lineage = "billing", Generation = 1, Secret = new TokenSecret("theirs") }))];
        using var rotator = world.Start();
        var before = world.Emulator.Requests.Count;

        var status = (await rotator.RunDueAsync()).Statuses.Single();

        Assert.That(status.Attention, Does.StartWith("The secret in the shared vault belongs to the lineage 'billing'."));
        Assert.That(world.Emulator.Requests, Has.Count.EqualTo(before));
    }

    [Test]
    public async Task An_identity_token_that_nobody_brings_needs_attention_and_nothing_is_sent()
    {
        await using var world = new World(RotationSubject.VMwareCloud) { HasNoIdToken = true };
        using var rotator = world.Start();
        var before = world.Emulator.Requests.Count;

        var status = (await rotator.RunDueAsync()).Statuses.Single();

        Assert.That(status.Attention, Does.Contain("identity token of a user who signed in with a browser"));
        Assert.That(world.Emulator.Requests, Has.Count.EqualTo(before));
    }

    private static async Task AssertWithoutOutageAsync(World world, RotationStatus status)
    {
        await LostResponseTests.AssertCleanAsync(world, status);
        Assert.That(status.Evidence.Select(one => one.Text), Has.None.Contains("The policy allows an outage"));
    }

    private static int Creates(World world)
        => world.Emulator.Requests.Count(request => request.Method == "POST" && request.Body.Contains("export-", StringComparison.Ordinal));
}
