using System.Diagnostics;
using System.Runtime;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>
/// Runs contestants in rounds. In a round each of them runs for about the same time, in random order, and is compared with what another
/// took in the same round: what disturbs the machine for longer than a round disturbs both. No garbage is collected by force; each pays for
/// what it leaves when it happens.
/// </summary>
internal sealed class Contest(string part, string workload, IReadOnlyList<Contestant> contestants)
{
    private const int FewestPasses = 4;

    // Some candidates compile a few methods anew with every call, so it never becomes quite still.
    private const int Still = 60;

    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(150);

    // Methods are compiled anew in the background, a while after they were called often enough; the while begins again as long as others
    // are compiled for the first time.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    /// <summary>For about how long a contestant runs in a round, and at least once.</summary>
    public TimeSpan Slice { get; init; } = TimeSpan.FromMilliseconds(60);

    public int Rounds { get; init; } = 15;

    /// <summary>How many times all are run to warm up, at most, where the compiler doesn't settle before.</summary>
    public int MostPasses { get; init; } = 10;

    /// <summary>Whether the time is spent waiting, so that there is nothing to warm up for long.</summary>
    public bool IsWaiting { get; init; }

    public async Task<IReadOnlyList<Row>> RunAsync(ComparisonOptions options)
    {
        Console.Error.WriteLine($"{part} {workload} …");
        var checksums = await AgreeAsync();
        var counts = options.IsSmoke || IsWaiting ? contestants.ToDictionary(contestant => contestant, _ => 1) : await WarmUpAsync();
        var order = contestants.ToArray();
        var samples = contestants.ToDictionary(contestant => contestant, _ => new List<Sample>());
        for (var round = 0; round < (options.IsSmoke ? 1 : options.Rounds ?? Rounds); round++)
        {
            Random.Shared.Shuffle(order);
            foreach (var contestant in order)
                samples[contestant].Add(await MeasureAsync(contestant, counts[contestant], checksums[contestant]));
        }

        return [.. contestants.Select(
            contestant => ToRow(contestant, samples[contestant], samples[contestant.ComparedWith ?? contestants[0]]))];
    }

    private async Task<Dictionary<Contestant, long>> AgreeAsync()
    {
        var checksums = new Dictionary<Contestant, long>();
        foreach (var contestant in contestants)
            checksums[contestant] = await contestant.Run();
        foreach (var (contestant, checksum) in checksums)
        {
            var first = contestants.First(other => other.Workload == contestant.Workload);
            if (checksum != checksums[first])
                throw new InvalidOperationException(
                    $"{part} {workload}: '{contestant.Name}' read something else than '{first.Name}': {checksum:x} and " +
                    $"{checksums[first]:x}.");
        }

        return checksums;
    }

    // Until the compiler has nothing more to do: how long that takes depends on how busy the machine is.
    private async Task<Dictionary<Contestant, int>> WarmUpAsync()
    {
        var counts = new Dictionary<Contestant, int>();
        var quietPasses = 0;
        for (var pass = 0; pass < FewestPasses || (quietPasses < 2 && pass < MostPasses); pass++)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            foreach (var contestant in contestants)
                counts[contestant] = await WarmUpAsync(contestant);
            await Task.Delay(Settling, TimeProvider.System);
            quietPasses = JitInfo.GetCompiledMethodCount() - compiled <= Still ? quietPasses + 1 : 0;
        }

        if (quietPasses < 2)
            Console.Error.WriteLine(
                $"{part} {workload}: the compiler had not settled when it was measured; run it again on a quieter machine.");
        return counts;
    }

    private async Task<int> WarmUpAsync(Contestant contestant)
    {
        var start = Stopwatch.GetTimestamp();
        var runs = 0;
        do
        {
            await contestant.Run();
            runs++;
        }
        while (Stopwatch.GetElapsedTime(start) < WarmUp);
        return Math.Max(1, (int)(runs * (Slice / Stopwatch.GetElapsedTime(start))));
    }

    private async Task<Sample> MeasureAsync(Contestant contestant, int count, long expected)
    {
        var differences = 0;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            if (await contestant.Run() != expected)
                differences++;
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        processor = Environment.CpuUsage.TotalTime - processor;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        if (differences > 0)
            throw new InvalidOperationException(
                $"{part} {workload}: '{contestant.Name}' read something else {differences} times of {count}.");
        double units = count * contestant.Units;
        return new Sample(elapsed.TotalMicroseconds / units, processor.TotalMicroseconds / units, bytes / units);
    }

    private Row ToRow(Contestant contestant, List<Sample> samples, List<Sample> compared) => new(
        part,
        contestant.Workload.Length > 0 ? contestant.Workload : workload,
        contestant.Name,
        Spread.Of(samples.Select(sample => sample.Microseconds)),
        "µs",
        Spread.Of(samples.Zip(compared, (one, other) => one.Microseconds / other.Microseconds)),
        IsWaiting ? null : Spread.Of(samples.Zip(compared, (one, other) => one.Processor / other.Processor)),
        Spread.Of(samples.Select(sample => sample.Bytes)).Median,
        Spread.Of(samples.Zip(compared, (one, other) => one.Bytes / other.Bytes)));

    private readonly record struct Sample(double Microseconds, double Processor, double Bytes);
}
