namespace Tokenwright.Benchmarks.Comparing;

/// <summary>What was measured of one candidate in one workload.</summary>
/// <param name="Part">The part of the comparing mode.</param>
/// <param name="Workload">The workload in it.</param>
/// <param name="Candidate">The candidate.</param>
/// <param name="Measured">The measured value itself, in <paramref name="Unit"/>: its median and spread over the rounds.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Ratio">The value by that of the candidate compared with, each in the same round; null where nothing is compared.</param>
/// <param name="ProcessorRatio">The time that processors spent on this process, compared in the same way: it depends less on what else the
/// machine does, and counts work on other threads.</param>
/// <param name="Bytes">Allocated bytes, as the median over the rounds; null where they were not measured.</param>
/// <param name="BytesRatio">Allocated bytes by those of the candidate compared with.</param>
internal sealed record Row(
    string Part, string Workload, string Candidate, Spread Measured, string Unit, Spread? Ratio = null, Spread? ProcessorRatio = null,
    double? Bytes = null, Spread? BytesRatio = null);
