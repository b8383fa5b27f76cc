using System.Text.Json.Serialization;

namespace Tokenwright.Cli.Output;

/// <summary>Represents a row of <c>audit</c>.</summary>
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

    /// <summary>Gets or initializes a value that is the same for a rule and a token in every run, to recognize new findings.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>
    /// Gets or initializes why the finding is accepted; null if the policy has no exception for it. An accepted finding doesn't count.
    /// </summary>
    public string? ExceptionReason { get; init; }

    public string? ExceptionUntil { get; init; }

    /// <summary>Gets or initializes whether the finding is missing in the baseline; null without a baseline.</summary>
    public bool? IsNew { get; init; }

    [JsonIgnore]
    public bool Counts => ExceptionReason is null;
}
