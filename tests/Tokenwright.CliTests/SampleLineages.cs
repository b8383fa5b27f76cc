using System.Text.Json.Nodes;

namespace Tokenwright.CliTests;

/// <summary>The lineages in the connections file of a <see cref="Workplace"/>.</summary>
internal static class SampleLineages
{
    public const string KeyFile = "sealing.key";

    public static string Key { get; } = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);

    // The owner at SailPoint has nine of ten tokens. VMware needs an identity token, which nobody brings.
    private static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["nightly-report"] =
            """
            { "Connection": "identity", "Scopes": ["sp:scopes:default"], "Sinks": [{ "File": "report.json" }], "Consumers": ["reporter"],
              "Policy": { "Lifetime": "60.00:00:00", "SparePlaces": 0 } }
            """,
        ["zabbix"] =
            """{ "Connection": "storage", "Roles": ["observer"], "Sinks": [{ "File": "zabbix.secret", "IsText": true }] }""",
        ["switches"] =
            """
            { "Connection": "network", "NameInDescription": true, "Scopes": ["auth:r", "logout"], "Sinks": [{ "File": "switches.json" }],
              "Policy": { "Lifetime": "30.00:00:00" } }
            """,
        ["console"] = """{ "Connection": "cloud", "Scopes": ["openid"], "Sinks": [{ "File": "console.json" }] }""",
    };

    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Gets the part of the connections file; null if no lineage has a connection.</summary>
    public static JsonObject? For(IReadOnlySet<string> connections)
    {
        var lineages = new JsonObject();
        foreach (var (name, text) in All)
        {
            if (JsonNode.Parse(text)!.AsObject() is var lineage && connections.Contains((string)lineage["Connection"]!))
                lineages[name] = lineage;
        }

        return lineages.Count == 0 ? null : new JsonObject
            { ["Journal"] = "rotation.db", ["SealingKey"] = new JsonObject { ["File"] = KeyFile }, ["Lineages"] = lineages };
    }
}
