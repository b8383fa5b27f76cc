using System.Globalization;
using System.Text.Json;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;

namespace Tokenwright.Cli.Audit;

/// <summary>Represents the policy of an audit: thresholds, broad scopes and roles, severities, and exceptions.</summary>
internal sealed class AuditPolicy
{
    private const int LongestDays = 36500;
    private static readonly string[] ExceptionNames = ["Rule", "Vendor", "Connection", "Token", "Reason", "Until"];
    private static readonly string[] RequiredNames = ["Rule", "Reason", "Until"];
    private static readonly string[] ThresholdsOrSeverities = ["Thresholds", "Severities"];
    private static readonly string[] ProtectedNames = ["Vendor", "Connection", "Id", "Name", "Reason"];

    /// <summary>Gets what each threshold means, by the name of its property.</summary>
    public static IReadOnlyDictionary<string, string> Thresholds { get; } = new Dictionary<string, string>
    {
        [nameof(ExpiresSoonDays)] = "TW002: a token that expires within this many days expires soon.",
        [nameof(UnusedDays)] = "TW004: a token that wasn't used for this many days is unused.",
        [nameof(NeverUsedDays)] = "TW005: a token that was issued this many days ago, and never used, is a finding.",
        [nameof(DeactivatedDays)] = "TW009: a token that was deactivated this many days ago is a finding.",
        [nameof(QuotaPercent)] = "TW010: an owner with more than this share of the tokens that the vendor allows is a finding.",
        [nameof(MaximumLifetimeDays)] = "TW012: a token whose lifetime is longer than this many days is a finding.",
    };

    public int ExpiresSoonDays { get; private set; } = 14;

    public int UnusedDays { get; private set; } = 90;

    public int NeverUsedDays { get; private set; } = 30;

    public int DeactivatedDays { get; private set; } = 30;

    public int QuotaPercent { get; private set; } = 80;

    /// <summary>Gets the longest lifetime of a token. The default is a leap year, so that a token for a year is no finding.</summary>
    public int MaximumLifetimeDays { get; private set; } = 366;

    /// <summary>Gets the scopes that grant all rights, in the vendors' terms.</summary>
    public IReadOnlyList<string> BroadScopes { get; private set; } = ["sp:scopes:all", "csp:org_owner"];

    /// <summary>Gets the roles that grant all rights, in the vendors' terms.</summary>
    public IReadOnlyList<string> BroadRoles { get; private set; } = ["ADMINISTRATOR", "admin", "csp:org_owner"];

    public IReadOnlyDictionary<string, Severity> Severities { get; private set; } = new Dictionary<string, Severity>();

    public IReadOnlyList<AuditException> Exceptions { get; private set; } = [];

    /// <summary>Gets the tokens that no change of many tokens includes.</summary>
    public IReadOnlyList<ProtectedToken> Protected { get; private set; } = [];

    /// <summary>Gets the severity of a rule's findings. A severity that the policy sets has no limit.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="atMost">The limit of the rule's own severity.</param>
    public Severity SeverityOf(AuditRule rule, Severity atMost = Severity.High)
        => Severities.TryGetValue(rule.Id, out var severity) ? severity : (Severity)Math.Min((int)rule.Severity, (int)atMost);

    /// <summary>Reads a policy file.</summary>
    /// <exception cref="CliException">The file has problems. The message lists all of them with file, line and field.</exception>
    public static AuditPolicy Read(string path)
    {
        var problems = new ConfigProblems();
        var policy = new AuditPolicy();
        if (JsonSource.Read(path, problems) is { } root)
            policy.Fill(path, root, problems);
        problems.ThrowIfAny();
        return policy;
    }

    private void Fill(string path, JsonElementAt root, ConfigProblems problems)
    {
        if (root.Kind != JsonTokenType.StartObject)
        {
            problems.Add(path, root.Line, null, $"The file must be an object, not {root.Noun}.");
            return;
        }

        string[] known = ["$schema", "Thresholds", "BroadScopes", "BroadRoles", "Severities", "Exceptions", "Protected"];
        foreach (var (name, line, value) in root.Members)
        {
            switch (known.FirstOrDefault(word => string.Equals(word, name, StringComparison.OrdinalIgnoreCase)))
            {
                case "$schema":
                    break;
                case "Thresholds" when value.Kind == JsonTokenType.StartObject:
                    value.Members.ForEach(member => AddThreshold(path, member.Name, member.Line, member.Value, problems));
                    break;
                case "Severities" when value.Kind == JsonTokenType.StartObject:
                    Severities = ReadSeverities(path, value, problems);
                    break;
                case "BroadScopes" when value.Kind == JsonTokenType.StartArray:
                    BroadScopes = ReadTexts(path, value, problems);
                    break;
                case "BroadRoles" when value.Kind == JsonTokenType.StartArray:
                    BroadRoles = ReadTexts(path, value, problems);
                    break;
                case "Exceptions" when value.Kind == JsonTokenType.StartArray:
                    Exceptions = [.. value.Items.Select(item => ReadException(path, item, problems)).OfType<AuditException>()];
                    break;
                case "Protected" when value.Kind == JsonTokenType.StartArray:
                    Protected = [.. value.Items.Select(item => ReadProtected(path, item, problems)).OfType<ProtectedToken>()];
                    break;
                case null:
                    problems.Add(
                        path, line, name,
                        $"is not known; known are {string.Join(", ", known)}.{Suggestion.Sentence(name, known)}");
                    break;
                default:
                    problems.Add(
                        path, line, name,
                        $"must be {(ThresholdsOrSeverities.Contains(name, StringComparer.OrdinalIgnoreCase) ? "an object" : "a list")}, " +
                        $"not {value.Noun}.");
                    break;
            }
        }
    }

    private void AddThreshold(string path, string name, int line, JsonElementAt value, ConfigProblems problems)
    {
        var known = Thresholds.Keys.FirstOrDefault(word => string.Equals(word, name, StringComparison.OrdinalIgnoreCase));
        var most = known == nameof(QuotaPercent) ? 100 : LongestDays;
        if (known is null)
            problems.Add(
                path, line, value.Path,
                $"is not a threshold; known are {string.Join(", ", Thresholds.Keys)}.{Suggestion.Sentence(name, Thresholds.Keys)}");
        else if (value.Kind != JsonTokenType.Number
            || !int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > most)
            problems.Add(path, line, value.Path, $"must be a whole number from 0 to {most.ToString(CultureInfo.InvariantCulture)}.");
        else
            typeof(AuditPolicy).GetProperty(known)!.SetValue(this, number);
    }

    private static Dictionary<string, Severity> ReadSeverities(string path, JsonElementAt value, ConfigProblems problems)
    {
        var severities = new Dictionary<string, Severity>();
        foreach (var (name, line, severity) in value.Members)
        {
            if (AuditRule.All.FirstOrDefault(rule => string.Equals(rule.Id, name, StringComparison.OrdinalIgnoreCase)) is not { } rule)
                problems.Add(
                    path, line, severity.Path, $"is not a rule; known are {string.Join(", ", AuditRule.All.Select(known => known.Id))}.");
            else if (severity.Kind != JsonTokenType.String || !Enum.TryParse<Severity>(severity.Text, ignoreCase: true, out var level)
                || !Enum.IsDefined(level) || char.IsAsciiDigit(severity.Text![0]))
                problems.Add(path, line, severity.Path, "must be high, medium, low, or none to switch the rule off.");
            else
                severities[rule.Id] = level;
        }

        return severities;
    }

    private static List<string> ReadTexts(string path, JsonElementAt value, ConfigProblems problems)
    {
        foreach (var item in value.Items.Where(item => item.Kind != JsonTokenType.String || string.IsNullOrWhiteSpace(item.Text)))
            problems.Add(path, item.Line, item.Path, "must be a text that is not empty.");
        return [.. value.Items.Select(item => item.Text ?? string.Empty)];
    }

    private static Dictionary<string, string>? ReadMembers(string path, JsonElementAt item, string[] names, ConfigProblems problems)
    {
        if (item.Kind != JsonTokenType.StartObject)
        {
            problems.Add(path, item.Line, item.Path, $"must be an object with {string.Join(", ", names)}, not {item.Noun}.");
            return null;
        }

        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, line, value) in item.Members)
        {
            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
                problems.Add(
                    path, line, value.Path,
                    $"is not known; known are {string.Join(", ", names)}.{Suggestion.Sentence(name, names)}");
            else if (value.Kind != JsonTokenType.String || string.IsNullOrWhiteSpace(value.Text))
                problems.Add(path, line, value.Path, "must be a text that is not empty.");
            else
                values[name] = value.Text;
        }

        return values;
    }

    private static ProtectedToken? ReadProtected(string path, JsonElementAt item, ConfigProblems problems)
    {
        if (ReadMembers(path, item, ProtectedNames, problems) is not { } values)
            return null;
        if (!item.Members.Exists(member => string.Equals(member.Name, "Reason", StringComparison.OrdinalIgnoreCase)))
            problems.Add(path, item.Line, item.Path, "Reason is missing: say why the tokens are protected.");

        // A wrong name would protect nothing.
        if (values.GetValueOrDefault("Vendor") is { } vendor && VendorEntry.Find(vendor) is null)
            problems.Add(path, item.Line, $"{item.Path}:Vendor",
                $"is not a vendor; known are {string.Join(", ", VendorEntry.All.Select(known => known.Name))}.");
        if (values.GetValueOrDefault("Id")?.Contains('*', StringComparison.Ordinal) == true)
            problems.Add(path, item.Line, $"{item.Path}:Id", "must be a whole id; * stands for any text only in a name.");
        if (values.Keys.All(name => string.Equals(name, "Reason", StringComparison.OrdinalIgnoreCase)))
            problems.Add(path, item.Line, item.Path, "names no Id, Name, Connection or Vendor; for all tokens, set Name to *.");
        string? Value(string name) => values.GetValueOrDefault(name);
        return new ProtectedToken(Value("Vendor"), Value("Connection"), Value("Id"), Value("Name"), Value("Reason") ?? string.Empty);
    }

    private static AuditException? ReadException(string path, JsonElementAt item, ConfigProblems problems)
    {
        if (ReadMembers(path, item, ExceptionNames, problems) is not { } values)
            return null;
        string? Value(string name) => values.GetValueOrDefault(name);
        var until = default(DateOnly);
        foreach (var required in RequiredNames.Where(
            name => !item.Members.Exists(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase))))
            problems.Add(path, item.Line, item.Path, $"{required} is missing: an exception says which rule, why, and until when.");
        if (Value("Token") is null && Value("Connection") is null && Value("Vendor") is null)
            problems.Add(path, item.Line, item.Path,
                "names no Token, Connection or Vendor; to switch a rule off for all, set its severity to none.");
        if (Value("Rule") is { } rule && !AuditRule.All.Any(known => string.Equals(known.Id, rule, StringComparison.OrdinalIgnoreCase)))
            problems.Add(path, item.Line, $"{item.Path}:Rule",
                $"is not a rule; known are {string.Join(", ", AuditRule.All.Select(known => known.Id))}.");
        if (Value("Until") is { } end
            && !DateOnly.TryParseExact(end, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out until))
            problems.Add(path, item.Line, $"{item.Path}:Until", "must be a day as 2027-01-31.");
        return Value("Rule") is { } id && Value("Reason") is { } reason
            ? new AuditException(path, item.Line, id, Value("Vendor"), Value("Connection"), Value("Token"), reason, until) : null;
    }
}
