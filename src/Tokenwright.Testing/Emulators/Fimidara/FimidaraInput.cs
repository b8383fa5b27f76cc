using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tokenwright.Testing;

/// <summary>
/// Validates a request's body as fimidara's servers do. It checks the members in order, converts values and collects all problems. At the
/// end, it refuses members that weren't read. The messages are those of the servers.
/// </summary>
internal sealed partial class FimidaraInput
{
    private const double LatestInstant = 8.64e15;
    private const int IdLength = 21;

    private readonly JsonObject _body;
    private readonly string _label;
    private readonly string _field;
    private readonly HashSet<string> _known = [];

    public FimidaraInput(JsonObject body)
        : this(body, string.Empty, string.Empty, [])
    {
    }

    private FimidaraInput(JsonObject body, string label, string field, JsonArray errors)
    {
        _body = body;
        _label = label;
        _field = field;
        Errors = errors;
    }

    /// <summary>Gets the problems found so far, in the form of the error body.</summary>
    public JsonArray Errors { get; }

    /// <summary>Determines whether a member was sent, even with the value null.</summary>
    public bool Has(string name) => _body.ContainsKey(name);

    public string? Text(string name, int longest = int.MaxValue, FimidaraTextRules rules = FimidaraTextRules.None)
        => Text(name, rules) is var text && (text is null || text.Length <= longest) ? text : Refuse<string>(
            name, string.Create(CultureInfo.InvariantCulture, $"length must be less than or equal to {longest} characters long"));

    /// <summary>Gets an id of the 2022 generation.</summary>
    public string? Id(string name, FimidaraTextRules rules = FimidaraTextRules.None)
        => Text(name, rules) is var text && (text is null || text.Length == IdLength) ? text : Refuse<string>(
            name, string.Create(CultureInfo.InvariantCulture, $"length must be {IdLength} characters long"));

    public bool? Flag(string name, bool nullAllowed = false)
    {
        if (!Present(name, nullAllowed, required: false, "must be a boolean", out var node))
            return null;
        switch (node.GetValueKind())
        {
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            case JsonValueKind.String when bool.TryParse(node.GetValue<string>(), out var flag):
                return flag;
            default:
                Refuse<string>(name, "must be a boolean");
                return null;
        }
    }

    public double? Number(string name, double? smallest = null, double? largest = null, bool isInteger = false)
    {
        if (!Present(name, nullAllowed: false, required: false, "must be a number", out var node))
            return null;
        if (AsNumber(node) is not { } number)
            Refuse<string>(name, "must be a number");
        else if (isInteger && Math.Truncate(number) != number)
            Refuse<string>(name, "must be an integer");
        else if (number < smallest)
            Refuse<string>(name, string.Create(CultureInfo.InvariantCulture, $"must be greater than or equal to {smallest}"));
        else if (number > largest)
            Refuse<string>(name, string.Create(CultureInfo.InvariantCulture, $"must be less than or equal to {largest}"));
        else
            return number;
        return null;
    }

    /// <summary>Gets milliseconds since 1970, from a number or a numeric text.</summary>
    public long? Milliseconds(string name)
    {
        if (!Present(name, nullAllowed: true, required: false, "must be a valid date", out var node))
            return null;
        if (node.GetValueKind() is not (JsonValueKind.Number or JsonValueKind.String))
            Refuse<string>(name, "must be a valid date");
        else if (AsNumber(node) is not { } number || Math.Abs(number) > LatestInstant)
            Refuse<string>(name, "must be in timestamp or number of milliseconds format");
        else
            return (long)number;
        return null;
    }

    /// <summary>Gets a time in ISO 8601, which can be a date alone.</summary>
    public DateTimeOffset? Iso(string name, bool numberAllowed)
    {
        if (!Present(name, nullAllowed: true, required: false, "must be a valid date", out var node))
            return null;
        if (numberAllowed && node.GetValueKind() == JsonValueKind.Number && AsNumber(node) is { } number
            && Math.Abs(number) < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            return DateTimeOffset.FromUnixTimeMilliseconds((long)number);
        if (node.GetValueKind() != JsonValueKind.String)
            Refuse<string>(name, "must be a valid date");
        else if (IsoForm().IsMatch(node.GetValue<string>())
            && DateTimeOffset.TryParse(node.GetValue<string>(), CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return time;
        else
            Refuse<string>(name, "must be in ISO 8601 date format");
        return null;
    }

    /// <summary>Gets a required object. If it is missing or isn't an object, returns an empty one.</summary>
    public FimidaraInput Object(string name)
    {
        if (Present(name, nullAllowed: false, required: true, "must be of type object", out var node) && node is not JsonObject)
            Refuse<string>(name, "must be of type object");
        return node is JsonObject inner
            ? new(inner, $"{_label}{name}.", $"{_field}{name}.", Errors) : new([], string.Empty, string.Empty, []);
    }

    /// <summary>
    /// Gets an array of at most 100 objects, each with an id that occurs once and has 21 characters, unless any length is allowed; null if
    /// it was not sent or is null.
    /// </summary>
    public IReadOnlyList<(string Id, double? Order)>? Groups(string name, string idName, bool hasOrder, bool anyLength)
    {
        if (!Present(name, nullAllowed: true, required: false, "must be an array", out var node))
            return null;
        if (node is not JsonArray array)
        {
            Refuse<string>(name, "must be an array");
            return null;
        }

        var groups = new List<(string, double?)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < array.Count; i++)
        {
            var label = string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]");
            var field = string.Create(CultureInfo.InvariantCulture, $"{name}.{i}");
            if (array[i] is not JsonObject element)
            {
                Refuse<string>(label, "must be of type object", field);
                continue;
            }

            var item = new FimidaraInput(element, $"{_label}{label}.", $"{_field}{field}.", Errors);
            var id = anyLength ? item.Text(idName, rules: FimidaraTextRules.Required) : item.Id(idName, FimidaraTextRules.Required);
            var order = hasOrder ? item.Number("order") : null;
            item.End();
            if (id is not null && !seen.Add(id))
                Refuse<string>(label, "contains a duplicate value", field);
            groups.Add((id ?? string.Empty, order));
        }

        if (array.Count > 100)
            Refuse<string>(name, "must contain less than or equal to 100 items");
        return groups;
    }

    /// <summary>Refuses the members that weren't read.</summary>
    public void End()
    {
        foreach (var name in _body.Select(member => member.Key).Where(name => !_known.Contains(name)))
            Refuse<string>(name, "is not allowed");
    }

    private static double? AsNumber(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Number => node.GetValue<JsonElement>().GetDouble(),
        JsonValueKind.String when double.TryParse(node.GetValue<string>().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture,
            out var number) && double.IsFinite(number) => number,
        _ => null,
    };

    private string? Text(string name, FimidaraTextRules rules)
    {
        if (!Present(name, rules.HasFlag(FimidaraTextRules.AllowNull), rules.HasFlag(FimidaraTextRules.Required), "must be a string",
            out var node))
            return null;
        if (node.GetValueKind() != JsonValueKind.String)
            return Refuse<string>(name, "must be a string");
        var text = rules.HasFlag(FimidaraTextRules.KeepSpaces) ? node.GetValue<string>() : node.GetValue<string>().Trim();
        return text.Length > 0 || rules.HasFlag(FimidaraTextRules.AllowEmpty) ? text : Refuse<string>(name, "is not allowed to be empty");
    }

    private bool Present(string name, bool nullAllowed, bool required, string wrongType,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out JsonNode? node)
    {
        _known.Add(name);
        if (!_body.TryGetPropertyValue(name, out node))
        {
            if (required)
                Refuse<string>(name, "is required");
        }
        else if (node is null && !nullAllowed)
        {
            Refuse<string>(name, wrongType);
        }

        return node is not null;
    }

    private T? Refuse<T>(string name, string message, string? field = null)
        where T : class
    {
        Errors.Add(new JsonObject
            { ["name"] = "ValidationError", ["message"] = $"\"{_label}{name}\" {message}", ["field"] = $"{_field}{field ?? name}" });
        return null;
    }

    [GeneratedRegex(@"^\d{4}-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?\s*(Z|[+-]\d\d(:?\d\d)?)?)?)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IsoForm();
}
