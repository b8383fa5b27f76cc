using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Tokenwright.Cli.Output;
using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;

namespace Tokenwright.CliTests;

/// <summary>The schema of each row, generated from its type.</summary>
internal static class OutputSchema
{
    public static IReadOnlyDictionary<string, JsonTypeInfo> Rows { get; } = new Dictionary<string, JsonTypeInfo>
    {
        ["call"] = RowJson.Default.CallRow,
        ["change"] = RowJson.Default.ChangeRow,
        ["connection"] = RowJson.Default.ConnectionRow,
        ["evidence"] = RowJson.Default.EvidenceRow,
        ["failure"] = RowJson.Default.FailureRow,
        ["finding"] = RowJson.Default.FindingRow,
        ["issued"] = RowJson.Default.IssuedRow,
        ["lineage"] = RowJson.Default.LineageRow,
        ["receipt"] = RowJson.Default.ReceiptRow,
        ["rotation"] = RowJson.Default.RotationRow,
        ["token"] = RowJson.Default.TokenRow,
        ["vendor"] = RowJson.Default.VendorRow,
        ["verdict"] = RowJson.Default.VerdictRow,
    };

    /// <summary>Returns the schema of a row. Every member is always present, and there are no others.</summary>
    public static JsonNode Of(JsonTypeInfo type) => type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, schema) =>
        {
            if (context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false)
                is [DescriptionAttribute { Description: var description }])
                schema["description"] = description;
            if (schema is JsonObject { } node && node["properties"] is JsonObject properties)
            {
                node["required"] = new JsonArray([.. properties.Select(property => (JsonNode)property.Key)]);
                node["additionalProperties"] = false;
            }

            return schema;
        },
    });
}
