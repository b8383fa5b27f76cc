using System.Globalization;
using Tokenwright.Benchmarks.Candidates;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>
/// Measures whether longer lists cost more per token: 1,000, 10,000 and 100,000 tokens in memory, each compared with 10,000 of the same
/// candidate.
/// </summary>
internal static class GrowthPart
{
    public const string Name = "growth";

    private const int Middle = 10_000;

    private static readonly CandidateKind[] Kinds = [CandidateKind.Bare, CandidateKind.Typed, CandidateKind.Facade];

    public static async Task<IReadOnlyList<Row>> RunAsync(ComparisonOptions options)
    {
        int[] sizes = options.IsSmoke ? [1_000, Middle] : [1_000, Middle, 100_000];
        var responses = sizes.ToDictionary(size => size, size => new Responses(size));
        var rows = new List<Row>();
        foreach (var kind in Kinds)
        {
            rows.AddRange(await RunAsync(options, $"list, {kind.Name}", kind, responses, candidate => candidate.ListAsync()));
            rows.AddRange(await RunAsync(options, $"stream, {kind.Name}", kind, responses, candidate => candidate.StreamAsync()));
        }

        return rows;
    }

    private static async Task<IReadOnlyList<Row>> RunAsync(
        ComparisonOptions options, string workload, CandidateKind kind,
        Dictionary<int, Responses> responses, Func<Candidate, Task<long>> run)
    {
        var candidates =
            responses.ToDictionary(size => size.Key, size => kind.Create(new CannedTransport(size.Value), Request.CannedAddress));
        Contestant Of(int size) =>
            new(workload, () => run(candidates[size])) { Workload = size.ToString("N0", CultureInfo.InvariantCulture), Units = size };
        var middle = Of(Middle);
        var contestants = responses.Keys.Select(size => size == Middle ? middle : Of(size) with { ComparedWith = middle }).ToList();
        var rows = await new Contest(Name, workload, [middle, .. contestants.Where(one => one != middle)]) { Rounds = 5, MostPasses = 4 }
            .RunAsync(options);
        foreach (var candidate in candidates.Values)
            candidate.Dispose();
        return [.. rows.Select(row => row with { Workload = workload, Candidate = $"{row.Workload} tokens", Unit = "µs/token" })];
    }
}
