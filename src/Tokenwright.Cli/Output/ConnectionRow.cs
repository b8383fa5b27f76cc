namespace Tokenwright.Cli.Output;

/// <summary>Represents a row of <c>connections list</c> and <c>connections test</c>.</summary>
internal sealed record ConnectionRow(
    string Vendor, string Connection, string? BaseAddress, string Source, IReadOnlyList<string> Secrets, string? Result, string? Message)
{
    /// <summary>Gets the settings for proxy, certificates and plain http.</summary>
    public IReadOnlyList<string> Network { get; init; } = [];
}
