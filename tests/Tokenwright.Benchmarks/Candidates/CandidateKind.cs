using Microsoft.Extensions.Logging;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>The name of a candidate, and how to create it.</summary>
/// <param name="Name">The name in tables and on the command line.</param>
/// <param name="Create">Creates a candidate from a transport (null for the candidate's own) and the address of the service.</param>
internal sealed record CandidateKind(string Name, Func<HttpMessageHandler?, Uri, Candidate> Create)
{
    public static readonly CandidateKind Bare = new("bare", (transport, address) => new BareCandidate(transport, address));
    public static readonly CandidateKind SourceGeneration =
        new("bare + source generation", (transport, address) => new SourceGenerationCandidate(transport, address));
    public static readonly CandidateKind Typed =
        new("typed client", (transport, address) => new TypedClientCandidate(transport, address, keepsUnknownMembers: false));
    public static readonly CandidateKind TypedKeeping = new(
        "typed client, keeping unknown", (transport, address) => new TypedClientCandidate(transport, address, keepsUnknownMembers: true));
    public static readonly CandidateKind StockNSwag =
        new("stock NSwag", (transport, address) => new StockNSwagCandidate(Candidate.CreateHttpClient(transport, address)));
    public static readonly CandidateKind Refit =
        new("Refit", (transport, address) => new RefitCandidate(Candidate.CreateHttpClient(transport, address)));
    public static readonly CandidateKind RestSharp = new("RestSharp", (transport, address) => new RestSharpCandidate(transport, address));

    public static readonly CandidateKind Facade =
        new("facade", (transport, address) => new FacadeCandidate(transport, address)) { Group = CandidateGroup.SameWork };
    public static readonly CandidateKind ResilientRefit =
        new("Refit + resilience", (transport, address) => new RefitCandidate(new ResilientHttp(transport, address)))
            { Group = CandidateGroup.SameWork };
    public static readonly CandidateKind Kiota =
        new("Kiota", (transport, address) => new KiotaCandidate(transport, address)) { Group = CandidateGroup.SameWork };
    public static readonly CandidateKind ResilientNSwag =
        new("stock NSwag + resilience", (transport, address) => new StockNSwagCandidate(new ResilientHttp(transport, address)))
            { Group = CandidateGroup.SameWork };

    public static readonly CandidateKind FacadeLogging =
        new("facade, log at information", (transport, address) => new FacadeCandidate(transport, address, level: LogLevel.Information))
            { Group = CandidateGroup.FacadeConfiguration };
    public static readonly CandidateKind FacadeSigningIn =
        new("facade, exchanged credential", FacadeCandidate.SigningIn) { Group = CandidateGroup.FacadeConfiguration };

    /// <summary>Gets all candidates, group by group. The first one is the baseline.</summary>
    public static readonly IReadOnlyList<CandidateKind> All =
    [
        Bare, SourceGeneration, Typed, TypedKeeping, StockNSwag, Refit, RestSharp,
        Facade, ResilientRefit, Kiota, ResilientNSwag,
        FacadeLogging, FacadeSigningIn,
    ];

    /// <summary>Gets what the candidate promises.</summary>
    public CandidateGroup Group { get; init; }

    public override string ToString() => Name;
}
