namespace Tokenwright.Cli.Output;

/// <summary>Whom a token acts for.</summary>
internal sealed record OwnerRow(string? Id, string? Name, string? Kind);
