using Tokenwright.Benchmarks.Candidates;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>
/// The four workloads with every candidate: over the transport in memory (<c>canned</c>), and over http to another process
/// (<c>loopback</c>).
/// </summary>
internal static class CallParts
{
    public const string Canned = "canned";
    public const string Loopback = "loopback";

    private static readonly IReadOnlyList<(string Name, Func<Candidate, Task<long>> Run)> Workloads =
    [
        ("list", candidate => candidate.ListAsync()),
        ("stream", candidate => candidate.StreamAsync()),
        ("get", candidate => candidate.GetAsync()),
        ("create", candidate => candidate.CreateAsync()),
    ];

    public static async Task<IReadOnlyList<Row>> RunCannedAsync(ComparisonOptions options)
    {
        var responses = new Responses(10_000);
        await CheckRequestsAsync(responses);
        return await RunAsync(Canned, options, rounds: 15, kind => kind.Create(new CannedTransport(responses), Request.CannedAddress));
    }

    public static Task<IReadOnlyList<Row>> RunLoopbackAsync(ComparisonOptions options, ServerProcess server)
        => RunAsync(Loopback, options, rounds: 9, kind => kind.Create(null, server.At(Server.AtOnce)));

    private static async Task<IReadOnlyList<Row>> RunAsync(
        string part, ComparisonOptions options, int rounds, Func<CandidateKind, Candidate> create)
    {
        var rows = new List<Row>();
        foreach (var (name, run) in Workloads.Where(workload => options.Wants(part, workload.Name)))
        {
            var candidates = CandidateKind.All.Select(kind => (kind.Name, Candidate: create(kind))).ToList();
            rows.AddRange(await new Contest(part, name, [.. candidates.Select(one => new Contestant(one.Name, () => run(one.Candidate)))])
                { Rounds = rounds }.RunAsync(options));
            candidates.ForEach(one => one.Candidate.Dispose());
        }

        return rows;
    }

    private static async Task CheckRequestsAsync(Responses responses)
    {
        foreach (var kind in CandidateKind.All)
        {
            using var candidate = kind.Create(new CheckingTransport(new CannedTransport(responses)), Request.CannedAddress);
            foreach (var (_, run) in Workloads)
                await run(candidate);
        }
    }
}
