namespace Tokenwright.Benchmarks.Comparing;

/// <summary>Something to measure, and what it is compared with.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Run">Runs once, and returns the checksum of what it read.</param>
internal sealed record Contestant(string Name, Func<Task<long>> Run)
{
    /// <summary>Gets the workload's name, if a contest has several. All contestants of a workload must read the same.</summary>
    public string Workload { get; init; } = string.Empty;

    /// <summary>Gets how many units one run handles; values are per unit.</summary>
    public int Units { get; init; } = 1;

    /// <summary>Gets the baseline; null for the contest's first contestant.</summary>
    public Contestant? ComparedWith { get; init; }
}
