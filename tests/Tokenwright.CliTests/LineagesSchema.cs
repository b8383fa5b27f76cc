using System.Reflection;
using System.Text.Json.Nodes;
using Tokenwright.Rotation;

namespace Tokenwright.CliTests;

/// <summary>The schema of the part of the connections file that says which tokens are rotated.</summary>
internal static class LineagesSchema
{
    private const string Word = "^[A-Za-z0-9._-]{1,100}$";

    /// <summary>Creates the schema.</summary>
    /// <param name="settingOf">Creates the schema of a property of options.</param>
    public static JsonObject Make(Func<PropertyInfo, JsonObject> settingOf)
    {
        var policy = Object("When the token is rotated, and what must be true before the old one is revoked: RotationPolicy.");
        policy["properties"] = new JsonObject(typeof(RotationPolicy).GetProperties().Select(
            property => KeyValuePair.Create<string, JsonNode?>(property.Name, settingOf(property))));
        var lineage = Object(
            "A token that is kept alive.",
            ("Connection", Text(@"\S", "The name of the connection that issues and revokes the tokens.")),
            ("NamePrefix", Text(@"\S", "How the names of the tokens begin; else the lineage's name.")),
            ("NameInDescription", Truth("The name of a token is its description, at vendors whose tokens have no name.")),
            ("Scopes", List(Text(@"\S"), "The scopes of the tokens, in the vendor's terms.")),
            ("Roles", List(Text(@"\S"), "The roles of the tokens.")),
            ("Sinks", List(Sink(), "Where the secret is written, in this order.", least: 1)),
            ("Consumers", List(Text(Word), "The programs that acknowledge each generation before the old token is revoked.")),
            ("IsConnectionCredential", Truth("The token is the credential of the connection itself, which reads it from a sink.")),
            ("ReadIdToken", Secret("The identity token of the token's user, at vendors that require one.")),
            ("Policy", policy));
        lineage["required"] = new JsonArray("Connection", "Sinks");
        var lineages = Object("The lineages, by name.");
        lineages["minProperties"] = 1;
        lineages["patternProperties"] = new JsonObject { [Word] = lineage };
        var rotation = Object(
            "Which tokens are rotated. Only the tool reads it.",
            ("Journal", Text(@"\S", "The path of the journal, on a local disk; else rotation.db in the tool's folder of $XDG_STATE_HOME.")),
            ("SealingKey", Secret("The key that encrypts the secrets in the journal: 32 random bytes in base64.")),
            ("OldSealingKeys", List(Secret(), "Earlier keys, for secrets that they encrypted.")),
            ("Lineages", lineages));
        rotation["required"] = new JsonArray("SealingKey", "Lineages");
        return rotation;
    }

    private static JsonObject Sink()
    {
        var file = Object("A file that only its owner can read, which is replaced as a whole.", ("File", Text(@"\S")),
            ("IsText", Truth("The file has the secret alone, in place of JSON with generation, id and secret.")));
        file["required"] = new JsonArray("File");
        var command = Object(
            "A program and its arguments, without a shell. It gets the secret on its standard input.",
            ("Command", List(Text(@"\S"), least: 1)),
            ("IsJson", Truth("The program gets JSON with generation, id and secret.")));
        command["required"] = new JsonArray("Command");
        return new JsonObject { ["oneOf"] = new JsonArray(file, command) };
    }

    private static JsonObject Object(string description, params (string Name, JsonObject Value)[] properties) => new()
    {
        ["type"] = "object", ["description"] = description, ["additionalProperties"] = false,
        ["properties"] = new JsonObject(
            properties.Select(property => KeyValuePair.Create<string, JsonNode?>(property.Name, property.Value))),
    };

    private static JsonObject List(JsonObject items, string? description = null, int? least = null)
    {
        var list = Described(new() { ["type"] = "array", ["items"] = items }, description);
        if (least is { } number)
            list["minItems"] = number;
        return list;
    }

    private static JsonObject Text(string pattern, string? description = null)
        => Described(new() { ["type"] = "string", ["pattern"] = pattern }, description);

    private static JsonObject Truth(string description) => Described(new() { ["type"] = "boolean" }, description);

    // Beside a reference, draft 07 ignores everything. Only a connection acknowledges its secret.
    private static JsonObject Secret(string? description = null)
        => Described(new()
        {
            ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/definitions/SecretPlace" }),
            ["not"] = new JsonObject { ["required"] = new JsonArray("Consumer") },
        }, description);

    private static JsonObject Described(JsonObject schema, string? description)
    {
        if (description is not null)
            schema["description"] = description;
        return schema;
    }
}
