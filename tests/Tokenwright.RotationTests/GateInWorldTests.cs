using System.Globalization;
using Tokenwright.Rotation;
using Tokenwright.Testing;

namespace Tokenwright.RotationTests;

/// <summary>What happens until an old token is dead.</summary>
internal sealed class GateInWorldTests
{
    [Test]
    public async Task A_silent_consumer_keeps_the_old_token_alive_and_a_person_is_told_at_the_deadline()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.Xms);
        using var rotator = world.Start();
        await rotator.RunDueAsync();
        for (var day = 0; day < 20; day++)
        {
            world.Clock.Advance(TimeSpan.FromDays(1));
            await rotator.RunDueAsync();
        }

        var status = await rotator.StatusAsync(World.Lineage);
        Assert.That((status.Stage, status.Position), Is.EqualTo((RotationStage.NeedsAttention, RotationStage.Published)));
        Assert.That(status.Attention, Does.Contain("could not be revoked within 14.00:00:00").And.Contain("'app0' has not acknowledged"));
        Assert.That(world.Living, Has.Count.EqualTo(2), "never a silent kill");
        Assert.That(world.Events.First(one => one.NeedsAttention).At, Is.EqualTo(status.Evidence[0].At + TimeSpan.FromDays(74)));

        await rotator.AcknowledgeAsync(World.Lineage, "app0", 2);
        await rotator.AcknowledgeAsync(World.Lineage, "app1", 2);
        var done = await world.SettleAsync(rotator, World.IsReplacedAtRest);
        Assert.That(done.Attention, Is.Null);
        Assert.That(world.Living, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_token_that_expires_before_its_consumers_acknowledged_is_not_waited_for()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.ExtremeCloudIQ);
        using var rotator = world.Start();
        await rotator.RunDueAsync();
        world.Clock.Advance(TimeSpan.FromDays(31));
        await rotator.RunDueAsync();

        var status = await rotator.StatusAsync(World.Lineage);
        Assert.That(status.OldGenerations, Is.Empty);
        Assert.That(status.Evidence.Select(one => one.Text), Has.Some.EqualTo("The old token has expired."));
    }

    [Test]
    public async Task Credentials_that_were_exchanged_for_an_expired_token_are_waited_for()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.SailPoint);
        using var rotator = world.Start();
        var expiry = (await rotator.StatusAsync(World.Lineage)).ExpiresAt!.Value;
        await rotator.RunDueAsync();
        world.Clock.SetUtcNow(expiry.AddHours(11));
        await rotator.RunDueAsync();
        Assert.That((await rotator.StatusAsync(World.Lineage)).OldGenerations, Is.EqualTo(new[] { 1 }));

        world.Clock.SetUtcNow(expiry.AddHours(12));
        await rotator.RunDueAsync();

        var status = await rotator.StatusAsync(World.Lineage);
        Assert.That(status.OldGenerations, Is.Empty);
        Assert.That(status.Evidence.Select(one => one.Text), Has.Some.EqualTo("The old token has expired."));
    }

    [Test]
    public async Task A_vendor_that_refuses_to_revoke_does_not_stop_the_next_rotation()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.SailPoint);
        using var rotator = world.Start();
        world.Emulator.Faults.Inject(Fault.Status(403), "DELETE", "*", times: 100_000);
        for (var hours = 0; hours < 24 * 100; hours += 6)
        {
            await rotator.RunDueAsync();
            await world.ConsumeAsync();
            world.Clock.Advance(TimeSpan.FromHours(6));
        }

        var refused = await rotator.StatusAsync(World.Lineage);
        Assert.That((refused.Generation, refused.Position), Is.EqualTo((3, RotationStage.Retiring)));
        Assert.That(refused.Attention, Does.Contain("403"));
        Assert.That(world.Consumers.SelectMany(consumer => consumer.Refused), Is.Empty);
        world.Emulator.Faults.Clear();
        await LostResponseTests.AssertCleanAsync(world, await world.SettleAsync(rotator, World.IsReplacedAtRest));
    }

    [Test]
    public async Task A_vendor_that_refuses_to_revoke_a_token_that_never_worked_does_not_stop_the_next_create()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.Xms);
        world.Emulator.Faults.Inject(Fault.Status(403), "DELETE", "*", times: 100_000);
        using var rotator = world.Start(new Freezer
        {
            OnStep = _ =>
            {
                if (world.Tokens.FirstOrDefault(token => token.Name!.StartsWith("export-2-", StringComparison.Ordinal)) is { } second)
                    second.Secret = new TokenSecret("another-one");
            },
        });

        var status = await world.SettleAsync(rotator, status => status.Generation == 3);
        Assert.That(status.OldGenerations, Is.EqualTo(new[] { 1, 2 }));
        world.Emulator.Faults.Clear();
        await LostResponseTests.AssertCleanAsync(world, await world.SettleAsync(rotator, World.IsReplacedAtRest));
    }

    [Test]
    public async Task A_consumer_that_is_silent_for_a_whole_life_does_not_stop_the_next_rotation()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.Xms);
        using var rotator = world.Start();
        await rotator.RunDueAsync();
        world.Clock.Advance(TimeSpan.FromDays(61));
        await rotator.RunDueAsync();

        var status = await rotator.StatusAsync(World.Lineage);
        Assert.That((status.Generation, status.OldGenerations.Count), Is.EqualTo((3, 2)));
        Assert.That(world.Living, Has.Count.EqualTo(3));
        await world.SettleAsync(rotator, World.IsReplacedAtRest);
        Assert.That(world.Living, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_revoked_token_that_still_works_is_waited_for()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.SailPoint);
        using var rotator = world.Start();
        var old = world.Tokens.Single();
        world.Emulator.Faults.Inject(Fault.Status(204), "DELETE", "*", times: 1);
        await world.SettleAsync(rotator, status => status.Position == RotationStage.Retiring);
        var revoked = world.Clock.GetUtcNow();

        Assert.That((await rotator.StatusAsync(World.Lineage)).WaitsFor, Does.Contain("still works"));
        while (world.Clock.GetUtcNow() - revoked < TimeSpan.FromSeconds(47.6))
        {
            world.Clock.Advance(TimeSpan.FromSeconds(5));
            await rotator.RunDueAsync();
        }

        Assert.That((await rotator.StatusAsync(World.Lineage)).Attention, Is.Null, "within the bound");
        world.Emulator.Remove(old);
        var status = await world.SettleAsync(rotator, World.IsReplacedAtRest);
        Assert.That(world.Tokens, Has.Count.EqualTo(1));
        Assert.That(status.Evidence[^2].Text, Does.StartWith("Generation 1 is dead"));
    }

    [Test]
    public async Task A_revoked_token_that_works_beyond_the_bound_needs_attention_and_is_revoked_again()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.SailPoint);
        using var rotator = world.Start();
        world.Emulator.Faults.Inject(Fault.Status(204), "DELETE", "*", times: 1);

        var status = await world.SettleAsync(rotator, status => status.Attention is not null);
        Assert.That(status.Attention, Does.Contain("still works"));
        status = await world.SettleAsync(rotator, World.IsReplacedAtRest);

        await LostResponseTests.AssertCleanAsync(world, status);
    }

    [Test]
    public async Task A_token_in_use_is_not_revoked_where_the_vendor_reports_uses()
    {
        await using var world = new World(RotationSubject.SailPoint, intervals: []);
        using var rotator = world.Start();
        await world.SettleAsync(rotator);
        await world.AwaitDueAsync(rotator);
        await rotator.RunDueAsync();
        var old = world.Tokens[0];
        for (var day = 0; day < 6; day++)
        {
            world.Clock.Advance(TimeSpan.FromDays(1));
            old.LastUsedAt = world.Clock.GetUtcNow();
            await rotator.RunDueAsync();
        }

        Assert.That(world.Emulator.Tokens, Does.Contain(old));
        Assert.That((await rotator.StatusAsync(World.Lineage)).WaitsFor, Does.Contain("must be unused"));
        await world.SettleAsync(rotator, World.IsReplacedAtRest);
        Assert.That(world.Clock.GetUtcNow(), Is.EqualTo(old.LastUsedAt + TimeSpan.FromDays(2)));
    }

    [Test]
    public async Task The_old_token_lives_until_every_sink_has_the_new_secret()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.Xms);
        var isBroken = true;
        world.Sinks = [new FileSecretSink(world.SecretPath), new DelegateSecretSink(
            "a vault", (_, _) => isBroken ? throw new IOException("It is sealed.") : Task.CompletedTask)];
        using var rotator = world.Start();
        var broken = await world.SettleAsync(rotator, status => status.Attention is not null);
        world.Clock.Advance(TimeSpan.FromDays(100));
        await rotator.RunDueAsync();
        await world.ConsumeAsync();

        Assert.That((broken.Position, broken.Generation), Is.EqualTo((RotationStage.Confirmed, 1)));
        Assert.That(broken.Attention, Is.EqualTo("The secret can't be written to a vault: It is sealed."));
        Assert.That(world.Living, Has.Count.EqualTo(2), "one sink has the new one, the other one has the old one");
        isBroken = false;
        await LostResponseTests.AssertCleanAsync(world, await world.SettleAsync(rotator, World.IsReplacedAtRest));
    }

    [Test]
    public async Task An_acknowledgement_of_an_unknown_consumer_or_generation_is_refused()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.Xms);
        using var rotator = world.Start();

        Assert.That(async () => await rotator.AcknowledgeAsync(World.Lineage, "stranger", 1),
            Throws.ArgumentException.With.Message.Contains("no consumer 'stranger'; known are: app0, app1"));
        Assert.That(async () => await rotator.AcknowledgeAsync(World.Lineage, "app0", 2),
            Throws.ArgumentException.With.Message.Contains("has published generation 1, not 2"));
        Assert.That(async () => await rotator.AcknowledgeAsync("other", "app0", 1),
            Throws.ArgumentException.With.Message.Contains("no lineage 'other'"));
    }

    [Test]
    public async Task A_number_beside_the_secret_that_no_generation_has_counts_for_nothing()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.Xms);
        await File.WriteAllTextAsync($"{world.SecretPath}.ack.app0", "2147483647");
        using var rotator = world.Start();
        await rotator.RunDueAsync();
        world.Clock.Advance(TimeSpan.FromDays(5));
        await rotator.RunDueAsync();

        var status = await rotator.StatusAsync(World.Lineage);
        Assert.That((status.Generation, status.WaitsFor), Is.EqualTo((2,
            "'app0' has not acknowledged generation 2. 'app1' has not acknowledged generation 2.")));
    }

    [Test]
    public async Task Two_rotators_share_a_journal()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.Xms);
        using var one = world.Start();
        using var two = world.Start();
        var before = Creates(world);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(number => (number % 2 == 0 ? one : two).RunDueAsync()));

        Assert.That(Creates(world) - before, Is.EqualTo(1));
        await LostResponseTests.AssertCleanAsync(world, await world.SettleAsync(two, World.IsReplacedAtRest));
    }

    [Test]
    public async Task A_key_that_can_t_be_read_is_noticed_before_anything_is_sent()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.Xms);
        world.Sealer = SecretSealer.AesGcm(new SecretSource { File = Path.Combine(world.Directory, "no key") });
        using var rotator = world.Start();
        var before = Creates(world);

        var status = await world.SettleAsync(rotator, status => status.Attention is not null);

        Assert.That(status.Attention, Does.Contain("nothing was sent").And.Contain("no such file"));
        Assert.That(Creates(world), Is.EqualTo(before));
    }

    [Test]
    public async Task The_status_says_what_is_waited_for_and_what_comes_next()
    {
        await using var world = new World(RotationSubject.Xms);
        using var rotator = world.Start();
        var fresh = await rotator.StatusAsync(World.Lineage);
        Assert.That(
            (fresh.Stage, fresh.Next, fresh.NextAt), Is.EqualTo((RotationStage.Done, "The first token is issued.", (DateTimeOffset?)null)));
        await world.SettleAsync(rotator);
        await world.AwaitDueAsync(rotator);
        await rotator.RunDueAsync();

        var waiting = await rotator.StatusAsync(World.Lineage);
        Assert.That(waiting.Stage, Is.EqualTo(RotationStage.Published));
        Assert.That(waiting.WaitsFor, Does.Contain("'app0' has not acknowledged generation 2."));
        Assert.That(waiting.Next, Is.EqualTo("The old token is revoked if nothing uses it any more."));
        Assert.That(waiting.NextAt, Is.EqualTo(world.Clock.GetUtcNow() + TimeSpan.FromMinutes(1)));
        Assert.That(waiting.Since?.ToString("u", CultureInfo.InvariantCulture), Is.EqualTo("2027-01-23 00:00:00Z"));
    }

    private static int Creates(World world)
        => world.Emulator.Requests.Count(request => request.Method == "POST" && request.Body.Contains("export-", StringComparison.Ordinal));
}
