using Tokenwright.Benchmarks.Candidates;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>
/// Measures the peak memory while 10,000 tokens are streamed and none is kept, beyond what was in use after two earlier streams. It forces
/// garbage collections during the enumeration, so it doesn't measure time. Pooled buffers count as in use before; garbage doesn't count.
/// </summary>
internal static class PeakPart
{
    public const string Name = "peak";

    public static async Task<IReadOnlyList<Row>> RunAsync(ComparisonOptions options)
    {
        Console.Error.WriteLine($"{Name} …");
        var responses = new Responses(10_000);
        var rows = new List<Row>();
        foreach (var kind in CandidateKind.All)
        {
            using var candidate = kind.Create(new CannedTransport(responses), Request.CannedAddress);
            await candidate.StreamAsync();
            await candidate.StreamAsync();
            var repeats = new List<double>();
            for (var repeat = 0; repeat < (options.IsSmoke ? 1 : options.Rounds ?? 3); repeat++)
                repeats.Add(await PeakAsync(candidate, step: options.IsSmoke ? 3_333 : 333));
            rows.Add(new Row(Name, "stream", kind.Name, Spread.Of(repeats), "KiB"));
        }

        return rows;
    }

    // The steps reach different places of the pages: their first token, their last, and between.
    private static async Task<double> PeakAsync(Candidate candidate, int step)
    {
        var level = LiveMemory.Measure();
        var peak = 0L;
        await candidate.StreamAsync(number =>
        {
            if (number % step == 0)
                peak = Math.Max(peak, LiveMemory.Measure() - level);
        });
        return peak / 1024.0;
    }
}
