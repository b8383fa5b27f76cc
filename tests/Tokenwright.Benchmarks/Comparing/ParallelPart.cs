using Tokenwright.Benchmarks.Candidates;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>
/// Measures the gain of parallel pages where the service takes 50 ms for each: ten pages of a list, compared with the facade reading one
/// page after the other.
/// </summary>
internal static class ParallelPart
{
    public const string Name = "parallel";

    public static async Task<IReadOnlyList<Row>> RunAsync(ComparisonOptions options, ServerProcess server)
    {
        var address = server.At(Server.Late);
        using var bare = CandidateKind.Bare.Create(null, address);
        using var facade = new FacadeCandidate(null, address);
        using var parallel = new FacadeCandidate(null, address, new TokenQuery { PagesInFlight = 4 });

        return await new Contest(
            Name,
            "list",
            [
                new Contestant("facade, one page after the other", facade.ListAsync),
                new Contestant("facade, four in flight", parallel.ListAsync),
                new Contestant("bare, one page after the other", bare.ListAsync),
            ])
        {
            Rounds = 7,
            IsWaiting = true,
        }.RunAsync(options);
    }
}
