using System.Text.Json.Nodes;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.ContractTests.SpecOperations;

/// <summary>A request as the spec describes it: the operation, values for its parameters, and its body.</summary>
internal sealed record SpecRequest(
    string Name, SpecFile Spec, SpecOperation Operation, IReadOnlyDictionary<string, JsonNode> Arguments, JsonNode? Body)
{
    // Characters that would end a path segment or a query value if they were not encoded. The server shows a path decoded and encoded
    // again, so a plus sign and an ampersand look the same however they were sent.
    private const string AwkwardInPath = "a/b ü";
    private const string AwkwardInQuery = "a/b c+d&e=f#ü%20";

    /// <summary>Gets the media type of the body; null if the operation has none.</summary>
    public string? MediaType => Media(Spec, Operation)?.Key;

    /// <summary>Gets the media type that the client accepts: that of the success body, if there is one.</summary>
    public string? Accept
        => Operation.Successes(Spec).SelectMany(response => response.Members("content")).Select(media => media.Key).FirstOrDefault();

    public string PathAndQuery
    {
        get
        {
            var path = In("path").Aggregate(
                Operation.Path,
                (path, parameter) => path.Replace($"{{{parameter.Text("name")}}}", Escaped(ValueOf(parameter)), StringComparison.Ordinal));
            var query = string.Join('&', In("query").SelectMany(Pairs));
            return query.Length == 0 ? path : $"{path}?{query}";
        }
    }

    /// <summary>Returns the requests for an operation. The first one has an example for everything.</summary>
    public static IEnumerable<SpecRequest> Of(SpecFile spec, SpecOperation operation)
    {
        var examples =
            operation.Parameters.ToDictionary(parameter => parameter.Text("name")!, parameter => ExamplesOf(spec, operation, parameter));
        var media = Media(spec, operation)?.Value;
        var bodies = media is null ? [] : spec.Examples(media);

        // There are as many requests as the largest number of examples. A parameter with fewer examples repeats its last one.
        var count = examples.Values.Append(bodies).Max(list => list.Count);
        for (var index = 0; index < Math.Max(count, 1); index++)
        {
            var arguments = examples.ToDictionary(parameter => parameter.Key, parameter => Nth(parameter.Value, index));
            yield return new(
                index == 0 ? "request" : $"request {index + 1}", spec, operation, arguments, media is null ? null : Nth(bodies, index));
        }

        var required = operation.Parameters
            .Where(parameter => parameter.IsTrue("required"))
            .ToDictionary(parameter => parameter.Text("name")!, parameter => examples[parameter.Text("name")!][0].Value);
        var requiredBody = media is null ? null : spec.RequiredPart(media["schema"], bodies[0].Value);
        yield return new("request, required only", spec, operation, required, requiredBody);

        if (operation.Parameters.Any(IsText))
        {
            var awkward = operation.Parameters.ToDictionary(
                parameter => parameter.Text("name")!,
                parameter => IsText(parameter) ? Awkward(parameter) : examples[parameter.Text("name")!][0].Value);
            yield return new("request, awkward text", spec, operation, awkward, media is null ? null : bodies[0].Value);
        }
    }

    public override string ToString() => $"{Operation.Name} {Name}";

    private static KeyValuePair<string, JsonObject>? Media(SpecFile spec, SpecOperation operation)
        => operation.Node["requestBody"] is { } body ? spec.Resolve(body).Members("content").Single() : null;

    private static IReadOnlyList<SpecExample> ExamplesOf(SpecFile spec, SpecOperation operation, JsonObject parameter)
        => spec.Examples(parameter) is { Count: > 0 } found
            ? found
            : throw new InvalidDataException($"{operation.Name}: the parameter {parameter.Text("name")} has no example.");

    private static JsonNode Nth(IReadOnlyList<SpecExample> examples, int index) => examples[Math.Min(index, examples.Count - 1)].Value;

    private static bool IsText(JsonObject parameter) => ((JsonObject)parameter["schema"]!).Text("type") == "string";

    private static JsonNode Awkward(JsonObject parameter) => parameter.Text("in") == "path" ? AwkwardInPath : AwkwardInQuery;

    private static string Escaped(JsonNode? value)
        => Uri.EscapeDataString(value is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : value!.ToJsonString());

    private IEnumerable<JsonObject> In(string place) => Operation.Parameters.Where(parameter => parameter.Text("in") == place);

    private JsonNode ValueOf(JsonObject parameter) => Arguments[parameter.Text("name")!];

    private IEnumerable<string> Pairs(JsonObject parameter)
    {
        var name = parameter.Text("name")!;
        if (!Arguments.TryGetValue(name, out var value))
            return [];
        if (value is not JsonArray elements)
            return [$"{name}={Escaped(value)}"];
        if (parameter.IsFalse("explode") || (parameter.Text("style") ?? "form") != "form")
            throw new NotSupportedException($"{Operation.Name}: {name} is an array of a style that no spec had so far.");
        return elements.Select(element => $"{name}={Escaped(element)}");
    }
}
