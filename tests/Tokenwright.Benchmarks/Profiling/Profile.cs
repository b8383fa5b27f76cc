using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Tokenwright.Benchmarks.Candidates;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Profiling;

/// <summary>
/// Shows which types a candidate allocates in a workload, from the runtime's samples. There is one sample for about 100 KB of allocations,
/// so it needs many runs and the shares are estimates.
/// </summary>
internal static class Profile
{
    public static async Task<int> RunAsync(string candidateName, string workload)
    {
        using var candidate = Create(candidateName);
        var run = WorkloadOf(candidate, workload);
        var count = workload is "list" or "stream" ? 150 : 200_000;
        for (var i = 0; i < count / 4; i++)
            await run();

        using var samples = new SampleListener();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < count; i++)
            await run();
        var perRun = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count;

        var byType = samples.Stop();
        var all = (double)byType.Values.Sum();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{candidateName}, {workload}: {perRun:N0} bytes a run"));
        foreach (var (type, bytes) in byType.OrderByDescending(type => type.Value).Take(40))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes / all,7:P1} {bytes / all * perRun,12:N0}  {type}"));
        return 0;
    }

    /// <summary>Runs a candidate for a time, so that a profiler of processor time can observe it.</summary>
    public static async Task<int> RepeatAsync(string candidateName, string workload, TimeSpan time)
    {
        using var candidate = Create(candidateName);
        var run = WorkloadOf(candidate, workload);
        var start = Stopwatch.GetTimestamp();
        var count = 0L;
        for (; Stopwatch.GetElapsedTime(start) < time; count++)
            await run();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{candidateName}, {workload}: {count:N0} runs, {Stopwatch.GetElapsedTime(start).TotalMicroseconds / count:N2} µs a run"));
        return 0;
    }

    private static Candidate Create(string name)
        => (CandidateKind.All.FirstOrDefault(kind => kind.Name == name)
            ?? throw new ArgumentException($"There is no '{name}'; there are {string.Join(", ", CandidateKind.All)}."))
            .Create(new CannedTransport(new Responses(10_000)), Request.CannedAddress);

    private static Func<Task<long>> WorkloadOf(Candidate candidate, string workload) => workload switch
    {
        "list" => candidate.ListAsync,
        "stream" => () => candidate.StreamAsync(),
        "get" => candidate.GetAsync,
        "create" => candidate.CreateAsync,
        _ => throw new ArgumentException($"There is no workload '{workload}'; there are list, stream, get, create."),
    };

    private sealed class SampleListener : EventListener
    {
        private const EventKeywords Collector = (EventKeywords)0x1;
        private const string Sample = "GCAllocationTick";

        private readonly Dictionary<string, long> _bytes = [];
        private bool _isStopped;

        public Dictionary<string, long> Stop()
        {
            lock (_bytes)
            {
                _isStopped = true;
                return _bytes;
            }
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
                EnableEvents(eventSource, EventLevel.Verbose, Collector);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName?.StartsWith(Sample, StringComparison.Ordinal) != true)
                return;
            var type = (string)eventData.Payload![eventData.PayloadNames!.IndexOf("TypeName")]!;
            var bytes = Convert.ToInt64(
                eventData.Payload[eventData.PayloadNames.IndexOf("AllocationAmount64")], CultureInfo.InvariantCulture);
            lock (_bytes)
            {
                if (!_isStopped)
                    _bytes[type] = _bytes.GetValueOrDefault(type) + bytes;
            }
        }
    }
}
