using System.Text.Json;
using System.Text.Json.Nodes;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Documents;

/// <summary>
/// The page of one data structure in a vendor's reference, as plain text: a JSON example of all members, then for each member its type, its
/// name, whether it is optional, and a description. The text lacks a type that is a link; the example shows it.
/// </summary>
internal sealed class ReferencePage : IVendorDocument
{
    public string Vendor => "vmwarecloud";

    public bool Recognises(string text) => text.StartsWith("ApiTokenDetailsDto\n", StringComparison.Ordinal);

    public IEnumerable<DocumentedFact> Read(string text)
    {
        var schema = text.Split('\n')[0];
        var example = JsonNode.Parse(DocumentText.After(text, "JSON Example", "^}") + "}")!.AsObject();
        yield return new DocumentedFact("schema", "", schema, "object");

        var described = new HashSet<string>();
        foreach (var head in MemberHeads(text))
        {
            var optional = head[^1] == "Optional";
            var lines = optional ? head[..^1] : head;
            var (name, declared) = lines switch
            {
                [var only] => (only, null),
                [var type, var second] => (second, type),
                _ => throw new FormatException($"'{string.Join(" / ", head)}' is not the head of a member."),
            };
            if (!example.ContainsKey(name) || !described.Add(name))
                throw new FormatException($"'{name}' is not in the example, or is described twice.");

            var (written, format) = declared is null ? (TypeOf(example[name]), "") : FromText(declared);
            yield return new DocumentedFact("field", schema, name, written, format, !optional);
            foreach (var nested in Nested(schema, name, example[name]))
                yield return nested;
        }

        if (example.FirstOrDefault(member => !described.Contains(member.Key)) is { Key: { } missing })
            throw new FormatException($"'{missing}' is in the example but not described.");
    }

    /// <summary>Below the example, each member has a paragraph with its head and one with its description.</summary>
    private static IEnumerable<string[]> MemberHeads(string text) =>
        text[DocumentText.Find(text, @"^}\n", "the end of its example").Index..][2..]
            .Split("\n\n", StringSplitOptions.TrimEntries)
            .Where((_, index) => index % 2 == 0)
            .Select(paragraph => paragraph.Split('\n'));

    private static IEnumerable<DocumentedFact> Nested(string schema, string path, JsonNode? value)
    {
        if (value is JsonArray list)
            return Nested(schema, $"{path}[]", list[0]);

        return (value as JsonObject ?? []).SelectMany(member => Nested(schema, $"{path}.{member.Key}", member.Value)
            .Prepend(new DocumentedFact("field", schema, $"{path}.{member.Key}", TypeOf(member.Value))));
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => "integer",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => $"array<{TypeOf(value[0])}>",
        var kind => throw new FormatException($"The example holds {kind}, which tells no type."),
    };

    private static (string Type, string Format) FromText(string declared) => declared.Split(' ') switch
    {
        ["string" or "boolean" or "integer" or "number" or "object"] => (declared, ""),
        // The page repeats the format.
        ["integer" or "number" or "string", "As", var format, "As", var again] when format == again => (declared.Split(' ')[0], format),
        ["array", "of", var item] => ($"array<{FromText(item).Type}>", ""),
        _ => throw new FormatException($"'{declared}' is not a known type."),
    };
}
