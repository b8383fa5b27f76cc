namespace Tokenwright.Benchmarks.Workload;

/// <summary>A response, rendered beforehand.</summary>
internal readonly record struct Response(int Status, byte[] Body);
