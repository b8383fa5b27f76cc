using System.Text.Json.Serialization;

namespace Tokenwright.Cli.Output;

/// <summary>Represents a row of a change, and a line of a receipt file.</summary>
internal sealed record ReceiptRow
{
    public required DateTimeOffset At { get; init; }

    public required string Vendor { get; init; }

    public required string Connection { get; init; }

    public required string Operation { get; init; }

    /// <summary>Gets or initializes the name of the token: its id or key, or the fingerprint of its secret.</summary>
    public required string Token { get; init; }

    /// <summary>
    /// Gets or initializes the outcome: <c>deleted</c>, <c>deactivated</c>, <c>sessionEnded</c>, <c>suspended</c>, <c>resumed</c>,
    /// <c>updated</c>, <c>notFound</c>, <c>refused</c>, <c>failed</c> or <c>unknown</c>.
    /// </summary>
    public required string Outcome { get; init; }

    public string? Message { get; init; }

    [JsonIgnore]
    public int ExitCode { get; init; }

    /// <summary>Gets whether the token is done.</summary>
    [JsonIgnore]
    public bool IsDone => Outcome is not ("failed" or "unknown" or "refused");
}
