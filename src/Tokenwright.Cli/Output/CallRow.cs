namespace Tokenwright.Cli.Output;

/// <summary>Represents a request that a dry run shows.</summary>
internal sealed record CallRow(string Vendor, string Connection, string Method, string Address, string? Body, bool Sent);
