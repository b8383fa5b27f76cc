namespace Tokenwright.Cli.Output;

/// <summary>Represents a column for programs, with the whole value in a stable form.</summary>
internal sealed record FlatColumn<T>(string Name, Func<T, string?> Value);
