namespace Tokenwright.Cli.Output;

/// <summary>Represents the owner that a token acts for.</summary>
internal sealed record OwnerRow(string? Id, string? Name, string? Kind);
