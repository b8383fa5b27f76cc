using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tokenwright.SpecTests.Spec;

/// <summary>Extension methods to read a spec's tree.</summary>
internal static class JsonReading
{
    public static string? Text(this JsonObject node, string name) =>
        node[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public static bool HasText(this JsonObject node, string name) => !string.IsNullOrWhiteSpace(node.Text(name));

    public static bool IsTrue(this JsonObject node, string name) => node[name]?.GetValueKind() == JsonValueKind.True;

    public static bool IsFalse(this JsonObject node, string name) => node[name]?.GetValueKind() == JsonValueKind.False;

    public static decimal? Number(this JsonObject node, string name) =>
        node[name]?.GetValueKind() == JsonValueKind.Number ? node[name]!.GetValue<decimal>() : null;

    public static IEnumerable<JsonNode?> List(this JsonObject node, string name) => node[name] as JsonArray ?? [];

    public static IEnumerable<string> Texts(this JsonObject node, string name) =>
        node.List(name).Select(element => element!.GetValue<string>());

    public static IEnumerable<KeyValuePair<string, JsonObject>> Members(this JsonObject node, string name) =>
        (node[name] as JsonObject ?? []).Select(member => KeyValuePair.Create(member.Key, (JsonObject)member.Value!));
}
