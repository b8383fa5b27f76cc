namespace Tokenwright.Cli.Output;

/// <summary>Represents a row of <c>watch</c>.</summary>
internal sealed record ChangeRow(
    DateTimeOffset At, string Change, string Vendor, string Connection, string? Id, string? Name, string? Detail);
