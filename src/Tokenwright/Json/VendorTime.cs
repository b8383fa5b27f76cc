using System.Globalization;
using System.Text.RegularExpressions;
using Newtonsoft.Json;

namespace Tokenwright.Json;

/// <summary>Reads the forms of time that vendors really send. All results are UTC.</summary>
public static partial class VendorTime
{
    // Seconds since 1970 pass this value in the year 5138, milliseconds passed it in 1973: which of the two a number is can be told by it.
    private const long LargestSeconds = 100_000_000_000;

    /// <summary>
    /// Reads ISO 8601 with or without seconds, fraction (of any length) and zone (with or without a colon; none means UTC), a date
    /// alone, and numbers as text.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="time">The instant.</param>
    /// <returns>Whether the text is a time.</returns>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        if (string.IsNullOrWhiteSpace(text))
            return false;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return TryFromEpoch(number, out time);
        var match = Iso().Match(text.Trim());
        if (!match.Success)
            return false;
        try
        {
            var fraction = (match.Groups["f"].Value + "0000000")[..7];
            var wall = new DateTime(Int("y"), Int("mo"), Int("d"), Int("h"), Int("mi"), 0, DateTimeKind.Unspecified)
                .AddSeconds(Math.Min(Int("s"), 59))
                .AddTicks(long.Parse(fraction, CultureInfo.InvariantCulture));
            var offset = new TimeSpan(Int("zh"), Int("zm"), 0);
            time = new DateTimeOffset(wall, match.Groups["zs"].Value == "-" ? -offset : offset).ToUniversalTime();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }

        int Int(string group) => match.Groups[group] is { Success: true } value ? int.Parse(value.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Reads a number of seconds or milliseconds since 1970; values over 100,000,000,000 are milliseconds.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The instant; null for no number, and for one beyond the calendar.</returns>
    public static DateTimeOffset? FromEpoch(long? number)
        => number is { } value && TryFromEpoch(value, out var time) ? time : null;

    /// <summary>Reads a number of milliseconds since 1970.</summary>
    /// <param name="milliseconds">The number.</param>
    /// <returns>The instant; null for no number, and for one beyond the calendar.</returns>
    public static DateTimeOffset? FromEpochMilliseconds(long? milliseconds)
        => milliseconds is { } value
        && value >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
        && value <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(value)
            : null;

    private static bool TryFromEpoch(long number, out DateTimeOffset time)
    {
        var found = Math.Abs((decimal)number) > LargestSeconds
            ? FromEpochMilliseconds(number)
            : FromEpochMilliseconds(number * 1000);
        time = found.GetValueOrDefault();
        return found is not null;
    }

    // Not \d, which takes the digits of all scripts.
    [GeneratedRegex(
        @"^(?<y>[0-9]{4})-(?<mo>[0-9]{2})-(?<d>[0-9]{2})(?:[Tt ](?<h>[0-9]{2}):(?<mi>[0-9]{2})(?::(?<s>[0-9]{2})(?:[.,](?<f>[0-9]+))?)?)?\s*(?:[Zz]|(?<zs>[+-])(?<zh>[0-9]{2}):?(?<zm>[0-9]{2})?)?$",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Iso();
}

/// <summary>Lets Newtonsoft.Json read times with <see cref="VendorTime"/> and write them as ISO 8601 in UTC.</summary>
internal sealed class VendorTimeConverter : JsonConverter
{
    public override bool CanConvert(Type objectType) => objectType == typeof(DateTimeOffset) || objectType == typeof(DateTimeOffset?);

    public override object? ReadJson(JsonReader reader, Type objectType, object? existingValue, JsonSerializer serializer)
        => reader.TokenType switch
        {
            JsonToken.Null when objectType == typeof(DateTimeOffset?) => null,
            JsonToken.String when VendorTime.TryParse((string?)reader.Value, out var time) => time,
            JsonToken.Integer when reader.Value is long number && VendorTime.FromEpoch(number) is { } time => time,
            _ => throw new JsonSerializationException($"A {reader.TokenType} here is not a time."),
        };

    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer)
        => writer.WriteValue(((DateTimeOffset)value!).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
}
