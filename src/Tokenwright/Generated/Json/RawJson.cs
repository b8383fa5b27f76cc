using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Newtonsoft.Json;

namespace Tokenwright.Generated;

/// <summary>
/// Represents an unchanged JSON value. In a model's <c>AdditionalProperties</c>, it is a value that the model doesn't know or couldn't
/// read. It is also the value of members that can contain anything. Newtonsoft.Json and System.Text.Json write it unchanged.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[DebuggerDisplay("{ToString(),nq}")]
[Newtonsoft.Json.JsonConverter(typeof(ForNewtonsoft))]
[System.Text.Json.Serialization.JsonConverter(typeof(ForSystemTextJson))]
public sealed class RawJson : IEquatable<RawJson>
{
    private readonly string _json;

    private RawJson(string json) => _json = json;

    /// <summary>
    /// Gets the value <c>null</c>. As an additional property of a request it is sent, while a null reference is left out.
    /// </summary>
    public static RawJson Null { get; } = new("null");

    /// <summary>Creates a value from JSON text.</summary>
    /// <param name="json">One JSON value.</param>
    /// <exception cref="System.Text.Json.JsonException">The text isn't one JSON value.</exception>
    public static RawJson Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        using (JsonDocument.Parse(json))
            return new RawJson(json);
    }

    /// <summary>Gets the content of a JSON string; null if the value isn't a string, or is a string that isn't valid text.</summary>
    public string? AsString()
    {
        try
        {
            using var document = JsonDocument.Parse(_json);
            return document.RootElement.ValueKind == JsonValueKind.String ? document.RootElement.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is valid JSON syntax but not a text.
            return null;
        }
    }

    /// <summary>Gets whether the value is <c>null</c>.</summary>
    public bool IsNull => _json == "null";

    /// <summary>Returns the JSON text.</summary>
    public override string ToString() => _json;

    /// <inheritdoc />
    public bool Equals(RawJson? other) => other is not null && string.Equals(_json, other._json, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as RawJson);

    /// <inheritdoc />
    public override int GetHashCode() => _json.GetHashCode(StringComparison.Ordinal);

    internal static RawJson Of(ReadOnlySpan<byte> json) => new(System.Text.Encoding.UTF8.GetString(json));

    private sealed class ForNewtonsoft : Newtonsoft.Json.JsonConverter<RawJson>
    {
        public override RawJson? ReadJson(
            JsonReader reader, Type objectType, RawJson? existingValue, bool hasExistingValue, Newtonsoft.Json.JsonSerializer serializer)
            => new(Newtonsoft.Json.Linq.JToken.ReadFrom(reader).ToString(Formatting.None));

        public override void WriteJson(JsonWriter writer, RawJson? value, Newtonsoft.Json.JsonSerializer serializer)
            => writer.WriteRawValue(value?._json ?? "null");
    }

    private sealed class ForSystemTextJson : System.Text.Json.Serialization.JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new RawJson(document.RootElement.GetRawText());
        }

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options)
            => writer.WriteRawValue(value._json);
    }
}
