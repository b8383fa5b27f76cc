namespace Tokenwright.Cli.Output;

/// <summary>A row of <c>vendors</c>: what one kind of token can do.</summary>
internal sealed record VendorRow
{
    public required string Vendor { get; init; }

    public required string Title { get; init; }

    public string? TokenKind { get; init; }

    public required IReadOnlyList<OperationRow> Operations { get; init; }

    public int? TokensPerOwner { get; init; }

    public double? MinLifetimeSeconds { get; init; }

    public double? MaxLifetimeSeconds { get; init; }

    public int? CallsPerWindow { get; init; }

    public double? CallWindowSeconds { get; init; }

    public double? LastUsedGranularitySeconds { get; init; }

    public required string CreationRecovery { get; init; }
}
