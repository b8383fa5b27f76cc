using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.YamlReader;
using SharpYaml.Serialization;

namespace Tokenwright.SpecTests.Spec;

/// <summary>
/// A spec as the plain tree of its YAML. An object model would hide whether something is absent or empty, and members that OpenAPI doesn't
/// define.
/// </summary>
internal sealed class SpecFile
{
    private const string SchemaReference = "#/components/schemas/";
    private static readonly ConcurrentDictionary<string, SpecFile> Loaded = new();

    private SpecFile(JsonObject root)
    {
        Root = root;
        Schemas = (root["components"] as JsonObject ?? []).Members("schemas").ToDictionary(StringComparer.Ordinal);
        Operations = [.. ReadOperations()];
        Holders = [.. FindHolders("", root)];
        ReachedFromRequests = Reach(Operations.Select(operation => operation.Node["requestBody"]));
        ReachedFromResponses = Reach(Operations.Select(operation => operation.Node["responses"]));
    }

    public JsonObject Root { get; }

    public IReadOnlyDictionary<string, JsonObject> Schemas { get; }

    public IReadOnlyList<SpecOperation> Operations { get; }

    public IReadOnlyList<SchemaHolder> Holders { get; }

    /// <summary>Gets the names of the component schemas of request bodies.</summary>
    public IReadOnlySet<string> ReachedFromRequests { get; }

    /// <summary>Gets the names of the component schemas of responses.</summary>
    public IReadOnlySet<string> ReachedFromResponses { get; }

    public static SpecFile Of(string vendor) => Loaded.GetOrAdd(vendor, name => Parse(Vendors.Read(name, "openapi.yaml")));

    public static SpecFile Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return new SpecFile((JsonObject)Plain(stream.Documents.Single().ToJsonNode())!);
    }

    /// <summary>Returns the node, or the target of its reference.</summary>
    public JsonObject Resolve(JsonNode? node)
    {
        var target = node as JsonObject ?? throw new InvalidDataException($"Not an object: {node?.ToJsonString() ?? "null"}");
        if (target.Text("$ref") is not { } reference)
            return target;

        JsonNode? found = Root;
        foreach (var step in reference.TrimStart('#', '/').Split('/'))
            found = found?[step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
        return Resolve(found ?? throw new InvalidDataException($"{reference} leads nowhere"));
    }

    /// <summary>Returns the name of the component schema that the node references, if it does.</summary>
    public static string? ReferredSchema(JsonNode? node) =>
        (node as JsonObject)?.Text("$ref") is { } reference && reference.StartsWith(SchemaReference, StringComparison.Ordinal)
            ? reference[SchemaReference.Length..]
            : null;

    /// <summary>Returns every schema that is written in the spec, without references.</summary>
    public IEnumerable<PlacedSchema> WrittenSchemas() =>
        Schemas.Select(schema => new PlacedSchema(schema.Key, schema.Value))
            .Concat(Holders.Select(holder => new PlacedSchema(holder.Where, holder.Schema)))
            .SelectMany(WithInner);

    private static IEnumerable<PlacedSchema> WithInner(PlacedSchema schema)
    {
        if (schema.Node.ContainsKey("$ref"))
            return [];

        var inner = schema.Node.Members("properties")
            .Select(property => new PlacedSchema($"{schema.Where}.{property.Key}", property.Value));
        if (schema.Node["items"] is JsonObject items)
            inner = inner.Append(new PlacedSchema($"{schema.Where}[]", items));
        if (schema.Node["additionalProperties"] is JsonObject values)
            inner = inner.Append(new PlacedSchema($"{schema.Where}.*", values));
        return inner.SelectMany(WithInner).Prepend(schema);
    }

    private IEnumerable<SpecOperation> ReadOperations() =>
        from path in Root.Members("paths")
        from member in path.Value
        where member.Key is "get" or "put" or "post" or "patch" or "delete" or "head" or "options" or "trace"
        let node = (JsonObject)member.Value!
        let parameters = path.Value.List("parameters").Concat(node.List("parameters"))
        select new SpecOperation(path.Key, member.Key.ToUpperInvariant(), node, [.. parameters.Select(Resolve)]);

    private static IEnumerable<SchemaHolder> FindHolders(string where, JsonNode? node)
    {
        if (node is JsonArray array)
            return array.SelectMany(element => FindHolders($"{where}[{(element as JsonObject)?.Text("name")}]", element));
        if (node is not JsonObject holder)
            return [];

        var inner = holder
            .Where(member => !member.Key.StartsWith("x-", StringComparison.Ordinal))
            .Where(member => member.Key is not ("schema" or "schemas" or "example" or "examples"))
            .SelectMany(member => FindHolders(where.Length == 0 ? member.Key : $"{where} > {member.Key}", member.Value));
        return holder["schema"] is JsonObject schema ? inner.Prepend(new SchemaHolder(where, holder, schema)) : inner;
    }

    private HashSet<string> Reach(IEnumerable<JsonNode?> starts)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in starts)
            Follow(start);
        return names;

        void Follow(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject reference when reference.ContainsKey("$ref"):
                    if (ReferredSchema(reference) is not { } name || names.Add(name))
                        Follow(Resolve(reference));
                    break;
                case JsonObject found:
                    foreach (var (key, value) in found)
                    {
                        if (key is not ("example" or "examples"))
                            Follow(value);
                    }

                    break;
                case JsonArray array:
                    foreach (var element in array)
                        Follow(element);
                    break;
            }
        }
    }

    /// <summary>Replaces the reader's placeholder for null, and gives all numbers one type.</summary>
    private static JsonNode? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject found => new JsonObject(found.Select(member => KeyValuePair.Create(member.Key, Plain(member.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Plain)]),
        _ when node.IsJsonNullSentinel() => null,
        _ => JsonNode.Parse(node.ToJsonString()),
    };
}
