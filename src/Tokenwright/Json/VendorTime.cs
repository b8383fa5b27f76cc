using System.Buffers.Text;
using System.Text;

namespace Tokenwright.Json;

/// <summary>Reads the forms of time that vendors really send. All results are UTC.</summary>
public static class VendorTime
{
    // Seconds since 1970 pass this value in the year 5138, milliseconds passed it in 1973: which of the two a number is can be told by it.
    private const long LargestSeconds = 100_000_000_000;

    private const int LongestText = 128;

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
        Span<byte> utf8 = stackalloc byte[LongestText];
        return text is not null && text.Length <= LongestText && Encoding.UTF8.TryGetBytes(text, utf8, out var length) && TryParse(utf8[..length], out time);
    }

    /// <inheritdoc cref="TryParse(string?, out DateTimeOffset)"/>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        text = text.Trim(" \t\r\n"u8);
        if (text.Length is 0 or > LongestText)
            return false;
        return Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length ? TryFromEpoch(number, out time) : TryParseIso(text, out time);
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

    // yyyy-MM-dd[(T| )HH:mm[:ss[(.|,)f…]]][Z|(+|-)HH[[:]mm]]
    private static bool TryParseIso(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (!(TryDigits(ref text, 4, out var year) && TryTake(ref text, "-"u8) && TryDigits(ref text, 2, out var month) && TryTake(ref text, "-"u8) && TryDigits(ref text, 2, out var day)))
            return false;
        int hour = 0, minute = 0, second = 0, fraction = 0;
        if (TryTake(ref text, "Tt "u8) && !(TryDigits(ref text, 2, out hour) && TryTake(ref text, ":"u8) && TryDigits(ref text, 2, out minute) && TrySeconds(ref text, out second, out fraction)))
            return false;
        if (!TryZone(text.TrimStart(" "u8), out var offset) || year == 0 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59)
            return false;

        // A leap second is the end of its minute.
        var ticks = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc).Ticks + fraction - offset.Ticks;
        if (second > 60 || ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    private static bool TrySeconds(ref ReadOnlySpan<byte> text, out int second, out int fraction)
    {
        second = fraction = 0;
        if (!TryTake(ref text, ":"u8))
            return true;
        if (!TryDigits(ref text, 2, out second))
            return false;
        if (!TryTake(ref text, ".,"u8))
            return true;
        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = length < 0 ? text : text[..length];
        text = text[digits.Length..];

        // Ticks are seven digits; vendors send up to nine.
        for (var place = 0; place < 7; place++)
            fraction = (fraction * 10) + (place < digits.Length ? digits[place] - '0' : 0);
        return digits.Length > 0;
    }

    private static bool TryZone(ReadOnlySpan<byte> text, out TimeSpan offset)
    {
        offset = default;
        if (text.IsEmpty || text is [(byte)'Z' or (byte)'z'])
            return true;
        var isNegative = text[0] == '-';
        if (!TryTake(ref text, "+-"u8) || !TryDigits(ref text, 2, out var hours))
            return false;
        TryTake(ref text, ":"u8);
        var minutes = 0;
        if (text.Length > 0 && !TryDigits(ref text, 2, out minutes))
            return false;
        offset = new TimeSpan(hours, minutes, 0);
        if (isNegative)
            offset = -offset;
        return text.IsEmpty && hours <= 14 && minutes <= 59;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> anyOf)
    {
        if (text.IsEmpty || !anyOf.Contains(text[0]))
            return false;
        text = text[1..];
        return true;
    }

    private static bool TryDigits(ref ReadOnlySpan<byte> text, int count, out int value)
    {
        value = 0;
        if (text.Length < count)
            return false;
        for (var i = 0; i < count; i++)
        {
            if (!char.IsAsciiDigit((char)text[i]))
                return false;
            value = (value * 10) + text[i] - '0';
        }

        text = text[count..];
        return true;
    }
}
