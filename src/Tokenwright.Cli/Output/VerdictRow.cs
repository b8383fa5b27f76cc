namespace Tokenwright.Cli.Output;

/// <summary>Represents a row of <c>validate</c>.</summary>
internal sealed record VerdictRow(string Vendor, string Connection, string Token, string Verdict, string? Reason);
