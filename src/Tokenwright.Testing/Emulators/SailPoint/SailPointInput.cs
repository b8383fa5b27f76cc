using System.Globalization;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// Reads the members of request bodies. A member that is absent or null is read as null. A result of false means that it has another type.
/// </summary>
internal static class SailPointInput
{
    public static bool TryText(JsonNode? node, out string? text)
    {
        text = null;
        return node is null || (node is JsonValue value && value.TryGetValue(out text));
    }

    public static bool TryValue<T>(JsonNode? node, out T? value)
        where T : struct
    {
        value = node is JsonValue json && json.TryGetValue<T>(out var read) ? read : null;
        return value is not null || node is null;
    }

    public static bool TryScopes(JsonNode? node, out IReadOnlyList<string>? scopes)
    {
        scopes = node is JsonArray array && array.All(item => EmulatorJson.Text(item) is not null)
            ? [.. array.Select(item => item!.GetValue<string>())] : null;
        return scopes is not null || node is null;
    }

    public static bool TryTime(JsonNode? node, out DateTimeOffset? time)
    {
        time = TryText(node, out var text) && TryTime(text, out var read) ? read : null;
        return time is not null || node is null;
    }

    public static bool TryTime(string? text, out DateTimeOffset time)
        => DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
