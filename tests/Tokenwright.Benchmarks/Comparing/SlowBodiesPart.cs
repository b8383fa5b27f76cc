using System.Diagnostics;
using System.Globalization;
using Tokenwright.Benchmarks.Candidates;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>
/// Measures how long calls take when hundreds are in flight and their bodies arrive in slices. A client that blocks a thread to read a body
/// runs out of threads. Each measurement is a new process with the default thread pool, because a pool that has grown would help the next
/// candidate.
/// </summary>
internal static class SlowBodiesPart
{
    public const string Name = "slowbodies";

    private const int InFlight = 512;
    private const int Waves = 2;
    private const int WarmUpCalls = 60;

    private static readonly CandidateKind[] Kinds =
        [CandidateKind.Bare, CandidateKind.Typed, CandidateKind.Facade, CandidateKind.StockNSwag];

    public static async Task<IReadOnlyList<Row>> RunAsync(ComparisonOptions options, ServerProcess server)
    {
        Console.Error.WriteLine($"{Name} …");
        var order = Kinds.ToArray();
        var samples = Kinds.ToDictionary(kind => kind, _ => new List<Sample>());
        for (var round = 0; round < (options.IsSmoke ? 1 : options.Rounds ?? 3); round++)
        {
            Random.Shared.Shuffle(order);
            foreach (var kind in order)
                samples[kind].Add(await MeasureAsync(kind, server, options.IsSmoke ? 8 : InFlight));
        }

        if (samples.Values.SelectMany(kind => kind).Select(sample => (sample.Checksum, sample.Requests)).Distinct().Count() > 1)
            throw new InvalidOperationException($"{Name}: the candidates read different things, or with different numbers of requests.");
        return [.. Rows("p50", sample => sample.Median), .. Rows("p99", sample => sample.Slowest)];

        IEnumerable<Row> Rows(string workload, Func<Sample, double> value) => Kinds.Select(kind => new Row(
            Name,
            $"{workload} of {InFlight} in flight",
            kind.Name,
            Spread.Of(samples[kind].Select(value)),
            "ms",
            Spread.Of(samples[kind].Zip(samples[CandidateKind.Bare], (one, bare) => value(one) / value(bare)))));
    }

    /// <summary>Runs one measurement in a process of its own. It prints the median, the 99th percentile, and a checksum.</summary>
    /// <param name="candidateName">The candidate.</param>
    /// <param name="server">The server's address.</param>
    /// <param name="inFlight">The number of concurrent calls.</param>
    public static async Task RunChildAsync(string candidateName, Uri server, int inFlight)
    {
        var kind = CandidateKind.All.Single(kind => kind.Name == candidateName);
        using (var quick = Create(Server.Few))
        {
            for (var i = 0; i < WarmUpCalls; i++)
                await quick.ListAsync();
        }

        using var candidate = Create(Server.Slow);
        var latencies = new List<double>();
        var checksums = new HashSet<int>();
        for (var wave = 0; wave < Waves; wave++)
        {
            foreach (var (milliseconds, checksum) in await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => CallAsync(candidate))))
            {
                latencies.Add(milliseconds);
                checksums.Add(checksum);
            }
        }

        var sorted = latencies.Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Spread.Quantile(sorted, 0.5)} {Spread.Quantile(sorted, 0.99)} {checksums.Single()}"));

        // By default, calls of the facade wait for one of 32 network connections. The other candidates have no limit.
        Candidate Create(string path) => kind == CandidateKind.Facade
            ? new FacadeCandidate(null, new Uri(server, path), configure: options => options.MaxConnections = inFlight)
            : kind.Create(null, new Uri(server, path));
    }

    // Uses the number of tokens, because the checksum differs from process to process.
    private static async Task<(double Milliseconds, int Count)> CallAsync(Candidate candidate)
    {
        var count = 0;
        var start = Stopwatch.GetTimestamp();
        await candidate.StreamAsync(_ => count++);
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, count);
    }

    private static async Task<Sample> MeasureAsync(CandidateKind kind, ServerProcess server, int inFlight)
    {
        var before = await server.CountRequestsAsync();
        using var process =
            OwnProcess.Start("slow-bodies", kind.Name, server.Address.ToString(), inFlight.ToString(CultureInfo.InvariantCulture));
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Name}: '{kind.Name}' failed.");
        var values =
            output.Split(' ', StringSplitOptions.TrimEntries).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new Sample(values[0], values[1], (int)values[2], await server.CountRequestsAsync() - before);
    }

    private readonly record struct Sample(double Median, double Slowest, int Checksum, int Requests);
}
