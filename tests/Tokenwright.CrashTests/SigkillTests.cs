using System.Globalization;

namespace Tokenwright.CrashTests;

/// <summary>
/// Kills programs while they issue tokens. TOKENWRIGHT_CRASH_SEEDS sets the number of seeds for each kind of recovery,
/// TOKENWRIGHT_CRASH_SEED runs a single one.
/// </summary>
[Platform(Exclude = "Win", Reason = "SIGKILL is a signal of Unix.")]
[CancelAfter(900_000)]
internal sealed class SigkillTests
{
    private const int DefaultSeeds = 8;

    // A seed mostly waits.
    private static readonly int AtATime = 4 * Environment.ProcessorCount;
    private static readonly TimeSpan LongestSeed = TimeSpan.FromMinutes(1);

    [TestCase(CreationRecovery.Recoverable)]
    [TestCase(CreationRecovery.FindAndRevoke)]
    [TestCase(CreationRecovery.BoundedByExpiry)]
    public async Task After_a_kill_and_a_restart_no_unknown_token_exists(CreationRecovery recovery)
    {
        var single = Setting("TOKENWRIGHT_CRASH_SEED");
        var count = single is null ? Setting("TOKENWRIGHT_CRASH_SEEDS") ?? DefaultSeeds : 1;
        var plans = Enumerable.Range(single ?? 0, count).Select(seed => new CrashPlan(recovery, seed)).ToList();
        var tally = new CrashTally();

        await Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = AtATime,
            CancellationToken = TestContext.CurrentContext.CancellationToken }, async (plan, cancellationToken) =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(LongestSeed);
            using var crash = new Crash(plan);
            Exception? failure = null;
            try
            {
                await crash.RunAsync(limit.Token);
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            tally.Add(plan, crash, failure);
        });

        TestContext.Out.WriteLine(tally.Text(recovery));
        if (single is null)
            Assert.That(tally.Orphans, Is.GreaterThanOrEqualTo(count / 5), "The kills hardly fall where they hurt.");
        Assert.That(tally.Failures, Is.Empty, $"Each names its seed; TOKENWRIGHT_CRASH_SEED=… runs it alone. {tally.Text(recovery)}");
    }

    private static int? Setting(string variable)
        => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;
}
