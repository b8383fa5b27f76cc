using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokenwright.ConformanceTests;

namespace Tokenwright.CliTests;

/// <summary>The schemas in docs/schemas, which tests generate from the code.</summary>
internal static class SchemaFile
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string PathOf(string name) => Path.Combine(GeneratedDocs.Root, "docs", "schemas", name);

    /// <summary>Compares a file with its expected content, or writes it.</summary>
    public static void Hold(string name, JsonNode schema)
        => GeneratedDocs.HoldWhole(Path.Combine("docs", "schemas", name), schema.ToJsonString(Indented) + "\n");
}
