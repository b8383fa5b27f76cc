using System.Text.Json.Nodes;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

/// <summary>Every schema has a description and a type, is flat, and is open or closed depending on its direction.</summary>
internal static class SchemaRules
{
    // All other keywords are either ignored by the example check (so that it would find nothing), or cause worse generated clients:
    // enum closes a set that the vendor may extend; oneOf, anyOf, allOf, not and discriminator have no good C# equivalent.
    private static readonly HashSet<string> KnownMembers =
    [
        "type", "format", "description", "nullable", "properties", "required", "items", "additionalProperties", "minLength", "maxLength",
        "minimum", "maximum", "minItems", "maxItems", "uniqueItems", "pattern", "default", "deprecated", "example",
        "x-extensible-enum", "x-secret", "x-since", "x-documented", "x-documented-name", "x-documented-type", "x-documented-required",
        "x-documented-nullable", "x-undocumented-members", "x-explicit-null", "x-repeated", "x-dotnet-name",
    ];

    // The value of a JSON Patch operation is any JSON, by RFC 6902. All other members must have a type.
    private static readonly HashSet<string> AnyJson = ["JsonPatchOperation.value"];

    public static IEnumerable<string> Problems(SpecFile spec) =>
        spec.WrittenSchemas().SelectMany(schema => WrittenProblems(schema).Select(problem => $"{schema.Where}: {problem}"))
            .Concat(spec.Schemas.SelectMany(schema =>
                ComponentProblems(spec, schema.Key, schema.Value).Select(problem => $"{schema.Key}: {problem}")))
            .Concat(NameProblems(spec));

    private static IEnumerable<string> WrittenProblems(PlacedSchema schema)
    {
        var node = schema.Node;
        foreach (var (member, _) in node.Where(member => !KnownMembers.Contains(member.Key)))
            yield return $"'{member}' has no place in a schema";
        if (!node.HasText("type") && !AnyJson.Contains(schema.Where))
            yield return "lacks a type";
        if (node.Text("type") == "array" && node["items"] is not JsonObject)
            yield return "is an array without items";
        if (node.Text("format") == "password")
            yield return "marks a secret by format: password, not by x-secret";
        if (node.ContainsKey("x-repeated")
            && (node.IsTrue("x-secret") || !node.IsTrue("x-repeated") || (node["items"] as JsonObject ?? node).Text("type") != "string"))
            yield return "has x-repeated, which is true for texts and lists of texts that come again and again, and are no secret";
        if (node.IsTrue("x-secret") && node.ContainsKey("pattern"))
            yield return "has a pattern although it is a secret, which an error message would then quote";
        if (node.ContainsKey("x-extensible-enum") && (node.Text("type") != "string" || !node.Texts("x-extensible-enum").Any()))
            yield return "has x-extensible-enum without a string type or without values";
        if (node.IsTrue("additionalProperties"))
            yield return "has additionalProperties: true, which is what leaving it out means";
        if (node["items"] is JsonObject items && items.IsTrue("nullable"))
            yield return "has items that may be null";

        foreach (var (name, property) in node.Members("properties"))
        {
            if (property.ContainsKey("$ref") && property.Count > 1)
                yield return $"{name} has members beside $ref, which readers ignore";
            if (!property.ContainsKey("$ref") && !property.HasText("description"))
                yield return $"{name} lacks a description";
            if (property.ContainsKey("properties") || (property["items"] as JsonObject)?.ContainsKey("properties") == true)
                yield return $"{name} writes an object out in place; give it a component";
        }

        foreach (var name in node.Texts("required").Where(name => node["properties"]?[name] is null))
            yield return $"{name} is required but is not a property";
    }

    private static IEnumerable<string> ComponentProblems(SpecFile spec, string name, JsonObject schema)
    {
        if (!schema.HasText("description"))
            yield return "lacks a description";

        var received = spec.ReachedFromResponses.Contains(name);
        var sent = spec.ReachedFromRequests.Contains(name);
        if (!sent && !received)
            yield return "no operation uses it";

        // Generated models omit null members. Where null has another meaning than absence, a request can send it in the additional members
        // of an open schema.
        var opened = schema.ContainsKey("x-explicit-null");
        if (opened && (!sent || received || schema.ContainsKey("additionalProperties")))
            yield return "has x-explicit-null, which is for schemas that are only sent and leave additionalProperties out";
        foreach (var member in schema.Texts("x-explicit-null")
            .Where(member => schema["properties"]?[member] is not { } node || !IsNullable(spec, node)))
            yield return $"x-explicit-null names {member}, which is not a property that may be null";
        if (opened && !schema.Texts("x-explicit-null").Any())
            yield return "has x-explicit-null without members";
        if (sent && !received && !opened && schema.Text("type") == "object" && !schema.IsFalse("additionalProperties"))
            yield return "is only sent, so it must have additionalProperties: false";
        if (received && schema.ContainsKey("additionalProperties"))
            yield return "is received, so it must leave additionalProperties out to keep unknown members";

        foreach (var (property, node) in schema.Members("properties"))
        {
            foreach (var problem in MarkProblems(spec, schema, property, node))
                yield return problem;
        }

        foreach (var member in schema.Texts("x-documented-required").Where(member => !IsOptionalProperty(schema, member)))
            yield return $"x-documented-required names {member}, which is required anyway or is not a property";

        if (!received)
            yield break;

        // Servers omit members or send null, even where the documents promise a value.
        foreach (var required in schema.Texts("required").Where(name => schema["properties"]?[name] is { } node && !IsNullable(spec, node)))
            yield return $"{required} is required in a response, so it must be nullable";
    }

    private static IEnumerable<string> MarkProblems(SpecFile spec, JsonObject schema, string name, JsonObject property)
    {
        if (property.IsFalse("x-documented-nullable") && !IsNullable(spec, property))
            yield return $"{name} is marked x-documented-nullable: false but is not nullable";
        if (property["x-documented-required"] is { } mark && mark.GetValue<bool>() == schema.Texts("required").Contains(name))
            yield return $"{name} is marked x-documented-required as what it is";
        if (property.Text("x-documented-type") is { } documented && documented == property.Text("type"))
            yield return $"{name} is marked x-documented-type as what it is";
    }

    private static bool IsNullable(SpecFile spec, JsonNode property) => spec.Resolve(property).IsTrue("nullable");

    private static bool IsOptionalProperty(JsonObject schema, string name) =>
        schema["properties"]?[name] is not null && !schema.Texts("required").Contains(name);

    private static IEnumerable<string> NameProblems(SpecFile spec) =>
        spec.Schemas.GroupBy(schema => schema.Key, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => $"{string.Join(", ", group.Select(schema => schema.Key))}: differ by case only");
}
