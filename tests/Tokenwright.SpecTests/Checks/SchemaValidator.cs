using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

/// <summary>
/// Validates a value against a schema, with the part of JSON Schema that the specs use. It ignores formats of strings, because vendors send
/// dates in many forms, and the examples show them.
/// </summary>
internal sealed class SchemaValidator(SpecFile spec)
{
    public IEnumerable<string> Problems(JsonObject written, JsonNode? value, string where)
    {
        var schema = spec.Resolve(written);
        if (value is null)
            return schema.IsTrue("nullable") ? [] : [$"{where}: is null, which the schema does not allow"];

        return (schema.Text("type"), value, value.GetValueKind()) switch
        {
            (null, _, _) => [],
            ("string", _, JsonValueKind.String) => TextProblems(schema, value.GetValue<string>(), where),
            ("integer" or "number", _, JsonValueKind.Number) => NumberProblems(schema, value.GetValue<decimal>(), where),
            ("boolean", _, JsonValueKind.True or JsonValueKind.False) => [],
            ("array", JsonArray array, _) => ArrayProblems(schema, array, where),
            ("object", JsonObject members, _) => ObjectProblems(schema, members, where),
            var (type, _, kind) => [$"{where}: is {kind}, not {type}"],
        };
    }

    private static IEnumerable<string> TextProblems(JsonObject schema, string text, string where)
    {
        if (text.Length < (schema.Number("minLength") ?? 0) || text.Length > (schema.Number("maxLength") ?? int.MaxValue))
            yield return $"{where}: has {text.Length} characters, too few or too many";
        if (schema.Text("pattern") is { } pattern && !Regex.IsMatch(text, pattern))
            yield return $"{where}: does not match {pattern}";
    }

    private static IEnumerable<string> NumberProblems(JsonObject schema, decimal number, string where)
    {
        var (least, greatest) = schema.Text("format") switch
        {
            "int32" => (int.MinValue, int.MaxValue),
            "int64" => (long.MinValue, long.MaxValue),
            _ => (decimal.MinValue, decimal.MaxValue),
        };
        if (schema.Text("type") == "integer" && decimal.Truncate(number) != number)
            yield return $"{where}: is {number}, not an integer";
        if (number < Math.Max(least, schema.Number("minimum") ?? least)
            || number > Math.Min(greatest, schema.Number("maximum") ?? greatest))
            yield return $"{where}: is {number}, out of range";
    }

    private IEnumerable<string> ArrayProblems(JsonObject schema, JsonArray array, string where)
    {
        var problems = array.SelectMany((element, index) => Problems((JsonObject)schema["items"]!, element, $"{where}[{index}]"));
        if (array.Count < (schema.Number("minItems") ?? 0) || array.Count > (schema.Number("maxItems") ?? int.MaxValue))
            problems = problems.Append($"{where}: has {array.Count} elements, too few or too many");
        if (schema.IsTrue("uniqueItems") && array.DistinctBy(element => element?.ToJsonString()).Count() < array.Count)
            problems = problems.Append($"{where}: has an element twice");
        return problems;
    }

    private IEnumerable<string> ObjectProblems(JsonObject schema, JsonObject members, string where)
    {
        var problems = schema.Texts("required")
            .Where(name => !members.ContainsKey(name))
            .Select(name => $"{where}: lacks {name}, which is required");
        return problems.Concat(members.SelectMany(member => MemberProblems(schema, member.Key, member.Value, $"{where}.{member.Key}")));
    }

    private IEnumerable<string> MemberProblems(JsonObject schema, string name, JsonNode? value, string where)
    {
        if ((schema["properties"]?[name] ?? schema["additionalProperties"]) is JsonObject member)
            return Problems(member, value, where);

        // An open schema allows unknown members so that clients keep new ones, not so that the spec may omit known ones. Only an object
        // without any property may have any members.
        var free = !schema.ContainsKey("properties") && !schema.IsFalse("additionalProperties");
        return free ? [] : [$"{where}: is a member that the schema lacks"];
    }
}
