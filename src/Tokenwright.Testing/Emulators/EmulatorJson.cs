using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Provides JSON methods for the emulators' requests and responses.</summary>
internal static class EmulatorJson
{
    /// <summary>Gets options that write text as servers do, for example without escaping the plus of an offset.</summary>
    public static JsonSerializerOptions Plain { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a body; returns null if it isn't JSON.</summary>
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

    /// <summary>Reads a body; returns null if it isn't a JSON object.</summary>
    public static JsonObject? Object(ReceivedRequest request) => Body(request) as JsonObject;

    public static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    /// <summary>Formats a time in UTC.</summary>
    public static string? Time(DateTimeOffset? time, string fraction = "fff")
        => time?.UtcDateTime.ToString($"yyyy-MM-dd'T'HH:mm:ss.{fraction}'Z'", CultureInfo.InvariantCulture);
}
