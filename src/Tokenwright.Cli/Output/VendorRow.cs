using System.ComponentModel;

namespace Tokenwright.Cli.Output;

/// <summary>Represents a row of <c>vendors</c>, with the capabilities of one kind of token.</summary>
internal sealed record VendorRow
{
    public required string Vendor { get; init; }

    public required string Title { get; init; }

    public string? TokenKind { get; init; }

    public required IReadOnlyList<OperationRow> Operations { get; init; }

    public int? TokensPerOwner { get; init; }

    public double? MinLifetimeSeconds { get; init; }

    public double? MaxLifetimeSeconds { get; init; }

    public bool TokensCanExpire { get; init; }

    public bool ExpiryCanBeChanged { get; init; }

    public double? ExchangedCredentialLifetimeSeconds { get; init; }

    public bool NamesAreUnique { get; init; }

    public int? MaxNameLength { get; init; }

    [Description("A .NET regular expression, which isn't one of ECMAScript, for the names that the vendor accepts.")]
    public string? NamePattern { get; init; }

    public int? MaxKeyLength { get; init; }

    [Description("A .NET regular expression, which isn't one of ECMAScript, for the keys that the vendor accepts.")]
    public string? KeyPattern { get; init; }

    public bool? RevokedTokensCountAgainstQuota { get; init; }

    public int? CallsPerWindow { get; init; }

    public double? CallWindowSeconds { get; init; }

    public double? LastUsedGranularitySeconds { get; init; }

    public required string CreationRecovery { get; init; }
}
