using System.Text.Json.Nodes;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

/// <summary>Every example and default is valid against its schema, and every body that an operation returns has an example.</summary>
internal static class ExampleRules
{
    public static IEnumerable<string> Problems(SpecFile spec) =>
        spec.Holders.SelectMany(holder => ExamplesOf(spec, holder.Node, holder.Where)
                .SelectMany(example => new SchemaValidator(spec).Problems(holder.Schema, example.Value, example.Where)))
            .Concat(spec.WrittenSchemas().SelectMany(schema => new[] { "example", "default" }
                .Where(schema.Node.ContainsKey)
                .SelectMany(member => new SchemaValidator(spec).Problems(schema.Node, schema.Node[member], $"{schema.Where} > {member}"))))
            .Concat(MissingExamples(spec));

    private static IEnumerable<(string Where, JsonNode? Value)> ExamplesOf(SpecFile spec, JsonObject holder, string where)
    {
        if (holder.TryGetPropertyValue("example", out var example))
            yield return ($"{where} > example", example);
        foreach (var (name, named) in holder.Members("examples"))
            yield return ($"{where} > examples > {name}", spec.Resolve(named)["value"]);
    }

    // A tolerated response has the body of the documented one, so it shares its example.
    private static IEnumerable<string> MissingExamples(SpecFile spec) =>
        from operation in spec.Operations
        let bodies = operation.DocumentedSuccesses(spec).Concat(operation.Node["requestBody"] is { } body ? [spec.Resolve(body)] : [])
        from body in bodies
        from media in body.Members("content")
        where !ExamplesOf(spec, media.Value, "").Any()
        select $"{operation.Name}: the body '{body.Text("description")?.Trim()}' ({media.Key}) has no example";
}
