using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Connections;

/// <summary>Converts the values of settings to the types of the options.</summary>
internal static class SettingValue
{
    /// <summary>Gets the problem of a setting's value; null if there is none.</summary>
    public static string? Problem(PropertyInfo property, JsonElementAt value) => Convert(property, value, out _);

    /// <summary>Gets the value, converted to the setting's type.</summary>
    public static object? Of(PropertyInfo property, JsonElementAt value)
        => Convert(property, value, out var result) is { } problem ? throw new CliException(problem) : result;

    private static string? Convert(PropertyInfo property, JsonElementAt value, out object? result)
    {
        result = null;
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var isOptional = Nullable.GetUnderlyingType(property.PropertyType) is not null;
        if (value.Kind is JsonTokenType.StartObject or JsonTokenType.StartArray || (value.Kind == JsonTokenType.Null && !isOptional))
            return $"must be {Wanted(type)}, not {value.Noun}.";
        var text = value.Text;
        if (text is null)
            return null;

        // A text isn't repeated in the message unless it is an address or a word, because a misplaced value can be a secret.
        if (type == typeof(string))
            result = value.Kind == JsonTokenType.String ? text : null;
        else if (type == typeof(Uri))
            result = Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? new Uri(text) : null;
        else if (type == typeof(TimeSpan))
            result = TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time)
                && text.Contains(':', StringComparison.Ordinal) ? time : null;
        else if (type == typeof(int))
            result = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        else if (type == typeof(double))
            result = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fraction)
                ? fraction : null;
        else if (type == typeof(bool))
            result = bool.TryParse(text, out var truth) ? truth : null;
        else if (type.IsEnum)
            result = Enum.GetNames(type).FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is { } member
                ? Enum.Parse(type, member) : null;
        else
            throw new NotSupportedException($"{property.Name} is a {type.Name}, which settings have had none of so far.");
        return result is null ? $"must be {Wanted(type)}." : null;
    }

    private static string Wanted(Type type)
        => type == typeof(Uri) ? "an address with its scheme, https://…"
        : type == typeof(TimeSpan) ? "a time as hours:minutes:seconds, for example \"00:00:30\""
        : type == typeof(int) ? "a whole number"
        : type == typeof(double) ? "a number"
        : type == typeof(bool) ? "true or false"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : "a text";
}
