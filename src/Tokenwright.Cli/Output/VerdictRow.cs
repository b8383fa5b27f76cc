namespace Tokenwright.Cli.Output;

/// <summary>A row of <c>validate</c>.</summary>
internal sealed record VerdictRow(string Vendor, string Connection, string Token, string Verdict, string? Reason);
