namespace Tokenwright.Benchmarks.Workload;

/// <summary>An answer, rendered beforehand.</summary>
internal readonly record struct Answer(int Status, byte[] Body);
