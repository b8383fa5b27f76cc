namespace Tokenwright.RotationTests.Rotator;

/// <summary>A lineage of a <see cref="RotatorJob"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Connection">The name of its connection.</param>
/// <param name="Path">The path of the file with its secret.</param>
public sealed record RotatorLineage(string Name, string Connection, string Path);
