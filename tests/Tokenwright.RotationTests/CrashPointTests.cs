using System.Globalization;

namespace Tokenwright.RotationTests;

/// <summary>
/// Stops a rotation at every step: before each request, after each response, before and after each commit, and at each step of a file. By
/// default, every step once, and a sample of the pairs; <c>TOKENWRIGHT_ROTATION_PAIRS</c> is the number of pairs for each vendor.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class CrashPointTests
{
    private const int DefaultPairs = 6;

    private static int Pairs => int.TryParse(
        Environment.GetEnvironmentVariable("TOKENWRIGHT_ROTATION_PAIRS"), CultureInfo.InvariantCulture, out var pairs)
            ? pairs : DefaultPairs;

    [TestCaseSource(typeof(RotationSubject), nameof(RotationSubject.All))]
    public async Task No_token_is_lost_and_no_call_refused_if_a_process_is_stopped_at_any_step(object subject)
    {
        var whole = new CrashRun((RotationSubject)subject);
        Assert.That(await whole.RunAsync(), Is.Empty, "without a stop");
        Assert.That(whole.LastSteps, Is.GreaterThan(20));
        for (var stop = 1; stop <= whole.LastSteps; stop++)
            await CheckAsync(new CrashRun((RotationSubject)subject, stop));
        TestContext.Out.WriteLine($"{subject}: {whole.LastSteps} crash points");
    }

    [TestCaseSource(typeof(RotationSubject), nameof(RotationSubject.All))]
    public async Task No_token_is_lost_and_no_call_refused_if_two_processes_are_stopped(object subject)
    {
        var whole = new CrashRun((RotationSubject)subject);
        await whole.RunAsync();
        var pairs = from first in Enumerable.Range(1, whole.LastSteps)
                    from second in Enumerable.Range(1, whole.LastSteps + 10)
                    select (first, second);
        var all = pairs.ToArray();
        new Random(18).Shuffle(all);
        foreach (var (first, second) in all.Take(Pairs))
            await CheckAsync(new CrashRun((RotationSubject)subject, first, second));
        TestContext.Out.WriteLine($"{subject}: {Math.Min(Pairs, all.Length)} of {all.Length} pairs of crash points");
    }

    private static async Task CheckAsync(CrashRun run)
    {
        try
        {
            Assert.That(await run.RunAsync(), Is.Empty, run.ToString());
        }
        catch (InvalidOperationException failure)
        {
            Assert.Fail($"{run}: {failure}");
        }
    }
}
