using System.CodeDom.Compiler;
using System.Globalization;
using System.Reflection;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;
using Tokenwright.Adapters;

namespace Tokenwright.ContractTests.Readers;

/// <summary>
/// The reference for the generated readers and writers: Newtonsoft.Json reads and writes the models by their attributes, and tolerates
/// invalid values as the SDK promises.
/// </summary>
internal static class NewtonsoftReading
{
    /// <summary>
    /// Creates settings with which an invalid value affects only its member: the member stays null, and the raw value is kept with the
    /// unknown members. Times are read in all forms of <see cref="VendorTime"/>.
    /// </summary>
    public static JsonSerializerSettings Settings { get; } = Configure(new JsonSerializerSettings());

    public static JsonSerializerSettings Configure(JsonSerializerSettings settings)
    {
        settings.DateParseHandling = DateParseHandling.None;
        settings.FloatParseHandling = FloatParseHandling.Decimal;
        settings.CheckAdditionalContent = true;
        settings.MetadataPropertyHandling = MetadataPropertyHandling.Ignore;
        settings.MaxDepth = 64;
        settings.Converters.Add(new TimeConverter());
        settings.Converters.Add(new ModelConverter());
        return settings;
    }

    /// <summary>Returns the models of a typed client.</summary>
    public static bool IsModel(Type type)
        => type.IsClass && type.GetCustomAttribute<GeneratedCodeAttribute>(inherit: false)?.Tool == "NJsonSchema";

    private sealed class TimeConverter : Newtonsoft.Json.JsonConverter
    {
        public override bool CanConvert(Type objectType) => objectType == typeof(DateTimeOffset) || objectType == typeof(DateTimeOffset?);

        public override object? ReadJson(JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer)
            => reader.TokenType switch
        {
            JsonToken.Null when objectType == typeof(DateTimeOffset?) => null,
            JsonToken.String when VendorTime.TryParse((string?)reader.Value, out var time) => time,
            JsonToken.Integer or JsonToken.Float
                when VendorTime.TryParse(Convert.ToString(reader.Value, CultureInfo.InvariantCulture), out var time) => time,
            _ => throw new JsonSerializationException($"A {reader.TokenType} here is not a time."),
        };

        public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer)
            => writer.WriteValue(
                ((DateTimeOffset)value!).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
    }

    private sealed class ModelConverter : Newtonsoft.Json.JsonConverter
    {
        public override bool CanWrite => false;

        public override bool CanConvert(Type objectType) => IsModel(objectType);

        public override object? ReadJson(JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer)
        {
            if (reader.TokenType == JsonToken.Null)
                return null;
            if (reader.TokenType != JsonToken.StartObject)
                throw new JsonSerializationException($"A {reader.TokenType} stands where a JSON object is expected.");

            var source = JObject.Load(reader);
            var contract = (JsonObjectContract)serializer.ContractResolver.ResolveContract(objectType);
            var model = contract.DefaultCreator!();
            foreach (var member in source.Properties())
            {
                var property = contract.Properties.GetProperty(member.Name, StringComparison.Ordinal);
                if (property is { Writable: true, Ignored: false }
                    && TryRead(member.Value, property.PropertyType!, serializer, out var value))
                {
                    if (value is not null || IsNullable(property.PropertyType!))
                        property.ValueProvider!.SetValue(model, value);
                    continue;
                }

                contract.ExtensionDataSetter?.Invoke(model, member.Name, member.Value);
            }

            return model;
        }

        public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer) => throw new NotSupportedException();

        private static bool IsNullable(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

        private static bool TryRead(JToken token, Type type, JsonSerializer serializer, out object? value)
        {
            // An intended difference: an empty value is not a missing one.
            value = null;
            if (token is JValue { Value: "" } && type != typeof(string) && type != typeof(object))
                return false;
            try
            {
                value = token.ToObject(type, serializer);
                return true;
            }
            catch (Exception exception)
                when (exception is JsonException or FormatException or OverflowException or InvalidCastException or ArgumentException)
            {
                value = null;
                return false;
            }
        }
    }
}
