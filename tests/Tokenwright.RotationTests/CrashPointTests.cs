namespace Tokenwright.RotationTests;

/// <summary>
/// Stops a rotation at any step: before each request, after each response, before and after each commit, and at each step of a file.
/// <see cref="CrashPoints"/> says which.
/// </summary>
[Category(CrashPoints.Category)]
[Parallelizable(ParallelScope.All)]
internal sealed class CrashPointTests
{
    [TestCaseSource(typeof(RotationSubject), nameof(RotationSubject.All))]
    public async Task No_token_is_lost_and_no_call_refused_if_a_process_is_stopped_at_any_step(object subject)
    {
        var whole = new CrashRun((RotationSubject)subject);
        Assert.That(await whole.RunAsync(), Is.Empty, "without a stop");
        Assert.That(whole.LastSteps, Is.GreaterThan(20));
        var count = 0;
        for (var stop = 1 + CrashPoints.FirstOf((RotationSubject)subject); stop <= whole.LastSteps; stop += CrashPoints.Step, count++)
            await CheckAsync(new CrashRun((RotationSubject)subject, stop));
        TestContext.Out.WriteLine($"{subject}: {count} of {whole.LastSteps} crash points");
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
        foreach (var (first, second) in all.Take(CrashPoints.Pairs))
            await CheckAsync(new CrashRun((RotationSubject)subject, first, second));
        TestContext.Out.WriteLine($"{subject}: {Math.Min(CrashPoints.Pairs, all.Length)} of {all.Length} pairs of crash points");
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
