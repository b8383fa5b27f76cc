using System.Globalization;
using Tokenwright.Benchmarks.Candidates;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>
/// Measures whether longer lists cost more per token: 1,000, 10,000 and 100,000 tokens in memory, each compared with 10,000 of the same
/// candidate, and how much more they cost than with the bare client.
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
        return
        [
            .. await RunAsync(options, "list", responses, candidate => candidate.ListAsync()),
            .. await RunAsync(options, "stream", responses, candidate => candidate.StreamAsync()),
        ];
    }

    // All candidates are in one contest, so that their growth is compared in the same rounds.
    private static async Task<IReadOnlyList<Row>> RunAsync(
        ComparisonOptions options, string workload, Dictionary<int, Responses> responses, Func<Candidate, Task<long>> run)
    {
        var candidates = new List<Candidate>();
        var contestants = new List<Contestant>();
        foreach (var kind in Kinds)
        {
            foreach (var size in responses.Keys)
            {
                var candidate = kind.Create(new CannedTransport(responses[size]), Request.CannedAddress);
                candidates.Add(candidate);
                contestants.Add(new Contestant(NameOf(kind, size), () => run(candidate))
                {
                    Workload = NameOf(size),
                    Units = size,
                    ComparedWith = NameOf(kind, Middle),
                    AlsoComparedWith = kind == CandidateKind.Bare || size == Middle ? null : NameOf(CandidateKind.Bare, size),
                });
            }
        }

        var rows = await new Contest(Name, workload, contestants) { Rounds = 5, MostPasses = 4 }.RunAsync(options);
        candidates.ForEach(candidate => candidate.Dispose());
        return [.. rows.Select(row => row with { Workload = workload, Unit = "µs/token" })];
    }

    private static string NameOf(CandidateKind kind, int size) => $"{kind.Name}, {NameOf(size)}";

    private static string NameOf(int size) => string.Create(CultureInfo.InvariantCulture, $"{size:N0} tokens");
}
