using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Audit;

/// <summary>Writes findings as SARIF 2.1.0, the format of code-scanning pages.</summary>
internal static class SarifReport
{
    /// <summary>Writes a report.</summary>
    /// <param name="to">The writer.</param>
    /// <param name="findings">The results. Accepted findings are suppressed.</param>
    /// <param name="failures">The connections that couldn't be read.</param>
    /// <param name="policy">The policy, for the severities of the rules.</param>
    /// <param name="place">The file at which the findings are shown, as a relative URI. Tokens have no file.</param>
    public static void Write(
        TextWriter to, IReadOnlyList<FindingRow> findings, IReadOnlyList<FailureRow> failures, AuditPolicy policy, string place)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(json, findings, failures, policy, place);
        to.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()).Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    /// <summary>Gets the tool's version, without the build metadata.</summary>
    public static string Version => typeof(
        SarifReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Gets the repository's address on the web, from the build; null if the build has none.</summary>
    public static string? Address => typeof(SarifReport).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == "RepositoryUrl")?.Value is { } text
        && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? text : null;

    private static void Write(
        Utf8JsonWriter json, IReadOnlyList<FindingRow> findings, IReadOnlyList<FailureRow> failures, AuditPolicy policy, string place)
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        WriteTool(json, policy);
        WriteInvocation(json, failures);
        json.WriteStartArray("results");
        foreach (var finding in findings)
            WriteResult(json, finding, place);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter json, AuditPolicy policy)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "tokenwright");
        json.WriteString("version", Version);
        if (Address is { } address)
            json.WriteString("informationUri", address);
        json.WriteStartArray("rules");
        foreach (var rule in AuditRule.All)
        {
            var severity = policy.SeverityOf(rule);
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            json.WriteString("name", string.Concat(rule.Name.Split(' ').Select(word => char.ToUpperInvariant(word[0]) + word[1..])));
            WriteText(json, "shortDescription", $"API token: {rule.Name}");
            WriteText(json, "fullDescription", rule.Summary);
            WriteText(json, "help", rule.Remedy);
            json.WriteStartObject("defaultConfiguration");
            json.WriteBoolean("enabled", severity != Severity.None);
            if (severity != Severity.None)
                json.WriteString("level", Level(severity));
            json.WriteEndObject();
            json.WriteStartObject("properties");
            if (severity != Severity.None)
                json.WriteString("security-severity", severity switch { Severity.High => "8.0", Severity.Medium => "5.5", _ => "3.0" });
            json.WriteStartArray("tags");
            json.WriteStringValue("security");
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteInvocation(Utf8JsonWriter json, IReadOnlyList<FailureRow> failures)
    {
        json.WriteStartArray("invocations");
        json.WriteStartObject();
        json.WriteBoolean("executionSuccessful", failures.Count == 0);
        json.WriteStartArray("toolExecutionNotifications");
        foreach (var failure in failures)
        {
            json.WriteStartObject();
            json.WriteString("level", "error");
            WriteText(json, "message", failure.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteResult(Utf8JsonWriter json, FindingRow finding, string place)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.RuleId);
        json.WriteNumber(
            "ruleIndex", AuditRule.All.Select((rule, index) => (rule, index)).First(pair => pair.rule.Id == finding.RuleId).index);
        json.WriteString("level", Level(Enum.Parse<Severity>(finding.Severity, ignoreCase: true)));
        WriteText(json, "message",
            $"{finding.Vendor} connection '{finding.Connection}', token {finding.TokenName ?? finding.TokenId ?? "of its own"}" +
            $"{(finding.Owner is { } owner ? $", owner {owner}" : string.Empty)}: {finding.Reason} {finding.Remedy}");
        if (finding.IsNew is { } isNew)
            json.WriteString("baselineState", isNew ? "new" : "unchanged");
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", place);
        json.WriteEndObject();

        // Code scanning requires all four.
        json.WriteStartObject("region");
        json.WriteNumber("startLine", 1);
        json.WriteNumber("startColumn", 1);
        json.WriteNumber("endLine", 1);
        json.WriteNumber("endColumn", 2);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("logicalLocations");
        json.WriteStartObject();
        json.WriteString("fullyQualifiedName", $"{finding.Vendor}/{finding.Connection}/{finding.TokenId ?? finding.TokenName ?? "self"}");
        json.WriteString("kind", "resource");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("partialFingerprints");
        json.WriteString("tokenwright/v1", finding.Fingerprint);

        // The only one that GitHub's code scanning uses. Without it, GitHub would take all findings at one place for the same.
        json.WriteString("primaryLocationLineHash", finding.Fingerprint);
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteString("owner", finding.Owner);
        json.WriteEndObject();
        if (!finding.Counts)
        {
            json.WriteStartArray("suppressions");
            json.WriteStartObject();
            json.WriteString("kind", "external");
            json.WriteString("justification", $"{finding.ExceptionReason} (until {finding.ExceptionUntil})");
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static string Level(Severity severity)
        => severity switch { Severity.High => "error", Severity.Medium => "warning", _ => "note" };

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
