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

    private static readonly Dictionary<CandidateGroup, string> Titles = new()
    {
        [CandidateGroup.WithoutResilience] = "without resilience",
        [CandidateGroup.SameWork] = "the same work: retries, timeouts, a token read for each request",
        [CandidateGroup.FacadeConfiguration] = "the facade in other configurations",
    };

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
            var kinds = CandidateKind.All.Where(kind => kind.Group != CandidateGroup.FacadeConfiguration || IsConfigured(part, name));
            var candidates = kinds.Select(kind => (Kind: kind, Candidate: create(kind))).ToList();
            var contestants = candidates.Select(one => new Contestant(one.Kind.Name, () => run(one.Candidate))
                { AlsoComparedWith = IsPeer(one.Kind) ? CandidateKind.Facade.Name : null });
            var measured = await new Contest(part, name, [.. contestants]) { Rounds = rounds }.RunAsync(options);
            rows.AddRange(measured.Zip(candidates, (row, one) => row with { Group = Titles[one.Kind.Group] }));
            candidates.ForEach(one => one.Candidate.Dispose());
        }

        return rows;
    }

    private static bool IsPeer(CandidateKind kind) => kind.Group == CandidateGroup.SameWork && kind != CandidateKind.Facade;

    // Only single calls are short enough that a log and the kind of credential matter.
    private static bool IsConfigured(string part, string workload) => part == Canned && workload is ("get" or "create");

    private static async Task CheckRequestsAsync(Responses responses)
    {
        foreach (var kind in CandidateKind.All)
        {
            using var candidate = kind.Create(new CheckingTransport(new CannedTransport(responses)), Request.CannedAddress);
            foreach (var (_, run) in Workloads)
                await run(candidate);
            if (IsPeer(kind))
                await SameWorkCheck.RunAsync(kind, responses);
        }
    }
}
