using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.SpecTests.Checks;

/// <summary>Every operation and all its parts have a description.</summary>
internal static class OperationRules
{
    private static readonly string[] ComponentKinds =
        ["parameters", "responses", "headers", "requestBodies", "securitySchemes", "examples"];

    // SchemaRules checks the marks of schemas; these are the others. A misspelt mark would have no effect.
    private static readonly HashSet<string> Marks =
    [
        "x-tolerated", "x-secret", "x-extensible-enum", "x-documented", "x-documented-required", "x-documented-type",
        "x-documented-consumes", "x-documented-produces",
    ];

    public static IEnumerable<string> Problems(SpecFile spec) =>
        DocumentProblems(spec.Root)
            .Concat(ComponentProblems(spec.Root))
            .Concat(NameProblems(spec))
            .Concat(MembersOf(spec.Root)
                .Where(member => member.Key.StartsWith("x-", StringComparison.Ordinal) && !Marks.Contains(member.Key))
                .Select(member => $"'{member.Key}' is not a known mark"))
            .Concat(spec.Operations.SelectMany(operation =>
                OperationProblems(spec, operation).Select(problem => $"{operation.Name}: {problem}")));

    private static IEnumerable<string> DocumentProblems(JsonObject root)
    {
        if (root["info"] is not JsonObject info || !info.HasText("title") || !info.HasText("version") || !info.HasText("description"))
            yield return "info: lacks a title, version or description";
        foreach (var list in new[] { "servers", "tags" })
        {
            if (!root.List(list).Any())
                yield return $"{list}: there are none";
            foreach (var entry in root.List(list).Cast<JsonObject>().Where(entry => !entry.HasText("description")))
                yield return $"{list}: {entry.Text("name") ?? entry.Text("url")} lacks a description";
        }
    }

    private static IEnumerable<string> ComponentProblems(JsonObject root)
    {
        var used = MembersOf(root).Where(member => member.Key == "$ref").Select(member => member.Value!.GetValue<string>())
            .Concat(MembersOf(root).Where(member => member.Key == "security").SelectMany(member => (JsonArray)member.Value!)
                .SelectMany(requirement => (JsonObject)requirement!).Select(scheme => $"#/components/securitySchemes/{scheme.Key}"))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var kind in ComponentKinds)
        {
            foreach (var (name, component) in (root["components"] as JsonObject ?? []).Members(kind))
            {
                if (!component.HasText("description") && !component.HasText("summary"))
                    yield return $"components > {kind} > {name}: lacks a description";
                if (!used.Contains($"#/components/{kind}/{name}"))
                    yield return $"components > {kind} > {name}: nothing uses it";
            }
        }
    }

    /// <summary>Returns all members of all objects outside of component schemas and example values.</summary>
    private static IEnumerable<KeyValuePair<string, JsonNode?>> MembersOf(JsonNode? node) => node switch
    {
        JsonObject found => found.Where(member => member.Key is not ("schemas" or "value" or "example"))
            .SelectMany(member => MembersOf(member.Value).Prepend(member)),
        JsonArray array => array.SelectMany(MembersOf),
        _ => [],
    };

    private static IEnumerable<string> NameProblems(SpecFile spec) =>
        spec.Operations.GroupBy(operation => operation.Name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {group.Count()} operations have this operationId");

    private static IEnumerable<string> OperationProblems(SpecFile spec, SpecOperation operation)
    {
        foreach (var member in new[] { "operationId", "summary", "description" }.Where(member => !operation.Node.HasText(member)))
            yield return $"lacks {member}";
        if (operation.Node.Text("summary")?.Contains('\n', StringComparison.Ordinal) == true)
            yield return "the summary has more than one line";

        var declaredTags = spec.Root.List("tags").Select(tag => ((JsonObject)tag!).Text("name")).ToHashSet();
        if (!operation.Node.List("tags").Any())
            yield return "lacks a tag";
        foreach (var tag in operation.Node.Texts("tags").Where(tag => !declaredTags.Contains(tag)))
            yield return $"the tag {tag} is not among the tags of the document";

        foreach (var problem in SecurityProblems(spec, operation)
            .Concat(ParameterProblems(operation))
            .Concat(ResponseProblems(spec, operation)))
            yield return problem;

        if (operation.Node["requestBody"] is { } body && !spec.Resolve(body).HasText("description"))
            yield return "the request body lacks a description";
    }

    private static IEnumerable<string> SecurityProblems(SpecFile spec, SpecOperation operation)
    {
        // Without security, the document's default would apply. Each operation must declare whether it sends a credential.
        if (operation.Node["security"] is not JsonArray security)
            return ["lacks security (write [] for an anonymous operation)"];

        return security.SelectMany(requirement => (JsonObject)requirement!)
            .Where(scheme => spec.Root["components"]?["securitySchemes"]?[scheme.Key] is null)
            .Select(scheme => $"the security scheme {scheme.Key} is not declared");
    }

    private static IEnumerable<string> ParameterProblems(SpecOperation operation)
    {
        foreach (var parameter in operation.Parameters)
        {
            if (!parameter.HasText("description"))
                yield return $"the parameter {parameter.Text("name")} lacks a description";
            if (parameter["schema"] is not JsonObject)
                yield return $"the parameter {parameter.Text("name")} lacks a schema";
        }

        var inPath = operation.Parameters.Where(parameter => parameter.Text("in") == "path").ToList();
        var declared = inPath.Select(parameter => parameter.Text("name")!).Order(StringComparer.Ordinal).ToList();
        var written = Regex.Matches(operation.Path, @"\{(\w+)\}").Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);
        if (!written.SequenceEqual(declared, StringComparer.Ordinal))
            yield return $"its path parameters are [{string.Join(", ", declared)}], which are not those of {operation.Path}";
        foreach (var parameter in inPath.Where(parameter => !parameter.IsTrue("required")))
            yield return $"the path parameter {parameter.Text("name")} is not required";
    }

    private static IEnumerable<string> ResponseProblems(SpecFile spec, SpecOperation operation)
    {
        foreach (var (status, response) in operation.Node.Members("responses"))
        {
            if (!spec.Resolve(response).HasText("description"))
                yield return $"the response {status} lacks a description";
        }

        if (!operation.DocumentedSuccesses(spec).Any())
            yield return "has no success response other than a tolerated one";

        // A tolerated status must have the same body as the documented one, because a client can't return two types.
        var bodies = operation.Successes(spec).Select(response => BodySchemas(response)).Distinct(StringComparer.Ordinal).ToList();
        if (bodies.Count > 1)
            yield return $"its success responses differ in their bodies: {string.Join(" / ", bodies)}";
    }

    private static string BodySchemas(JsonObject response) =>
        string.Join(", ", response.Members("content").Select(media => $"{media.Key} {media.Value["schema"]?.ToJsonString()}"));
}
