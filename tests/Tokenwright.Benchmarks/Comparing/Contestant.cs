namespace Tokenwright.Benchmarks.Comparing;

/// <summary>Something to measure, and what it is compared with.</summary>
/// <param name="Name">Its name in the table, which no other contestant of the contest has.</param>
/// <param name="Run">Runs once, and returns the checksum of what it read.</param>
internal sealed record Contestant(string Name, Func<Task<long>> Run)
{
    /// <summary>Gets the workload's name, if a contest has several. All contestants of a workload must read the same.</summary>
    public string Workload { get; init; } = string.Empty;

    /// <summary>Gets how many units one run handles; values are per unit.</summary>
    public int Units { get; init; } = 1;

    /// <summary>Gets the name of the baseline; null for the contest's first contestant.</summary>
    public string? ComparedWith { get; init; }

    /// <summary>Gets the name of another contestant, whose ratio to its baseline this one's is compared with; null for none.</summary>
    public string? AlsoComparedWith { get; init; }
}
