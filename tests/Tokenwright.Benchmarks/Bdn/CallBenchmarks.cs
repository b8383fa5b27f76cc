using BenchmarkDotNet.Attributes;
using Tokenwright.Benchmarks.Candidates;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Bdn;

/// <summary>The four workloads over the transport in memory, for BenchmarkDotNet.</summary>
[MemoryDiagnoser]
public class CallBenchmarks
{
    private Candidate _candidate = null!;

    public static IEnumerable<string> Names => CandidateKind.All.Select(kind => kind.Name);

    [ParamsSource(nameof(Names))]
    public string Client { get; set; } = string.Empty;

    [GlobalSetup]
    public void Open() => _candidate =
        CandidateKind.All.Single(kind => kind.Name == Client).Create(new CannedTransport(new Responses(10_000)), Request.CannedAddress);

    [GlobalCleanup]
    public void Close() => _candidate.Dispose();

    [Benchmark]
    public Task<long> List() => _candidate.ListAsync();

    [Benchmark]
    public Task<long> Stream() => _candidate.StreamAsync();

    [Benchmark]
    public Task<long> Get() => _candidate.GetAsync();

    [Benchmark]
    public Task<long> Create() => _candidate.CreateAsync();
}
