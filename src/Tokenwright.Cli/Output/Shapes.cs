using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tokenwright.Cli.Output;

/// <summary>Provides the shapes of each command's rows.</summary>
internal static partial class Shapes
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
            new("Connection", (row, _) => row.Connection), new("Vendor", (row, _) => row.Vendor) { Rank = 3 },
            new("Name", (row, _) => row.Name ?? row.Description, Fit.Cut) { IsTitle = true },
            new("Id", (row, _) => row.Id), new("Owner", (row, _) => row.Owner?.Name ?? row.Owner?.Id, Fit.Cut) { Rank = 2 },
            new("Scopes, roles", (row, _) => Join(row.Scopes.Union(row.Roles)), Fit.Cut) { Rank = 4 },
            new("Created", (row, time) => time.Tell(row.CreatedAt)) { Rank = 5 }, new("Expires", Expiry),
            new("Last used", (row, time) => time.Tell(row.LastUsedAt)) { Rank = 1 },
            new("State", (row, _) => new(row.State, row.State == "active" ? Tone.Good : Tone.Warning)),
        ],
        RowJson.Default.TokenRow)
    {
        Order = [row => row.Connection, row => row.Vendor, row => row.Name, row => row.Id],
    };

    /// <summary>Gets the shape of one token with all that is known of it.</summary>
    public static Shape<TokenRow> Token { get; } = Tokens with
    {
        IsBlock = true,
        Table =
        [
            .. Tokens.Table,
            new("Kind", (row, _) => row.Kind), new("Description", (row, _) => row.Name is null ? null : row.Description, Fit.Wrap),
            new("Key", (row, _) => row.Key), new("Updated", (row, time) => time.Tell(row.UpdatedAt)),
            new("Vendor's state", (row, _) => row.NativeStatus, Fit.Wrap),
        ],
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
            new("isNew", row => row.IsNew switch { true => "true", false => "false", null => null }),
        ],
        [
            new("Severity", (row, _) => row.Counts ? new(row.Severity, ToneOf(row.Severity)) : new(
                $"{row.Severity} (accepted)", Tone.Faint)),
            new("New", (row, _) => row.IsNew == true ? new("new", Tone.Notice) : null) { Rank = 1 },
            new("Rule", (row, _) => row.RuleId) { IsTitle = true }, new("Finding", (row, _) => row.Rule) { Rank = 3 },
            new("Connection", (row, _) => row.Connection), new("Vendor", (row, _) => row.Vendor) { Rank = 4 },
            new("Token", (row, _) => row.TokenName ?? (row.TokenId is null ? "its own token" : null), Fit.Cut),
            new("Id", (row, _) => row.TokenId), new("Owner", (row, _) => row.Owner, Fit.Cut) { Rank = 2 },
            new("Reason", (row, _) => row.Counts ? row.Reason : $"{row.Reason} Accepted until {row.ExceptionUntil}: {row.ExceptionReason}",
                Fit.Wrap),
        ],
        RowJson.Default.FindingRow)
    {
        Order =
        [
            row => row.Counts ? "0" : "1", row => row.Severity switch { "high" => "0", "medium" => "1", _ => "2" },
            row => row.RuleId, row => row.Connection, row => row.Vendor, row => row.TokenName, row => row.TokenId,
        ],
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
            new("Vendor", (row, _) => row.TokenKind is null ? row.Vendor : $"{row.Vendor} {row.TokenKind}") { IsTitle = true },
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
            new("ownerId", row => row.Owner?.Id), new("ownerName", row => row.Owner?.Name), new("expiresAt", row => Iso(row.ExpiresAt)),
            new("neverExpires", row => row.NeverExpires switch { true => "true", false => "false", null => null }),
            new("scopes", row => Join(row.Scopes)), new("roles", row => Join(row.Roles)), new("unknown", row => Join(row.Unknown)),
            new("unknownReason", row => row.UnknownReason), new("network", row => Join(row.Network)),
        ],
        [
            new("Connection", (row, _) => row.Connection) { IsTitle = true }, new("Vendor", (row, _) => row.Vendor),
            new("Address", (row, _) => row.BaseAddress) { Rank = 2 },
            new("From", (row, _) => row.Source) { Rank = 6 }, new("Secrets", (row, _) => Join(row.Secrets), Fit.Wrap) { Rank = 5 },
            new("Network", (row, _) => Join(row.Network), Fit.Wrap) { Rank = 3 },
            new("Result", (row, _) => new(row.Result, row.Result == ConnectionRow.Works ? Tone.Good : Tone.Danger)),
            new("Expires", (row, time) => Known(row, "expiresAt", Expiry(row.NeverExpires == true, row.ExpiresAt, time))),
            new("Owner", (row, _) => Known(row, "owner", row.Owner?.Name ?? row.Owner?.Id), Fit.Cut) { Rank = 1 },
            new("Scopes, roles", (row, _) => Known(row, "scopes", Join(row.Scopes.Union(row.Roles))), Fit.Cut) { Rank = 4 },
            new("Message", (row, _) => row.Message, Fit.Wrap), new("Why unknown", (row, _) => row.UnknownReason, Fit.Wrap),
        ],
        RowJson.Default.ConnectionRow)
    {
        Order = [row => row.Connection, row => row.Vendor],
    };

    public static Shape<VerdictRow> Verdicts { get; } = new(
        "verdicts",
        [new("vendor", row => row.Vendor), new("connection", row => row.Connection), new("token", row => row.Token),
            new("verdict", row => row.Verdict), new("reason", row => row.Reason)],
        [
            new("Connection", (row, _) => row.Connection), new("Vendor", (row, _) => row.Vendor) { Rank = 1 },
            new("Token", (row, _) => row.Token) { IsTitle = true },
            new("Verdict", (row, _) => new(row.Verdict, row.Verdict == "active" ? Tone.Good : Tone.Warning)),
            new("Reason", (row, _) => row.Reason, Fit.Wrap),
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
            new("Connection", (row, _) => row.Connection), new("Vendor", (row, _) => row.Vendor) { Rank = 1 },
            new("Token", (row, _) => row.Token) { IsTitle = true },
            new("Outcome", (row, _) => new(row.Outcome, row.IsDone ? Tone.Good : Tone.Danger)),
            new("Message", (row, _) => row.Message, Fit.Wrap),
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
            new("Name", (row, _) => row.Token.Name ?? row.Token.Description, Fit.Cut) { IsTitle = true },
            new("Connection", (row, _) => row.Token.Connection), new("Vendor", (row, _) => row.Token.Vendor),
            new("Id", (row, _) => row.Token.Id), new("Expires", (row, time) => Expiry(row.Token, time)),
            new("Secret", (row, _) => row.Secret is null ? row.Delivery : null),
        ],
        RowJson.Default.IssuedRow)
    {
        IsBlock = true,
    };

    public static Shape<ChangeRow> Changes { get; } = new(
        "changes",
        [
            new("at", row => Iso(row.At)), new("change", row => row.Change), new("vendor", row => row.Vendor),
            new("connection", row => row.Connection), new("id", row => row.Id), new("name", row => row.Name),
            new("detail", row => row.Detail),
        ],
        [
            new("At", (row, _) => row.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
            new("Change", (row, _) => row.Change),
            new("Connection", (row, _) => row.Connection), new("Vendor", (row, _) => row.Vendor) { Rank = 1 },
            new("Name", (row, _) => row.Name, Fit.Cut) { IsTitle = true },
            new("Id", (row, _) => row.Id), new("Detail", (row, _) => row.Detail, Fit.Wrap),
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
            new("Connection", (row, _) => row.Connection) { Rank = 1 },
            new("Call", (row, _) => $"{row.Method} {row.Address}") { IsTitle = true },
            new("Body", (row, _) => Spaced(row.Body), Fit.Wrap),
            new("Sent", (row, _) => row.Sent ? new("yes: it changes nothing", Tone.Faint) : new("no", Tone.Warning)),
        ],
        RowJson.Default.CallRow);

    /// <summary>Gets an operation or outcome as the tool writes it, for example <c>sessionEnded</c>.</summary>
    public static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum
        => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static string? Iso(DateTimeOffset? time)
        => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static Cell Expiry(TokenRow row, TimeText time) => Expiry(row.NeverExpires, row.ExpiresAt, time);

    private static Cell Expiry(bool neverExpires, DateTimeOffset? end, TimeText time)
        => neverExpires ? new("never", Tone.Warning)
        : new(time.Tell(end), end <= time.Now ? Tone.Danger : end - time.Now < Soon ? Tone.Warning : Tone.Plain);

    private static Cell Known(ConnectionRow row, string field, Cell cell)
        => cell.Text is null && row.Unknown.Contains(field) ? new("unknown", Tone.Warning) : cell;

    private static Tone ToneOf(string severity) => severity switch { "high" => Tone.Danger, "medium" => Tone.Warning, _ => Tone.Notice };

    private static string Support(VendorRow row, TokenOperation operation)
        => row.Operations[(int)operation] is { Support: "unsupported" } ? "unsupported" : Describe(row.Operations[(int)operation]);

    private static Cell SupportCell(VendorRow row, TokenOperation operation)
        => row.Operations[(int)operation].Support switch
            { "unsupported" => null, "native" => new("native", Tone.Good), var other => new(other, Tone.Notice) };

    private static string Describe(OperationRow operation)
        => operation.References.Count == 0 ? operation.Support : $"{operation.Support}: {string.Join(", ", operation.References)}";

    // JSON without spaces is one long word, which a terminal breaks anywhere.
    private static string? Spaced(string? body)
    {
        try
        {
            return body is null ? null
                : string.Join(' ', JsonNode.Parse(body)!.ToJsonString(Indented).Split('\n').Select(line => line.Trim()));
        }
        catch (JsonException)
        {
            return body;
        }
    }

    private static string? Join(IEnumerable<string> words) => string.Join(", ", words) is { Length: > 0 } text ? text : null;
}
