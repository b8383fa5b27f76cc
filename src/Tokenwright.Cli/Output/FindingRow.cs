using System.Text.Json.Serialization;

namespace Tokenwright.Cli.Output;

/// <summary>A row of <c>audit</c>.</summary>
internal sealed record FindingRow
{
    public required string RuleId { get; init; }

    public required string Rule { get; init; }

    public required string Severity { get; init; }

    public required string Vendor { get; init; }

    public required string Connection { get; init; }

    public string? TokenId { get; init; }

    public string? TokenName { get; init; }

    public string? Owner { get; init; }

    public required string Reason { get; init; }

    public required string Remedy { get; init; }

    /// <summary>Gets or initializes the same for the same rule and token in every run, to tell old findings from new ones.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>
    /// Gets or initializes why the finding is accepted, where the policy has an exception for it; such a finding doesn't count.
    /// </summary>
    public string? ExceptionReason { get; init; }

    public string? ExceptionUntil { get; init; }

    [JsonIgnore]
    public bool Counts => ExceptionReason is null;
}
