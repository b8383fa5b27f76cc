using System.Diagnostics;
using System.Globalization;
using Tokenwright.Rotation;
using Tokenwright.RotationTests.Rotator;
using Tokenwright.Testing;

namespace Tokenwright.RotationTests;

/// <summary>
/// Kills a process that rotates, with SIGKILL: while a request or its response is under way, while the secret is written, or at a random
/// moment. Afterwards one token works, no call of a consumer was refused, and no token exists that nobody knows of.
/// <c>TOKENWRIGHT_ROTATION_SEEDS</c> is the number of seeds for each kind of token.
/// </summary>
[Category(CrashPoints.Category)]
[Platform(Exclude = "Win", Reason = "SIGKILL is a signal of Unix.")]
[Parallelizable(ParallelScope.All)]
[CancelAfter(3_600_000)]
internal sealed class SigkillTests
{
    private const int DefaultSeeds = 5;
    private const int Moments = 5;
    private const int Runs = 4;
    private const int WhileWriting = 3;
    private const int FirstRequests = 6;
    private const int LaterRequests = 2;
    private const int LongestMilliseconds = 800;

    private static int Seeds => int.TryParse(
        Environment.GetEnvironmentVariable("TOKENWRIGHT_ROTATION_SEEDS"), CultureInfo.InvariantCulture, out var seeds)
            ? seeds : DefaultSeeds;

    [TestCaseSource(typeof(RotationSubject), nameof(RotationSubject.All))]
    public async Task No_token_is_lost_and_no_call_refused_if_a_process_is_killed(object subject, CancellationToken cancellationToken)
    {
        var killedAt = new SortedDictionary<RotationStage, int>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var (position, broken) = await RunAsync((RotationSubject)subject, seed, cancellationToken);
            killedAt[position] = killedAt.GetValueOrDefault(position) + 1;
            Assert.That(broken, Is.Empty, $"{subject}, seed {seed}, killed at {position}");
        }

        TestContext.Out.WriteLine(
            $"{subject}: {Seeds} seeds, killed at {string.Join(", ", killedAt.Select(one => $"{one.Key} {one.Value}"))}");
    }

    private static async Task<(RotationStage Position, IReadOnlyList<string> Broken)> RunAsync(
        RotationSubject subject, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        await using var world = new World(subject);
        using (var first = world.Start())
        {
            await world.SettleAsync(first);
            await world.AwaitDueAsync(first);
        }

        await world.KillAsync();
        await using (var process = await RotatorProcess.StartAsync(JobIn(world), cancellationToken))
        {
            // In some seeds the first runs are not disturbed, so that the process is killed when it revokes the old token. A secret is
            // written in the first run only.
            var undisturbed = seed % Moments < WhileWriting ? random.Next(Runs) : 0;
            using (var other = world.Start())
            {
                for (var run = 0; run < undisturbed; run++)
                {
                    await GoAsync(world, process, process.WaitForReportAsync(cancellationToken));
                    await world.ConsumeAsync();
                    await world.AwaitDueAsync(other);
                }
            }

            using var files = new FileSystemWatcher(world.Directory);
            var fault = seed % Moments == 0 ? Fault.Delay(TimeSpan.FromMilliseconds(1)) : Fault.Stall();
            var reached = MomentOf(seed, random, world, fault, undisturbed == 0 ? FirstRequests : LaterRequests, files, cancellationToken);
            await GoAsync(
                world, process, Task.WhenAny(reached, process.WaitForReportAsync(cancellationToken)).WaitAsync(cancellationToken));
            await process.KillAsync();
            world.Clock.Advance(TimeSpan.FromMilliseconds(1));
            if (fault.Happened.IsCompleted)
                await fault.Handled.WaitAsync(cancellationToken);
        }

        await world.KillAsync();
        world.Emulator.Faults.Clear();
        await world.ConsumeAsync();
        using var rotator = world.Start();
        var position = (await rotator.StatusAsync(World.Lineage, cancellationToken)).Position;
        return (position, await CrashRun.BrokenAsync(world, await CrashRun.SettleWithHelpAsync(world, rotator)));
    }

    private static async Task GoAsync(World world, RotatorProcess process, Task end)
    {
        var since = Stopwatch.GetTimestamp();
        await process.GoAsync(world.Clock.GetUtcNow() - TimeProvider.System.GetUtcNow());
        await end;
        world.Clock.Advance(Stopwatch.GetElapsedTime(since));
    }

    // The server waits by the clock of the test, which stands still, so a delayed request is carried out when the process has ended.
    private static Task MomentOf(
        int seed, Random random, World world, Fault fault, int requests, FileSystemWatcher files, CancellationToken cancellationToken)
    {
        switch (seed % Moments)
        {
            case 0 or 1:
                if (random.Next(requests) is > 0 and var before)
                    world.Emulator.Faults.Inject(Fault.Delay(TimeSpan.Zero), times: before);
                world.Emulator.Faults.Inject(fault);
                return fault.Happened;
            case 2:
                return Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestMilliseconds)), TimeProvider.System, cancellationToken);
            default:
                // A secret is first written to a file of another name.
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                files.Filter = $"*{Path.GetFileName(world.SecretPath)}*";
                if (seed % Moments == WhileWriting)
                    files.Created += (_, _) => reached.TrySetResult();
                else
                    files.Renamed += (_, _) => reached.TrySetResult();
                files.EnableRaisingEvents = true;
                return reached.Task;
        }
    }

    private static RotatorJob JobIn(World world)
    {
        var request = world.Subject.CreateRequest("any");
        return new()
        {
            JournalPath = world.JournalPath,
            Vendor = world.Emulator.Vendor,
            Connections = new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["lab"] = new Dictionary<string, string>(world.Subject.SettingsOf(world.Emulator))
                    { ["CreationSettleTime"] = "00:00:00", ["MaxRetries"] = "0" },
            },
            Lineages = [new(World.Lineage, "lab", world.SecretPath)],
            Consumers = world.ConsumerNames,
            Scopes = [.. (request.Scopes ?? []).Select(scope => scope.Value)],
            Roles = [.. (request.Roles ?? []).Select(role => role.Value)],
            IsDescribed = request.Name is null,
            IdToken = world.Subject == RotationSubject.VMwareCloud ? VMwareCloudEmulator.IdToken.Reveal() : null,
        };
    }
}
