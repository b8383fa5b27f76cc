namespace Tokenwright.Benchmarks.Workload;

/// <summary>A response whose bytes were written beforehand.</summary>
internal readonly record struct Response(int Status, byte[] Body);
