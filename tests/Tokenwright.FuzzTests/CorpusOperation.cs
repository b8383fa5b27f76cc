using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tokenwright.ContractTests;
using Tokenwright.ContractTests.SpecOperations;
using Tokenwright.FuzzTests.Mutation;
using Tokenwright.SpecTests.Spec;

namespace Tokenwright.FuzzTests;

/// <summary>An operation of a spec, and all known responses to it.</summary>
internal sealed class CorpusOperation(string vendor, SpecFile spec, SpecOperation operation)
{
    private readonly Regex _path = new("^/?" + Regex.Replace(Regex.Escape(operation.Path.Trim('/')), @"\\\{[^}]*}", "[^/]+") + "/?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public string Vendor => vendor;

    public SpecFile Spec => spec;

    public SpecOperation Operation => operation;

    public IReadOnlyList<CorpusResponse> Responses { get; } =
    [
        .. SpecResponse.Of(spec, operation).Select(response => new CorpusResponse(
            $"spec {response.Name}",
            response.Response.Status,
            [.. response.Response.Headers.Select(header => (header.Key, header.Value))],
            Marked(spec, operation, response.DeclaredStatus, response.Response.Body))),
        .. Recorded(vendor).Where(recorded => recorded.MethodAndPath.Equals(
            $"{operation.Method} {operation.Path.TrimEnd('/')}", StringComparison.OrdinalIgnoreCase)).Select(recorded => new CorpusResponse(
            $"recorded {recorded.Name}",
            recorded.Status,
            [.. recorded.ResponseHeaders.Where(header => !header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                .Select(header => (header.Key, header.Value))],
            Marked(spec, operation, recorded.Status.ToString(CultureInfo.InvariantCulture), recorded.ResponseBody))),
    ];

    public bool Takes(string method, string path) => method == operation.Method && _path.IsMatch(path);

    private static IReadOnlyList<RecordedExchange> Recorded(string vendor)
        => Directory.Exists(Path.Combine(AppContext.BaseDirectory, "Recordings", vendor)) ? RecordedExchange.ReadAll(vendor) : [];

    private static string Marked(SpecFile spec, SpecOperation operation, string status, string body)
    {
        var response = operation.Node.Members("responses").FirstOrDefault(response => response.Key == status).Value;
        var media = response is null ? null : spec.Resolve(response).Members("content").FirstOrDefault().Value;
        if (media?["schema"] is null || JsonTree.Parse(body) is null)
            return body;
        var node = JsonNode.Parse(body);
        return Marked(spec, media["schema"], node)?.ToJsonString() ?? body;
    }

    private static JsonNode? Marked(SpecFile spec, JsonNode? written, JsonNode? node)
    {
        var schema = spec.Resolve(written);
        return (schema.IsTrue("x-secret"), node) switch
        {
            (true, JsonValue) => Markers.Body,
            (_, JsonObject members) => new JsonObject(members.Select(member => KeyValuePair.Create(
                member.Key, schema["properties"]?[member.Key] is { } property ? Marked(
                    spec, property, member.Value) : member.Value?.DeepClone()))),
            (_, JsonArray items)
                when schema.ContainsKey("items") => new JsonArray([.. items.Select(item => Marked(spec, schema["items"], item))]),
            _ => node?.DeepClone(),
        };
    }
}
