using Microsoft.Data.Sqlite;
using Tokenwright.Rotation;

namespace Tokenwright.RotationTests;

/// <summary>
/// A journal is restored from a backup, although rotations went on after it. No token in use is revoked, and nothing is left behind.
/// </summary>
[Category(CrashPoints.Category)]
[Parallelizable(ParallelScope.All)]
internal sealed class RestoreTests
{
    private static IEnumerable<RotationSubject> Subjects
        => [RotationSubject.SailPoint, RotationSubject.Xms, RotationSubject.Fimidara, RotationSubject.ExtremeCloudIQ];

    [TestCaseSource(nameof(Subjects))]
    public async Task A_journal_of_any_moment_is_noticed_to_be_old(object subject)
    {
        var count = int.MaxValue;
        for (var moment = CrashPoints.FirstOf((RotationSubject)subject); moment < count; moment += CrashPoints.Step)
        {
            await using var world = new World((RotationSubject)subject);
            var backups = new List<string>();
            using (var rotator = world.Start(new Freezer { OnStep = step => BackupAfterCommit(world, backups, step) }))
            {
                await world.SettleAsync(rotator);
                for (var rotation = 2; rotation <= 3; rotation++)
                {
                    await world.AwaitDueAsync(rotator);
                    await world.SettleAsync(rotator, status => World.IsAtRest(status) && status.Generation == rotation);
                }
            }

            await world.KillAsync();

            // Backups of the first two generations. The third one is older than the world at no time.
            count = Math.Min(backups.Count, 26);
            Restore(world, backups[moment]);
            using var restored = world.Start();
            var status = await world.SettleAsync(restored, status => World.IsAtRest(status) && status.Generation >= 3);

            Assert.That(world.Consumers.SelectMany(consumer => consumer.Refused), Is.Empty, $"moment {moment}");
            Assert.That(
                world.Tokens, Has.Count.EqualTo(1), $"moment {moment}: {string.Join(Environment.NewLine, status.Evidence)}");
        }

        Assert.That(count, Is.GreaterThan(10));
        TestContext.Out.WriteLine($"{subject}: {count} backups");
    }

    [Test]
    public async Task Nothing_is_minted_before_the_tokens_that_the_journal_does_not_know_were_noticed()
    {
        await using var world = new World(RotationSubject.SailPoint);
        var written = new List<RotatedSecret>();
        world.Sinks = [new DelegateSecretSink("a vault that can't be read", (secret, _) =>
        {
            written.Add(secret);
            return Task.CompletedTask;
        })];
        var backups = new List<string>();
        string first;
        using (var rotator = world.Start(new Freezer { OnStep = step => BackupAfterCommit(world, backups, step) }))
        {
            await world.SettleAsync(rotator, status => status.Generation == 1);
            first = backups[^1];
            await world.AwaitDueAsync(rotator);
            await world.SettleAsync(rotator, status => status.Generation == 2);
        }

        await world.KillAsync();
        Restore(world, first);
        using var restored = world.Start();
        await restored.RunDueAsync();

        var status = await restored.StatusAsync(World.Lineage);
        Assert.That(status.Generation, Is.EqualTo(3), "the number of the token that exists is not used again");
        Assert.That(status.Evidence.Select(one => one.Text), Has.Some.Contains("generation 2 exists that the journal doesn't know"));
        Assert.That(status.OldGenerations, Is.EqualTo(new[] { 1, 2 }), "both are kept until the gate opens");
        Assert.That(world.Living, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_token_in_use_is_not_taken_for_one_whose_response_was_lost()
    {
        await using var world = new World(RotationSubject.Xms, intervals: []);
        var written = new List<RotatedSecret>();
        world.Sinks = [new DelegateSecretSink("a vault that can't be read", (secret, _) =>
        {
            written.Add(secret);
            return Task.CompletedTask;
        })];
        var backups = new List<string>();
        using (var rotator = world.Start(new Freezer
        {
            OnStep = step =>
            {
                if (step == $"send POST {LostResponseTests.CreatePath(world)}")
                    Backup(world, backups);
            },
        }))
        {
            await world.SettleAsync(rotator);
            await world.AwaitDueAsync(rotator);
            await world.SettleAsync(rotator, World.IsReplacedAtRest);
        }

        await world.KillAsync();
        var inUse = written[^1].Id;
        Restore(world, backups[^1]);
        using var restored = world.Start();
        await restored.RunDueAsync();

        Assert.That(world.Living.Select(token => token.Id), Does.Contain(inUse), "the vault has it");
        var status = await restored.StatusAsync(World.Lineage);
        Assert.That(status.Evidence.Select(one => one.Text), Has.Some.Contains($"(id {inUse}) exists and can be in use"));
        await world.SettleAsync(restored, World.IsReplacedAtRest);
        Assert.That(world.Living.Select(token => token.Id), Is.EqualTo(new[] { written[^1].Id }));
    }

    private static void BackupAfterCommit(World world, List<string> backups, string step)
    {
        if (step == "committed")
            Backup(world, backups);
    }

    internal static void Backup(World world, List<string> backups)
    {
        var path = Path.Combine(world.Directory, $"backup-{backups.Count}.db");
        using var connection = new SqliteConnection($"Data Source={world.JournalPath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"VACUUM INTO '{path}'";
        command.ExecuteNonQuery();
        backups.Add(path);
    }

    internal static void Restore(World world, string backup)
    {
        foreach (var file in Directory.GetFiles(world.Directory, "rotation.db*"))
            File.Delete(file);
        File.Copy(backup, world.JournalPath);
    }
}
