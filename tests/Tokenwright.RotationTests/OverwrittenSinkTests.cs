using Tokenwright.Rotation;

namespace Tokenwright.RotationTests;

/// <summary>
/// A sink is overwritten with an old secret after the publication, by a process that stalled before it wrote it, or by a person. Consumers
/// go back to that token, and it isn't revoked before all of them use the new one again.
/// </summary>
[Category(CrashPoints.Category)]
[Parallelizable(ParallelScope.All)]
internal sealed class OverwrittenSinkTests
{
    private static IEnumerable<RotationSubject> Subjects
        => [RotationSubject.SailPoint, RotationSubject.Xms, RotationSubject.Fimidara, RotationSubject.ExtremeCloudIQ];

    [TestCaseSource(nameof(Subjects))]
    public async Task The_token_in_use_is_published_again_and_acknowledged_again(object subject)
    {
        await using var world = await OverwrittenAsync((RotationSubject)subject);
        using var rotator = world.Start();
        var before = await rotator.StatusAsync(World.Lineage);
        Assert.That((before.Generation, before.Stage), Is.EqualTo((2, RotationStage.Published)));

        var published = await world.SettleAsync(rotator, status => status.Generation == 3);
        var status = await world.SettleAsync(rotator);

        Assert.That((status.Generation, status.TokenId), Is.EqualTo((3, before.TokenId)), "no token was issued");
        Assert.That(world.Events.Where(one => one.NeedsAttention).Select(one => one.Text), Has.One.EqualTo(
            $"The secret in the file '{world.SecretPath}' is that of generation 1, not 2. The token in use is published again, as " +
            "generation 3."));
        Assert.That(status.Since - published.Since, Is.GreaterThanOrEqualTo(world.Policy.Overlap), "the waiting begins again");
        Assert.That(world.Consumers.Select(consumer => consumer.Generation), Is.All.EqualTo(3));
        await LostResponseTests.AssertCleanAsync(world, status);
    }

    [TestCaseSource(nameof(Subjects))]
    public async Task A_process_that_is_stopped_meanwhile_is_continued(object subject)
    {
        var isStopped = true;
        var stop = 1 + CrashPoints.FirstOf((RotationSubject)subject);
        for (; isStopped; stop += CrashPoints.Step)
        {
            await using var world = await OverwrittenAsync((RotationSubject)subject);
            var freezer = new Freezer(stop);
            using (var rotator = world.Start(freezer))
            {
                var settled = world.SettleAsync(rotator, status => World.IsAtRest(status) && status.Generation == 3);
                isStopped = await Task.WhenAny(settled, freezer.Frozen) != settled;
                if (!isStopped)
                    await settled;
            }

            await world.KillAsync();
            using var other = world.Start();
            await LostResponseTests.AssertCleanAsync(
                world, await world.SettleAsync(other, status => World.IsAtRest(status) && status.Generation == 3));
        }

        Assert.That(stop, Is.GreaterThan(15));
    }

    [TestCaseSource(nameof(Subjects))]
    public async Task A_journal_from_before_is_noticed_to_be_old(object subject)
    {
        await using var world = await OverwrittenAsync((RotationSubject)subject);
        var backups = new List<string>();
        RestoreTests.Backup(world, backups);
        using (var rotator = world.Start())
            await world.SettleAsync(rotator, status => status.Generation == 3);
        await world.KillAsync();

        RestoreTests.Restore(world, backups[0]);
        using var restored = world.Start();
        await LostResponseTests.AssertCleanAsync(
            world, await world.SettleAsync(restored, status => World.IsAtRest(status) && status.Generation == 3));
    }

    [Test]
    public async Task A_process_that_lost_its_lock_writes_a_secret_after_its_successor()
    {
        await using var world = await LostResponseTests.DueAsync(RotationSubject.Xms);
        var sink = new StallingSink(world.SecretPath);
        world.Sinks = [sink];
        var stalled = world.Start().RunDueAsync();
        await sink.Stalled;
        await world.KillAsync();

        using var rotator = world.Start();
        await world.SettleAsync(rotator, World.IsReplacedAtRest);
        await world.AwaitDueAsync(rotator);
        await world.SettleAsync(rotator, status => status is { Generation: 3, Stage: RotationStage.Published });
        sink.Release();
        Assert.That((await stalled).Failures.Keys, Is.EqualTo(new[] { World.Lineage }), "its journal refuses it");
        Assert.That((await sink.ReadBackAsync())!.Generation, Is.EqualTo(2), "the sink has the old secret");

        var status = await world.SettleAsync(rotator);
        Assert.That(status.Generation, Is.EqualTo(4));
        await LostResponseTests.AssertCleanAsync(world, status);
    }

    [Test]
    public async Task A_place_that_shows_a_new_secret_late_is_read_again()
    {
        var shown = new Queue<RotatedSecret>();
        await using var world = new World(RotationSubject.Xms, new RotationPolicy { Overlap = TimeSpan.Zero }, intervals: []);
        world.Sinks = [new DelegateSecretSink("a slow vault", (secret, _) =>
        {
            shown.Enqueue(secret);
            return Task.CompletedTask;
        }, _ => Task.FromResult(shown.Count > 1 && world.Clock.GetUtcNow().Second < 5 ? shown.Peek() : shown.LastOrDefault()))];
        using var rotator = world.Start();
        await world.SettleAsync(rotator);
        await world.AwaitDueAsync(rotator);
        await rotator.RunDueAsync();

        var waiting = await rotator.StatusAsync(World.Lineage);
        Assert.That((waiting.Generation, waiting.OldGenerations), Is.EqualTo((2, new[] { 1 })));
        Assert.That(waiting.WaitsFor, Is.EqualTo("The secret in a slow vault is that of generation 1, not 2."));
        Assert.That((await world.SettleAsync(rotator, World.IsReplacedAtRest)).Generation, Is.EqualTo(2));
    }

    // Consumers use generation 2, and then a sink has generation 1 again.
    private static async Task<World> OverwrittenAsync(RotationSubject subject)
    {
        var world = await LostResponseTests.DueAsync(subject);
        var sink = new FileSecretSink(world.SecretPath);
        var old = (await sink.ReadBackAsync())!;
        using (var rotator = world.Start())
            await rotator.RunDueAsync();
        await world.KillAsync();
        for (var turn = 0; turn < 4; turn++)
            await world.ConsumeAsync();
        Assert.That(world.Consumers.Select(consumer => consumer.Generation), Is.All.EqualTo(2));
        await sink.WriteAsync(old);
        return world;
    }

    // A file, at which the first write stalls until it is released.
    private sealed class StallingSink(string path) : ISecretSink
    {
        private readonly FileSecretSink _file = new(path);
        private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stalled => _stalled.Task;

        public string Description => _file.Description;

        public void Release() => _released.SetResult();

        public async Task WriteAsync(RotatedSecret secret, CancellationToken cancellationToken = default)
        {
            if (_stalled.TrySetResult())
                await _released.Task.WaitAsync(cancellationToken);
            await _file.WriteAsync(secret, cancellationToken);
        }

        public Task<RotatedSecret?> ReadBackAsync(CancellationToken cancellationToken = default) => _file.ReadBackAsync(cancellationToken);

        public Task<IReadOnlyDictionary<string, int>> ReadAcknowledgementsAsync(
            IReadOnlyList<string> consumers, CancellationToken cancellationToken = default)
            => _file.ReadAcknowledgementsAsync(consumers, cancellationToken);
    }
}
