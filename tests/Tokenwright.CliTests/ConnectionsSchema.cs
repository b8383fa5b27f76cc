using System.Reflection;
using System.Text.Json.Nodes;
using Tokenwright.Cli.Connections;

namespace Tokenwright.CliTests;

/// <summary>The schema of the connections file. It is generated from the vendors' options, as the tool reads them.</summary>
internal static class ConnectionsSchema
{
    public static JsonNode Make()
    {
        var definitions = new JsonObject { ["Secret"] = Secret(), ["SecretPlace"] = SecretPlace() };
        var vendors = new JsonObject();
        foreach (var vendor in VendorEntry.All)
        {
            var settings = new JsonObject();
            foreach (var setting in vendor.Settings.Values)
                settings[setting.Name] = Of(setting);
            definitions[vendor.Name] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = $"A connection to {vendor.Descriptor.DisplayName}.",
                ["properties"] = settings,
                ["additionalProperties"] = false,
            };
            vendors[vendor.Name] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = $"Connections to {vendor.Descriptor.DisplayName}, by name.",
                ["additionalProperties"] = false,
                ["patternProperties"] =
                    new JsonObject { ["^[^:]*[^:\\s][^:]*$"] = new JsonObject { ["$ref"] = $"#/definitions/{vendor.Name}" } },
            };
        }

        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "The connections file of tokenwright",
            ["description"] =
                "The same form as a program's configuration for AddTokenwright. Names are taken in any case; this schema has the usual " +
                "one.",
            ["type"] = "object",
            ["required"] = new JsonArray("Tokenwright"),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["$schema"] = new JsonObject { ["type"] = "string" },
                ["Tokenwright"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = vendors },
                ["Rotation"] = LineagesSchema.Make(Of),
            },
            ["definitions"] = definitions,
        };
    }

    private static JsonObject Of(PropertyInfo setting)
    {
        var type = Nullable.GetUnderlyingType(setting.PropertyType) ?? setting.PropertyType;
        var schema = type == typeof(SecretSource) ? new JsonObject { ["$ref"] = "#/definitions/Secret" }
            : type == typeof(Uri) ? Text("^https?://.+")
            : type == typeof(TimeSpan) ? Text(@"^-?([0-9]+\.)?[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,7})?)?$")
            : type == typeof(int) ? OneOf(new JsonObject { ["type"] = "integer" }, Text("^-?[0-9]+$"))
            : type == typeof(double) ? OneOf(new JsonObject { ["type"] = "number" }, Text(@"^[0-9]*\.?[0-9]+$"))
            : type == typeof(bool) ? OneOf(new JsonObject { ["type"] = "boolean" }, Text("^([Tt]rue|[Ff]alse)$"))
            : type.IsEnum ? new JsonObject { ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => (JsonNode)name)]) }
            : new JsonObject { ["type"] = "string" };
        return Nullable.GetUnderlyingType(setting.PropertyType) is null ? schema : OneOf(
            [.. schema["oneOf"]?.AsArray().Select(one => one!.DeepClone().AsObject()) ?? [schema], new JsonObject { ["type"] = "null" }]);
    }

    private static JsonObject Secret()
    {
        var secret = OneOf(
            new JsonObject { ["type"] = "string", ["minLength"] = 1,
                ["description"] = "The secret in plain text: warned about, and refused in a file that others can read." },
            new JsonObject { ["$ref"] = "#/definitions/SecretPlace" });
        secret["description"] = "Where a secret comes from.";
        return secret;
    }

    private static JsonObject SecretPlace()
    {
        var secret = OneOf(
            OfFile(),
            Place("EnvironmentVariable", Text(@"\S")),
            Place("Command", OneOf(
                Text(@"\S"), new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = new JsonObject { ["type"] = "string" } })),
            Place("Stdin", OneOf(new JsonObject { ["enum"] = new JsonArray(true) }, Text("^[Tt]rue$"))));
        secret["description"] = "Where a secret comes from. It is never the secret itself.";
        return secret;
    }

    private static JsonObject OfFile()
    {
        var file = Place("File", Text(@"\S"));
        var consumer = Text("^[A-Za-z0-9._-]{1,64}$");
        consumer["description"] =
            "The name under which this program acknowledges a new secret of a rotation in the file FILE.ack.CONSUMER, after its first " +
            "successful call with it.";
        file["properties"]!["Consumer"] = consumer;
        return file;
    }

    private static JsonObject Place(string name, JsonObject value)
        => new() { ["type"] = "object", ["required"] = new JsonArray(name), ["additionalProperties"] = false,
            ["properties"] = new JsonObject { [name] = value } };

    private static JsonObject Text(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    private static JsonObject OneOf(params JsonObject[] schemas) => new() { ["oneOf"] = new JsonArray([.. schemas]) };
}
