namespace Tokenwright.Benchmarks.Comparing;

/// <summary>Something to run again and again, and what it is compared with.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Run">Does the job once; gives the checksum over what it read.</param>
internal sealed record Contestant(string Name, Func<Task<long>> Run)
{
    /// <summary>The workload's name, where a contest has several; those of one workload must read the same.</summary>
    public string Workload { get; init; } = string.Empty;

    /// <summary>How much one run does; values are per unit.</summary>
    public int Units { get; init; } = 1;

    /// <summary>What it is compared with; null for the contest's first.</summary>
    public Contestant? ComparedWith { get; init; }
}
