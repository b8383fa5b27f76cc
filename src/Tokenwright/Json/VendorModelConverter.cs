using System.CodeDom.Compiler;
using System.Reflection;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;

namespace Tokenwright.Json;

/// <summary>
/// Reads generated models member by member, so that one odd value costs that member only: it stays null, and its raw value is kept with
/// the unknown members.
/// </summary>
internal sealed class VendorModelConverter : JsonConverter
{
    public override bool CanWrite => false;

    public override bool CanConvert(Type objectType)
        => objectType.IsClass && objectType.GetCustomAttribute<GeneratedCodeAttribute>(inherit: false)?.Tool == "NJsonSchema";

    public override object? ReadJson(JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer)
    {
        if (reader.TokenType == JsonToken.Null)
            return null;
        if (reader.TokenType != JsonToken.StartObject)
            throw new JsonSerializationException($"A {reader.TokenType} stands where a JSON object is expected.", reader.Path, Line(reader)?.LineNumber ?? 0, Line(reader)?.LinePosition ?? 0, null);

        var source = JObject.Load(reader);
        var contract = (JsonObjectContract)serializer.ContractResolver.ResolveContract(objectType);
        var model = contract.DefaultCreator!();
        foreach (var member in source.Properties())
        {
            var property = contract.Properties.GetClosestMatchProperty(member.Name);
            if (property is { Writable: true, Ignored: false })
            {
                if (TryRead(member.Value, property.PropertyType!, serializer, out var value))
                {
                    if (value is not null || IsNullable(property.PropertyType!))
                        property.ValueProvider!.SetValue(model, value);
                    continue;
                }
            }

            contract.ExtensionDataSetter?.Invoke(model, member.Name, member.Value);
        }

        return model;
    }

    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer) => throw new NotSupportedException();

    private static IJsonLineInfo? Line(JsonReader reader) => reader as IJsonLineInfo;

    private static bool IsNullable(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

    private static bool TryRead(JToken token, Type type, JsonSerializer serializer, out object? value)
    {
        try
        {
            value = token.ToObject(type, serializer);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or OverflowException or InvalidCastException or ArgumentException)
        {
            value = null;
            return false;
        }
    }
}
