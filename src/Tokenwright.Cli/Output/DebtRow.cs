namespace Tokenwright.Cli.Output;

/// <summary>Represents a token that may exist, and that expires by itself.</summary>
internal sealed record DebtRow(string TokenName, DateTimeOffset Until);
