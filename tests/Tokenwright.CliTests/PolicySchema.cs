using System.Text.Json.Nodes;
using Tokenwright.Cli.Audit;

namespace Tokenwright.CliTests;

/// <summary>The schema of policy files, generated from the rules and the defaults.</summary>
internal static class PolicySchema
{
    public static JsonNode Make()
    {
        var policy = new AuditPolicy();
        var thresholds = new JsonObject();
        foreach (var (name, summary) in AuditPolicy.Thresholds)
        {
            thresholds[name] = new JsonObject
            {
                ["type"] = "integer", ["minimum"] = 0, ["maximum"] = name == nameof(AuditPolicy.QuotaPercent) ? 100 : 36500,
                    ["default"] = (int)typeof(AuditPolicy).GetProperty(name)!.GetValue(policy)!, ["description"] = summary,
            };
        }

        var severities = new JsonObject();
        foreach (var rule in AuditRule.All)
            severities[rule.Id] = new JsonObject { ["enum"] = new JsonArray("high", "medium", "low", "none"),
                ["default"] = Tokenwright.Cli.Output.Shapes.Word(rule.Severity), ["description"] = rule.Summary };

        var exception = new JsonObject
        {
            ["Rule"] = new JsonObject { ["enum"] = new JsonArray([.. AuditRule.All.Select(rule => (JsonNode)rule.Id)]) },
            ["Vendor"] = Text("Only at this vendor."),
            ["Connection"] = Text("Only on this connection."),
            ["Token"] = Text("Only the token of this id or name."),
            ["Reason"] = Text("Why the finding is accepted."),
            ["Until"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
                ["description"] = "The last day on which it is, UTC." },
        };
        var isProtected = new JsonObject
        {
            ["Vendor"] = Text("Only at this vendor."),
            ["Connection"] = Text("Only on this connection."),
            ["Id"] = Text("Only the token of this id."),
            ["Name"] = Text("Only tokens of this name; * stands for any text."),
            ["Reason"] = Text("Why no change of many tokens includes them."),
        };
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "The audit policy of tokenwright",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["$schema"] = new JsonObject { ["type"] = "string" },
                ["Thresholds"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = thresholds },
                ["BroadScopes"] = Texts("Scopes that let a token do everything; in place of the usual ones.", policy.BroadScopes),
                ["BroadRoles"] = Texts("Roles that let a token do everything; in place of the usual ones.", policy.BroadRoles),
                ["Severities"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = severities },
                ["Exceptions"] = Entries(exception, ["Rule", "Reason", "Until"], ["Token", "Connection", "Vendor"]),
                ["Protected"] = Entries(isProtected, ["Reason"], ["Id", "Name", "Connection", "Vendor"]),
            },
        };
    }

    private static JsonObject Entries(JsonObject properties, string[] required, string[] anyOf) => new()
    {
        ["type"] = "array",
        ["items"] = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]),
            ["anyOf"] = new JsonArray([.. anyOf.Select(name => (JsonNode)new JsonObject { ["required"] = new JsonArray(name) })]),
            ["properties"] = properties,
        },
    };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["pattern"] = @"\S", ["description"] = description };

    private static JsonObject Texts(string description, IEnumerable<string> usual)
        => new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string", ["pattern"] = @"\S" },
            ["description"] = description, ["default"] = new JsonArray([.. usual.Select(text => (JsonNode)text)]) };
}
