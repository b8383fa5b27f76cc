using System.Diagnostics;
using System.Runtime;

namespace Tokenwright.Benchmarks.Comparing;

/// <summary>
/// Runs contestants in rounds. In a round, each runs for about the same time, in random order. It is compared with the baseline of the same
/// round, so that a longer disturbance of the machine affects both. Garbage collections are not forced: each contestant pays for its own.
/// </summary>
internal sealed class Contest(string part, string workload, IReadOnlyList<Contestant> contestants)
{
    private const int FewestPasses = 4;

    // Some candidates compile a few methods with every call, so compilation never stops completely.
    private const int Still = 60;

    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(150);

    // The runtime recompiles methods in the background some time after they were called often enough. It waits again whenever other methods
    // are compiled for the first time.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    /// <summary>About how long a contestant runs in a round. It runs at least once.</summary>
    public TimeSpan Slice { get; init; } = TimeSpan.FromMilliseconds(60);

    public int Rounds { get; init; } = 15;

    /// <summary>How many warm-up rounds there are at most, if the compiler doesn't settle before.</summary>
    public int MostPasses { get; init; } = 10;

    /// <summary>Whether the contestants mostly wait, so that they need no long warm-up.</summary>
    public bool IsWaiting { get; init; }

    public async Task<IReadOnlyList<Row>> RunAsync(ComparisonOptions options)
    {
        Console.Error.WriteLine($"{part} {workload} …");
        var checksums = await AgreeAsync();
        var counts = options.IsSmoke || IsWaiting ? contestants.ToDictionary(contestant => contestant, _ => 1) : await WarmUpAsync();
        var order = contestants.ToArray();
        var samples = contestants.ToDictionary(contestant => contestant.Name, _ => new List<Sample>());
        for (var round = 0; round < (options.IsSmoke ? 1 : options.Rounds ?? Rounds); round++)
        {
            Random.Shared.Shuffle(order);
            foreach (var contestant in order)
                samples[contestant.Name].Add(await MeasureAsync(contestant, counts[contestant], checksums[contestant]));
        }

        return [.. contestants.Select(contestant => ToRow(contestant, samples))];
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

    // Runs until the compiler is idle. How long that takes depends on the load of the machine.
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

    private Row ToRow(Contestant contestant, Dictionary<string, List<Sample>> samples) => new(
        part,
        contestant.Workload.Length > 0 ? contestant.Workload : workload,
        contestant.Name,
        Spread.Of(samples[contestant.Name].Select(sample => sample.Microseconds)),
        "µs",
        Spread.Of(Ratios(contestant, samples, sample => sample.Microseconds)),
        IsWaiting ? null : Spread.Of(Ratios(contestant, samples, sample => sample.Processor)),
        Spread.Of(samples[contestant.Name].Select(sample => sample.Bytes)).Median,
        Spread.Of(Ratios(contestant, samples, sample => sample.Bytes)))
    {
        Second = CompareAgain(contestant, samples),
    };

    private SecondComparison? CompareAgain(Contestant contestant, Dictionary<string, List<Sample>> samples)
    {
        if (contestant.AlsoComparedWith is null)
            return null;
        var other = contestants.Single(other => other.Name == contestant.AlsoComparedWith);
        return new SecondComparison(
            other.Name,
            Compare(sample => sample.Microseconds),
            IsWaiting ? null : Compare(sample => sample.Processor),
            Compare(sample => sample.Bytes));

        Spread Compare(Func<Sample, double> value)
            => Spread.Of(Ratios(contestant, samples, value).Zip(Ratios(other, samples, value), (one, another) => one / another));
    }

    // One ratio for each round.
    private IEnumerable<double> Ratios(Contestant contestant, Dictionary<string, List<Sample>> samples, Func<Sample, double> value)
        => samples[contestant.Name].Zip(
            samples[contestant.ComparedWith ?? contestants[0].Name], (one, baseline) => value(one) / value(baseline));

    private readonly record struct Sample(double Microseconds, double Processor, double Bytes);
}
