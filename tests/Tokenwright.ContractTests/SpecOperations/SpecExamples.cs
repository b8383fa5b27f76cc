using System.Text.Json.Nodes;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.ContractTests.SpecOperations;

/// <summary>Creates values from a spec.</summary>
internal static class SpecExamples
{
    /// <summary>Returns the examples of a parameter, a header or a media type.</summary>
    public static IReadOnlyList<SpecExample> Examples(this SpecFile spec, JsonObject holder)
        => holder["example"] is { } example
            ? [new(string.Empty, example)]
            : [.. holder.Members("examples").Select(named => new SpecExample(named.Key, spec.Resolve(named.Value)["value"]!))];

    /// <summary>
    /// Creates a small value that matches a schema, for error bodies and headers without an example. It differs from every secret of a
    /// request, because those would be redacted.
    /// </summary>
    public static JsonNode Sample(this SpecFile spec, JsonNode? written)
    {
        var schema = spec.Resolve(written);
        return schema["example"]?.DeepClone() ?? schema.Text("type") switch
        {
            "object" => new JsonObject(
                schema.Members("properties").Select(member => KeyValuePair.Create(member.Key, (JsonNode?)spec.Sample(member.Value)))),
            "array" => new JsonArray(spec.Sample(schema["items"])),
            "integer" or "number" => 1,
            "boolean" => true,
            _ => "sample",
        };
    }

    /// <summary>Removes the members that the schema doesn't require from an example body.</summary>
    public static JsonNode RequiredPart(this SpecFile spec, JsonNode? written, JsonNode example)
    {
        var schema = spec.Resolve(written);
        return example switch
        {
            JsonObject members when schema.ContainsKey("properties") => new JsonObject(schema.Texts("required")
                .Select(name =>
                    KeyValuePair.Create(name, members[name] is { } value ? spec.RequiredPart(schema["properties"]![name], value) : null))),
            JsonArray elements => new JsonArray([.. elements.Select(element => spec.RequiredPart(schema["items"], element!))]),
            _ => example.DeepClone(),
        };
    }
}
