using System.Text.Json.Nodes;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

/// <summary>The spec matches the vendor's document, or marks where it differs (x-documented-...).</summary>
internal sealed class DocumentedFactRules
{
    private readonly SpecFile _spec;

    private DocumentedFactRules(SpecFile spec) => _spec = spec;

    public static IEnumerable<string> Problems(SpecFile spec, IReadOnlyList<DocumentedFact> facts)
    {
        var rules = new DocumentedFactRules(spec);
        return ListProblems(facts)
            .Concat(facts.SelectMany(fact => rules.FactProblems(fact).Select(problem => $"'{fact}': {problem}")));
    }

    private static IEnumerable<string> ListProblems(IReadOnlyList<DocumentedFact> facts)
    {
        if (facts.Count == 0)
            yield return "the list is empty";
        foreach (var twice in facts.GroupBy(fact => (fact.Kind, fact.Owner, fact.Name)).Where(group => group.Count() > 1))
            yield return $"'{twice.First()}': is listed {twice.Count()} times";

        var owners = facts.Where(fact => fact.Kind == "schema").Select(fact => fact.Name)
            .Concat(facts.Where(fact => fact.Kind == "operation").Select(fact => fact.Owner))
            .ToHashSet();
        foreach (var orphan in facts.Where(fact => fact.Kind != "schema" && !owners.Contains(fact.Owner)))
            yield return $"'{orphan}': {orphan.Owner} has no row of its own";
    }

    private IEnumerable<string> FactProblems(DocumentedFact fact)
    {
        if (fact.Kind == "schema")
            return SchemaNamed(fact.Name) is { } schema ? TypeProblems(fact, schema) : ["the spec has no such schema"];
        if (fact.Kind == "field")
            return SchemaNamed(fact.Owner) is { } owner ? FieldProblems(fact, owner) : ["the spec has no such schema"];

        var operation = _spec.Operations.FirstOrDefault(candidate => SameName(candidate.Name, fact.Owner));
        if (operation is null)
            return ["the spec has no such operation"];

        return fact.Kind switch
        {
            "operation" => Unless(fact.Name == operation.Request, $"is {operation.Request} in the spec"),
            "parameter" => ParameterProblems(fact, operation),
            "body" => BodyProblems(fact, operation),
            "returns" => ReturnProblems(fact, operation),
            "security" => Unless(
                operation.Node.List("security").Any(scheme => ((JsonObject)scheme!).ContainsKey(fact.Name)),
                "the operation does not take this security scheme"),
            "consumes" => MediaTypeProblems(fact, operation, "x-documented-consumes", RequestBody(operation)),
            "produces" => MediaTypeProblems(fact, operation, "x-documented-produces", [.. operation.DocumentedSuccesses(_spec)]),
            _ => [$"'{fact.Kind}' is not a kind of fact"],
        };
    }

    /// <summary>Follows a path such as <c>scopes.roles[].name</c> through the schemas.</summary>
    private IEnumerable<string> FieldProblems(DocumentedFact fact, JsonObject owner)
    {
        var steps = fact.Name.Split('.');
        var schema = owner;
        foreach (var step in steps[..^1])
        {
            var isList = step.EndsWith("[]", StringComparison.Ordinal);
            if (MemberNamed(schema, isList ? step[..^2] : step) is not { } found)
                return [$"the spec has no member {step}"];
            schema = _spec.Resolve(found.Node);
            if (isList)
                schema = _spec.Resolve(schema["items"]);
        }

        if (MemberNamed(schema, steps[^1]) is not { } member)
            return ["the spec has no such member"];

        var required = (member.Node["x-documented-required"]?.GetValue<bool>())
            ?? schema.Texts("required").Concat(schema.Texts("x-documented-required")).Contains(member.Name);
        return TypeProblems(fact, member.Node).Concat(RequiredProblems(fact, required));
    }

    private IEnumerable<string> ParameterProblems(DocumentedFact fact, SpecOperation operation)
    {
        if (operation.Parameters.FirstOrDefault(candidate => SameName(candidate.Text("name")!, fact.Name)) is not { } parameter)
            return ["the operation has no such parameter"];

        var marked = parameter.Text("x-documented-type") is null ? (JsonObject)parameter["schema"]! : parameter;
        return TypeProblems(fact, marked).Concat(RequiredProblems(fact, IsDocumentedAsRequired(parameter)));
    }

    private IEnumerable<string> BodyProblems(DocumentedFact fact, SpecOperation operation) => RequestBody(operation) switch
    {
        [var body] => BodySchemas(body).SelectMany(schema => TypeProblems(fact, schema))
            .Concat(RequiredProblems(fact, IsDocumentedAsRequired(body))),
        _ => ["the operation has no request body"],
    };

    private IEnumerable<string> ReturnProblems(DocumentedFact fact, SpecOperation operation)
    {
        var schemas = operation.DocumentedSuccesses(_spec).SelectMany(BodySchemas).ToList();
        return (fact.Type, schemas.Count) switch
        {
            ("void", _) => Unless(schemas.Count == 0, "the operation returns a body"),
            (_, 0) => ["the operation returns no body"],
            _ => schemas.SelectMany(schema => TypeProblems(fact, schema)),
        };
    }

    private static IEnumerable<string> MediaTypeProblems(DocumentedFact fact, SpecOperation operation, string mark, List<JsonObject> bodies)
    {
        var spoken = bodies.SelectMany(body => body.Members("content")).Select(media => media.Key).Concat(operation.Node.Texts(mark));
        return Unless(spoken.Contains(fact.Name), $"neither a body nor {mark} has this media type");
    }

    private IEnumerable<string> TypeProblems(DocumentedFact fact, JsonObject node)
    {
        if (!Meets(fact.Type, node))
            yield return $"the type is {TypeOf(node)} in the spec";

        // If the type differs and is marked, the format belongs to the spec's own type. A document without a format allows any.
        var format = _spec.Resolve(node).Text("format");
        if (fact.Format.Length > 0 && !node.ContainsKey("x-documented-type") && fact.Format != format)
            yield return $"the format is '{format}' in the spec";
    }

    private bool Meets(string documented, JsonObject node)
    {
        var resolved = _spec.Resolve(node);
        if (node.Text("x-documented-type") is { } mark)
            return documented == mark;
        if (documented.StartsWith("array<", StringComparison.Ordinal))
            return resolved["items"] is JsonObject items && Meets(documented["array<".Length..^1], items);
        if (documented == "object")
            return resolved.Text("type") == "object";
        return documented == TypeOf(node);
    }

    private string? TypeOf(JsonObject node)
    {
        if (SpecFile.ReferredSchema(node) is { } name)
            return _spec.Resolve(node).Text("x-documented-name") ?? name;
        return node["items"] is JsonObject items ? $"array<{TypeOf(items)}>" : node.Text("x-documented-type") ?? node.Text("type");
    }

    private static IEnumerable<string> RequiredProblems(DocumentedFact fact, bool required) =>
        Unless(fact.Required is null || fact.Required == required, $"it is {(required ? "required" : "optional")} in the spec");

    private static bool IsDocumentedAsRequired(JsonObject node) =>
        node["x-documented-required"]?.GetValue<bool>() ?? node.IsTrue("required");

    private List<JsonObject> RequestBody(SpecOperation operation) =>
        operation.Node["requestBody"] is { } body ? [_spec.Resolve(body)] : [];

    private static IEnumerable<JsonObject> BodySchemas(JsonObject body) =>
        body.Members("content").Select(media => (JsonObject)media.Value["schema"]!);

    private JsonObject? SchemaNamed(string documented) =>
        _spec.Schemas.FirstOrDefault(schema => documented == (schema.Value.Text("x-documented-name") ?? schema.Key)).Value;

    private static (string Name, JsonObject Node)? MemberNamed(JsonObject schema, string documented) =>
        schema.Members("properties").Where(property => SameName(property.Key, documented))
            .Select(property => ((string, JsonObject)?)(property.Key, property.Value))
            .FirstOrDefault();

    // The documents of generated clients write names in the style of the client's language, which differs from the style on the wire.
    private static bool SameName(string ours, string documented) =>
        string.Equals(Bare(ours), Bare(documented), StringComparison.OrdinalIgnoreCase);

    private static string Bare(string name) => name.Replace("_", "", StringComparison.Ordinal);

    private static IEnumerable<string> Unless(bool met, string problem) => met ? [] : [problem];
}
