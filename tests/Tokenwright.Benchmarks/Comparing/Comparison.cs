using System.Diagnostics;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>The compare mode: runs the selected parts and prints the measurements.</summary>
internal static class Comparison
{
    private static readonly IReadOnlyList<(string Name, Func<ComparisonOptions, ServerProcess, Task<IReadOnlyList<Row>>> Run)> Parts =
    [
        (CallParts.Canned, (options, _) => CallParts.RunCannedAsync(options)),
        (CallParts.Loopback, CallParts.RunLoopbackAsync),
        (PeakPart.Name, (options, _) => PeakPart.RunAsync(options)),
        (ParallelPart.Name, ParallelPart.RunAsync),
        (GrowthPart.Name, (options, _) => GrowthPart.RunAsync(options)),
        (SlowBodiesPart.Name, SlowBodiesPart.RunAsync),
        (ColdStartPart.Name, ColdStartPart.RunAsync),
    ];

    /// <returns>The exit code: 0 if everything ran and all candidates read the same.</returns>
    public static async Task<int> RunAsync(ComparisonOptions options)
    {
        var unknown = options.Only.Where(only => Parts.All(part => part.Name != only.Split('/')[0])).ToList();
        if (unknown.Count > 0)
            throw new ArgumentException(
                $"There is no part {string.Join(", ", unknown)}; there are {string.Join(", ", Parts.Select(part => part.Name))}.");

        var start = Stopwatch.GetTimestamp();
        var rows = new List<Row>();
        var failures = 0;
        using var server = await ServerProcess.StartAsync();
        foreach (var (name, run) in Parts.Where(part => options.Wants(part.Name)))
        {
            try
            {
                rows.AddRange(await run(options, server));
            }
            catch (Exception failure)
            {
                failures++;
                Console.Error.WriteLine($"{name} FAILED: {failure}");
            }
        }

        if (options.IsSmoke)
            Console.WriteLine(
                $"{rows.Count} measurements run, {failures} parts " +
                $"failed{(failures == 0 ? "; all candidates read the same" : string.Empty)}.");
        else if (options.AsJson)
            Report.PrintJson(rows, Stopwatch.GetElapsedTime(start));
        else
            Report.PrintTable(rows, Stopwatch.GetElapsedTime(start));
        return failures == 0 ? Environment.ExitCode : 1;
    }
}
