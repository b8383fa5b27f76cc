using System.Diagnostics;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Soaking;

/// <summary>What the process uses after a number of calls.</summary>
/// <param name="Calls">The number of calls.</param>
/// <param name="WorkingSet">The memory of the process, in bytes.</param>
/// <param name="Heap">The live managed memory, in bytes.</param>
/// <param name="Handles">Open files, sockets and other handles.</param>
/// <param name="Timers">Timers that have not fired.</param>
/// <param name="Threads">The threads of the process.</param>
internal readonly record struct SoakSample(long Calls, long WorkingSet, long Heap, int Handles, long Timers, int Threads)
{
    private const double HeapShare = 1.05;
    private const long HeapBytes = 512 * 1024;
    private const int Few = 8;

    public static SoakSample Take(long calls)
    {
        var heap = LiveMemory.Measure();
        using var process = Process.GetCurrentProcess();
        return new SoakSample(calls, process.WorkingSet64, heap, process.HandleCount, Timer.ActiveCount, process.Threads.Count);
    }

    /// <summary>Returns what has grown since another sample by more than what comes and goes.</summary>
    public IEnumerable<string> GrowthSince(SoakSample warm)
    {
        if (Heap > (warm.Heap * HeapShare) + HeapBytes)
            yield return "managed memory";
        if (Handles > warm.Handles + Few)
            yield return "handles";
        if (Timers > warm.Timers + Few)
            yield return "timers";
    }
}
