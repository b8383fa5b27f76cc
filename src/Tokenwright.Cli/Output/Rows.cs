using System.Globalization;
using System.Text.Json.Serialization;

namespace Tokenwright.Cli.Output;

/// <summary>A token as the tool prints it. Stable: members are added, never renamed.</summary>
internal sealed record TokenRow
{
    public required string Vendor { get; init; }

    public required string Connection { get; init; }

    public string? Kind { get; init; }

    public string? Id { get; init; }

    public string? Key { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public OwnerRow? Owner { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public bool NeverExpires { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public required string State { get; init; }

    public string? NativeStatus { get; init; }

    /// <summary>The row of a token.</summary>
    public static TokenRow Of(ApiToken token) => new()
    {
        Vendor = token.Vendor,
        Connection = token.Connection,
        Kind = string.IsNullOrEmpty(token.Kind.Value) ? null : token.Kind.Value,
        Id = token.Id,
        Key = token.Key,
        Name = token.Name,
        Description = token.Description,
        Owner = token.Owner is { } owner ? new OwnerRow(owner.Id, owner.Name, owner.Kind) : null,
        Scopes = [.. token.Scopes.Select(scope => scope.Value)],
        Roles = [.. token.Roles.Select(role => role.Value)],
        CreatedAt = token.CreatedAt,
        UpdatedAt = token.UpdatedAt,
        ExpiresAt = token.ExpiresAt,
        NeverExpires = token.NeverExpires,
        LastUsedAt = token.LastUsedAt,
        State = token.State.ToString(),
        NativeStatus = token.NativeStatus,
    };
}

/// <summary>Whom a token acts for.</summary>
internal sealed record OwnerRow(string? Id, string? Name, string? Kind);

/// <summary>A connection that could not be read, or a token that could not be changed.</summary>
internal sealed record FailureRow(string Vendor, string Connection, string Kind, string Message, int ExitCode)
{
    /// <summary>The row of a failure.</summary>
    public static FailureRow Of(string vendor, string connection, Exception failure) => new(vendor, connection, KindOf(failure), failure.Message, Cli.ExitCode.Of(failure));

    // TokenServiceUnavailableException -> serviceUnavailable
    private static string KindOf(Exception failure)
    {
        if (failure is CliException)
            return Cli.ExitCode.Of(failure) == Cli.ExitCode.Authentication ? "authentication" : "other";
        var name = failure.GetType().Name.Replace("Token", string.Empty, StringComparison.Ordinal).Replace("Exception", string.Empty, StringComparison.Ordinal);
        return name.Length == 0 ? "other" : string.Create(CultureInfo.InvariantCulture, $"{char.ToLowerInvariant(name[0])}{name[1..]}");
    }
}

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

/// <summary>What a vendor's capability card says of an operation.</summary>
internal sealed record OperationRow(string Operation, string Support, IReadOnlyList<string> References, bool SafeToResend, string? Remark, string? Alternative);

/// <summary>A row of <c>connections list</c> and <c>connections test</c>.</summary>
internal sealed record ConnectionRow(string Vendor, string Connection, string? BaseAddress, string Source, IReadOnlyList<string> Secrets, string? Result, string? Message);

/// <summary>A row of <c>validate</c>.</summary>
internal sealed record VerdictRow(string Vendor, string Connection, string Token, string Verdict, string? Reason);

/// <summary>A row of a change, and a line of a receipt file.</summary>
internal sealed record ReceiptRow
{
    public required DateTimeOffset At { get; init; }

    public required string Vendor { get; init; }

    public required string Connection { get; init; }

    public required string Operation { get; init; }

    /// <summary>How the token was named: its id or key, or the fingerprint of its secret.</summary>
    public required string Token { get; init; }

    /// <summary>What was done: <c>deleted</c>, <c>deactivated</c>, <c>sessionEnded</c>, <c>suspended</c>, <c>resumed</c>, <c>updated</c>, <c>notFound</c>, <c>failed</c> or <c>unknown</c>.</summary>
    public required string Outcome { get; init; }

    public string? Message { get; init; }

    [JsonIgnore]
    public int ExitCode { get; init; }

    /// <summary>Whether nothing is left to do for the token.</summary>
    [JsonIgnore]
    public bool IsDone => Outcome is not ("failed" or "unknown");
}

/// <summary>A row of <c>create</c> and <c>regenerate</c>.</summary>
internal sealed record IssuedRow(TokenRow Token, string? Secret, string Delivery);

/// <summary>A row of <c>watch</c>.</summary>
internal sealed record ChangeRow(DateTimeOffset At, string Change, string Vendor, string Connection, string? Id, string? Name, string? Detail);

/// <summary>A request that a dry run shows.</summary>
internal sealed record CallRow(string Vendor, string Connection, string Method, string Address, string? Body, bool Sent);

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

    /// <summary>The same for the same rule and token in every run, to tell old findings from new ones.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Why the finding is accepted, where the policy has an exception for it; such a finding doesn't count.</summary>
    public string? ExceptionReason { get; init; }

    public string? ExceptionUntil { get; init; }

    [JsonIgnore]
    public bool Counts => ExceptionReason is null;
}

/// <summary>How the rows are written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TokenRow))]
[JsonSerializable(typeof(FailureRow))]
[JsonSerializable(typeof(VendorRow))]
[JsonSerializable(typeof(ConnectionRow))]
[JsonSerializable(typeof(VerdictRow))]
[JsonSerializable(typeof(ReceiptRow))]
[JsonSerializable(typeof(IssuedRow))]
[JsonSerializable(typeof(ChangeRow))]
[JsonSerializable(typeof(CallRow))]
[JsonSerializable(typeof(FindingRow))]
internal sealed partial class RowJson : JsonSerializerContext;
