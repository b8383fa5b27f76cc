using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Tokenwright.Json;

/// <summary>The JSON settings of all typed clients, and what adapters need beside them.</summary>
public static class VendorJson
{
    internal static JsonSerializerSettings Settings { get; } = Configure(new JsonSerializerSettings());

    /// <summary>
    /// Makes settings tolerant of what vendors really send; generated clients call it. Dates are left to
    /// <see cref="VendorTime"/>, a member that can't be read becomes null and is kept raw, and what follows the document is an error.
    /// </summary>
    /// <param name="settings">The settings to change.</param>
    /// <returns>The same settings.</returns>
    public static JsonSerializerSettings Configure(JsonSerializerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.DateParseHandling = DateParseHandling.None;
        settings.FloatParseHandling = FloatParseHandling.Decimal;
        settings.CheckAdditionalContent = true;

        // No vendor uses the library's own "$type", "$id" and "$ref"; whoever sends them must not be able to steer it.
        settings.MetadataPropertyHandling = MetadataPropertyHandling.Ignore;
        settings.MaxDepth = 64;
        settings.Converters.Add(new VendorTimeConverter());
        settings.Converters.Add(new VendorModelConverter());
        return settings;
    }

    /// <summary>What a vendor's model holds beyond its known members, as JSON text by name.</summary>
    /// <param name="additionalProperties">The model's bag.</param>
    public static IReadOnlyDictionary<string, string> UnknownFields(IDictionary<string, object> additionalProperties)
    {
        ArgumentNullException.ThrowIfNull(additionalProperties);
        return additionalProperties.ToDictionary(
            field => field.Key,
            field => field.Value is JToken token ? token.ToString(Formatting.None) : JsonConvert.SerializeObject(field.Value),
            StringComparer.Ordinal);
    }

    /// <summary>
    /// Removes members that hold secrets from a model's bag: there, a secret stands where the vendor sends one that the spec doesn't expect, or one
    /// that could not be read.
    /// </summary>
    /// <param name="additionalProperties">The model's bag.</param>
    /// <param name="names">The members' names, in any case.</param>
    public static void DropSecrets(IDictionary<string, object> additionalProperties, params IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(additionalProperties);
        foreach (var name in additionalProperties.Keys.Where(name => names.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList())
            additionalProperties.Remove(name);
    }
}
