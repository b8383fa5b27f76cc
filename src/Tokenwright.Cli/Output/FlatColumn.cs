namespace Tokenwright.Cli.Output;

/// <summary>A column for programs: the whole value, in an unchanging form.</summary>
internal sealed record FlatColumn<T>(string Name, Func<T, string?> Value);
