using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>What the emulators' requests and responses have in common as JSON.</summary>
internal static class EmulatorJson
{
    /// <summary>Gets the options to write text as servers do, for example the plus of an offset as it is.</summary>
    public static JsonSerializerOptions Plain { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a body; null where it is no JSON.</summary>
    public static JsonNode? Body(ReceivedRequest request)
    {
        try
        {
            return JsonNode.Parse(request.Body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads a body; null where it is no JSON object.</summary>
    public static JsonObject? Object(ReceivedRequest request) => Body(request) as JsonObject;

    public static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    /// <summary>Writes a time in UTC.</summary>
    public static string? Time(DateTimeOffset? time, string fraction = "fff")
        => time?.UtcDateTime.ToString($"yyyy-MM-dd'T'HH:mm:ss.{fraction}'Z'", CultureInfo.InvariantCulture);
}
