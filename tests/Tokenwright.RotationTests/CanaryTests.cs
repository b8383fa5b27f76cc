using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using Tokenwright.Rotation;
using Tokenwright.Testing;

namespace Tokenwright.RotationTests;

internal sealed class CanaryTests
{
    [TestCaseSource(typeof(RotationSubject), nameof(RotationSubject.All))]
    public async Task No_secret_is_in_the_journal_the_log_the_status_or_a_trace(object subject)
    {
        await using var world = new World((RotationSubject)subject);
        using var logs = new CollectingLogs();
        world.Logs = logs;
        var secrets = new HashSet<string>();
        var file = new FileSecretSink(world.SecretPath);
        var isBroken = true;
        world.Sinks = [file, new DelegateSecretSink("a vault", (secret, _) =>
        {
            secrets.Add(secret.Secret.Reveal());
            isBroken = !isBroken;
            return isBroken ? throw new IOException($"It can't store {secret.Secret.Reveal()}.") : Task.CompletedTask;
        })];
        var written = new StringBuilder();
        var seals = new List<byte[]>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == TokenwrightTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => written.AppendJoin(' ', activity.TagObjects).Append(activity.DisplayName)
                .Append(activity.StatusDescription).AppendJoin(' ', activity.Events.SelectMany(one => one.Tags)),
        };
        ActivitySource.AddActivityListener(listener);
        using var rotator = world.Start(new Freezer
        {
            OnStep = step =>
            {
                if (step == "committed")
                    written.Append(Encoding.Latin1.GetString(Read(world.JournalPath)))
                        .Append(Encoding.Latin1.GetString(Read(world.JournalPath + "-wal")));
            },
        });
        await world.SettleAsync(rotator);
        seals.AddRange(Seals(world));
        await world.AwaitDueAsync(rotator);
        var status = await world.SettleAsync(rotator, World.IsReplacedAtRest);
        written.Append(logs.Text).AppendJoin(' ', status.Evidence).Append(status.WaitsFor).Append(status.Attention)
            .AppendJoin(' ', world.Events.Select(one => one.Text));

        Assert.That(secrets, Has.Count.EqualTo(2));
        Assert.That(written.ToString(), Does.Contain("rotation.minted").And.Contain("can't be written to a vault: It can't store ***"));
        foreach (var secret in secrets.Append(VMwareCloudEmulator.IdToken.Reveal()))
            Assert.That(written.ToString(), Does.Not.Contain(secret));

        // The secret of the token in use stays sealed in the journal, because some vendors revoke a token only by its value.
        Assert.That(Seals(world), Has.Count.EqualTo(1));
        foreach (var path in new[] { world.JournalPath, world.JournalPath + "-wal" })
            Assert.That(Read(path).AsSpan().IndexOf(seals.Single()) < 0, "the sealed secret of the old token is erased");
    }

    private static byte[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static List<byte[]> Seals(World world)
    {
        using var connection = new SqliteConnection($"Data Source={world.JournalPath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT sealed FROM secret";
        using var row = command.ExecuteReader();
        var all = new List<byte[]>();
        while (row.Read())
            all.Add(row.GetFieldValue<byte[]>(0));
        return all;
    }
}
