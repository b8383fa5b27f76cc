namespace Tokenwright.Benchmarks.Comparing;

/// <summary>The measurement of one candidate in one workload.</summary>
/// <param name="Part">The part of the compare mode.</param>
/// <param name="Workload">The workload in it.</param>
/// <param name="Candidate">The candidate.</param>
/// <param name="Measured">The measured value itself, in <paramref name="Unit"/>: its median and spread over the rounds.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Ratio">The value divided by that of the baseline in the same round; null where nothing is compared.</param>
/// <param name="ProcessorRatio">The processor time of this process, compared in the same way. It depends less on the load of the machine,
/// and includes other threads.</param>
/// <param name="Bytes">Allocated bytes, as the median over the rounds; null where they were not measured.</param>
/// <param name="BytesRatio">The allocated bytes divided by those of the baseline.</param>
internal sealed record Row(
    string Part, string Workload, string Candidate, Spread Measured, string Unit, Spread? Ratio = null, Spread? ProcessorRatio = null,
    double? Bytes = null, Spread? BytesRatio = null)
{
    /// <summary>Gets which rows of the workload belong together; null where they all do.</summary>
    public string? Group { get; init; }

    /// <summary>Gets a second comparison; null for none.</summary>
    public SecondComparison? Second { get; init; }
}
