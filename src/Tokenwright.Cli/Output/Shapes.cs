using System.Globalization;

namespace Tokenwright.Cli.Output;

/// <summary>Provides the shapes of each command's rows.</summary>
internal static class Shapes
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    public static Shape<TokenRow> Tokens { get; } = new(
        "tokens",
        [
            new("vendor", row => row.Vendor), new("connection", row => row.Connection), new("kind", row => row.Kind),
            new("id", row => row.Id), new("key", row => row.Key),
            new("name", row => row.Name), new("description", row => row.Description), new("ownerId", row => row.Owner?.Id),
            new("ownerName", row => row.Owner?.Name),
            new("scopes", row => Join(row.Scopes)), new("roles", row => Join(row.Roles)), new("createdAt", row => Iso(row.CreatedAt)),
            new("updatedAt", row => Iso(row.UpdatedAt)),
            new("expiresAt", row => Iso(row.ExpiresAt)), new("neverExpires", row => row.NeverExpires ? "true" : "false"),
            new("lastUsedAt", row => Iso(row.LastUsedAt)),
            new("state", row => row.State), new("nativeStatus", row => row.NativeStatus),
        ],
        [
            new("Vendor", (row, _) => row.Vendor, NoWrap: true), new("Connection", (row, _) => row.Connection, NoWrap: true),
            new("Name", (row, _) => row.Name ?? row.Description),
            new("Id", (row, _) => row.Id), new("Owner", (row, _) => row.Owner?.Name ?? row.Owner?.Id),
            new("Scopes, roles", (row, _) => Join(row.Scopes.Union(row.Roles))),
            new("Created", (row, time) => time.Tell(row.CreatedAt)), new("Expires", Expiry),
            new("Last used", (row, time) => time.Tell(row.LastUsedAt)),
            new("State", (row, _) => new(row.State, row.State == "active" ? Tone.Good : Tone.Warning), NoWrap: true),
        ],
        RowJson.Default.TokenRow)
    {
        Order = row => (row.Vendor, row.Connection),
    };

    public static Shape<FindingRow> Findings { get; } = new(
        "findings",
        [
            new("ruleId", row => row.RuleId), new("rule", row => row.Rule), new("severity", row => row.Severity),
            new("vendor", row => row.Vendor), new("connection", row => row.Connection),
            new("tokenId", row => row.TokenId), new("tokenName", row => row.TokenName), new("owner", row => row.Owner),
            new("reason", row => row.Reason), new("remedy", row => row.Remedy),
            new("fingerprint", row => row.Fingerprint), new("exceptionReason", row => row.ExceptionReason),
            new("exceptionUntil", row => row.ExceptionUntil),
        ],
        [
            new("Severity", (row, _) => row.Counts ? new(row.Severity, ToneOf(row.Severity)) : new(
                $"{row.Severity} (accepted)", Tone.Faint), NoWrap: true),
            new("Rule", (row, _) => $"{row.RuleId} {row.Rule}", NoWrap: true),
                new("Connection", (row, _) => $"{row.Vendor} {row.Connection}", NoWrap: true),
            new("Token", (row, _) => row.TokenName is null ? row.TokenId ?? "its own token" : row.TokenId is null
                ? row.TokenName : $"{row.TokenName} ({row.TokenId})"),
            new("Reason", (row, _) => row.Counts ? row.Reason : $"{row.Reason} Accepted until {row.ExceptionUntil}: {row.ExceptionReason}"),
        ],
        RowJson.Default.FindingRow)
    {
        Order = row =>
            (row.Counts ? 0 : 1, row.Severity switch { "high" => 0, "medium" => 1, _ => 2 }, row.Vendor, row.Connection, row.RuleId),
    };

    public static Shape<VendorRow> Vendors { get; } = new(
        "vendors",
        [
            new("vendor", row => row.Vendor), new("tokenKind", row => row.TokenKind), .. Enum.GetValues<TokenOperation>().Select(
                operation => new FlatColumn<VendorRow>(Word(operation), row => Support(row, operation))),
            new("tokensPerOwner", row => row.TokensPerOwner?.ToString(CultureInfo.InvariantCulture)),
                new("creationRecovery", row => row.CreationRecovery),
        ],
        [
            new("Vendor", (row, _) => row.TokenKind is null ? row.Vendor : $"{row.Vendor} {row.TokenKind}"),
            .. Enum.GetValues<TokenOperation>()
                .Select(operation => new PrettyColumn<VendorRow>(operation.ToString(), (row, _) => SupportCell(row, operation))),
            new("Tokens per owner", (row, _) => row.TokensPerOwner?.ToString(CultureInfo.InvariantCulture)),
            new("Lost create", (row, _) => row.CreationRecovery),
        ],
        RowJson.Default.VendorRow);

    public static Shape<ConnectionRow> Connections { get; } = new(
        "connections",
        [
            new("vendor", row => row.Vendor), new("connection", row => row.Connection), new("baseAddress", row => row.BaseAddress),
            new("source", row => row.Source),
            new("secrets", row => Join(row.Secrets)), new("result", row => row.Result), new("message", row => row.Message),
        ],
        [
            new("Vendor", (row, _) => row.Vendor, NoWrap: true), new("Connection", (row, _) => row.Connection, NoWrap: true),
            new("Address", (row, _) => row.BaseAddress),
            new("From", (row, _) => row.Source), new("Secrets", (row, _) => Join(row.Secrets)),
            new("Result", (row, _) => new(row.Result, row.Result is null ? Tone.Faint : row.Result == "works" ? Tone.Good : Tone.Danger)),
            new("Message", (row, _) => row.Message),
        ],
        RowJson.Default.ConnectionRow);

    public static Shape<VerdictRow> Verdicts { get; } = new(
        "verdicts",
        [new("vendor", row => row.Vendor), new("connection", row => row.Connection), new("token", row => row.Token),
            new("verdict", row => row.Verdict), new("reason", row => row.Reason)],
        [
            new("Vendor", (row, _) => row.Vendor, NoWrap: true), new("Connection", (row, _) => row.Connection, NoWrap: true),
            new("Token", (row, _) => row.Token),
            new("Verdict", (row, _) => new(row.Verdict, row.Verdict == "active" ? Tone.Good : Tone.Warning), NoWrap: true),
            new("Reason", (row, _) => row.Reason),
        ],
        RowJson.Default.VerdictRow);

    public static Shape<ReceiptRow> Receipts { get; } = new(
        "receipts",
        [
            new("at", row => Iso(row.At)), new("vendor", row => row.Vendor), new("connection", row => row.Connection),
            new("operation", row => row.Operation), new("token", row => row.Token),
            new("outcome", row => row.Outcome), new("message", row => row.Message),
        ],
        [
            new("Vendor", (row, _) => row.Vendor, NoWrap: true), new("Connection", (row, _) => row.Connection, NoWrap: true),
            new("Token", (row, _) => row.Token),
            new("Outcome", (row, _) => new(row.Outcome, row.IsDone ? Tone.Good : Tone.Danger), NoWrap: true),
            new("Message", (row, _) => row.Message),
        ],
        RowJson.Default.ReceiptRow);

    public static Shape<IssuedRow> Issued { get; } = new(
        "issued",
        [
            new("vendor", row => row.Token.Vendor), new("connection", row => row.Token.Connection), new("id", row => row.Token.Id),
            new("key", row => row.Token.Key), new("name", row => row.Token.Name),
            new("expiresAt", row => Iso(row.Token.ExpiresAt)), new("delivery", row => row.Delivery), new("secret", row => row.Secret),
        ],
        [
            new("Vendor", (row, _) => row.Token.Vendor, NoWrap: true), new("Connection", (row, _) => row.Token.Connection, NoWrap: true),
            new("Name", (row, _) => row.Token.Name ?? row.Token.Description),
            new("Id", (row, _) => row.Token.Id), new("Expires", (row, time) => Expiry(row.Token, time)),
            new("Secret", (row, _) => row.Secret ?? row.Delivery),
        ],
        RowJson.Default.IssuedRow);

    public static Shape<ChangeRow> Changes { get; } = new(
        "changes",
        [
            new("at", row => Iso(row.At)), new("change", row => row.Change), new("vendor", row => row.Vendor),
            new("connection", row => row.Connection), new("id", row => row.Id), new("name", row => row.Name),
            new("detail", row => row.Detail),
        ],
        [
            new("At", (row, _) => row.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), NoWrap: true),
            new("Change", (row, _) => row.Change, NoWrap: true),
            new("Vendor", (row, _) => row.Vendor, NoWrap: true), new("Connection", (row, _) => row.Connection, NoWrap: true),
            new("Name", (row, _) => row.Name), new("Id", (row, _) => row.Id), new("Detail", (row, _) => row.Detail),
        ],
        RowJson.Default.ChangeRow);

    public static Shape<CallRow> Calls { get; } = new(
        "calls",
        [
            new("vendor", row => row.Vendor), new("connection", row => row.Connection), new("method", row => row.Method),
            new("address", row => row.Address), new("body", row => row.Body),
            new("sent", row => row.Sent ? "true" : "false"),
        ],
        [
            new("Connection", (row, _) => row.Connection, NoWrap: true), new("Call", (row, _) => $"{row.Method} {row.Address}"),
            new("Body", (row, _) => row.Body),
            new("Sent", (row, _) => row.Sent ? new("yes: it changes nothing", Tone.Faint) : new("no", Tone.Warning)),
        ],
        RowJson.Default.CallRow);

    /// <summary>Gets an operation or outcome as the tool writes it, for example <c>sessionEnded</c>.</summary>
    public static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum
        => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static string? Iso(DateTimeOffset? time)
        => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static Cell Expiry(TokenRow row, TimeText time)
        => row.NeverExpires ? new("never", Tone.Warning)
        : new(time.Tell(row.ExpiresAt),
            row.ExpiresAt <= time.Now ? Tone.Danger : row.ExpiresAt - time.Now < Soon ? Tone.Warning : Tone.Plain);

    private static Tone ToneOf(string severity) => severity switch { "high" => Tone.Danger, "medium" => Tone.Warning, _ => Tone.Notice };

    private static string Support(VendorRow row, TokenOperation operation)
        => row.Operations[(int)operation] is { Support: "unsupported" } ? "unsupported" : Describe(row.Operations[(int)operation]);

    private static Cell SupportCell(VendorRow row, TokenOperation operation)
        => row.Operations[(int)operation].Support switch
            { "unsupported" => null, "native" => new("native", Tone.Good), var other => new(other, Tone.Notice) };

    private static string Describe(OperationRow operation)
        => operation.References.Count == 0 ? operation.Support : $"{operation.Support}: {string.Join(", ", operation.References)}";

    private static string? Join(IEnumerable<string> words) => string.Join(", ", words) is { Length: > 0 } text ? text : null;
}
