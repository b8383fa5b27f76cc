using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Tokenwright.Adapters;

/// <summary>Provides methods to read the forms of time that vendors send. All results are in UTC.</summary>
public static class VendorTime
{
    // Seconds since 1970 pass this value in the year 5138, milliseconds passed it in 1973. So the value shows which of the two it is.
    private const long LargestSeconds = 100_000_000_000;

    // The last millisecond of the year 9999. Microseconds since 1970 passed this value in January 1978.
    private const long LargestMilliseconds = 253_402_300_799_999;

    // The year 2200, before which every token expires. A larger number can be the maximum value of a language, which isn't a time.
    private const long LargestMicroseconds = 7_258_118_400_000_000;
    private const long SmallestNanoseconds = LargestMilliseconds * 1000;
    private const long LargestNanoseconds = LargestMicroseconds * 1000;

    private const int LongestText = 128;
    private const int YearLength = 4;

    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>
    /// Reads a time in ISO 8601, with or without seconds, a fraction of any length and a zone; a date alone; an HTTP date; or a number as
    /// text. The zone can be written with or without a colon, as <c>UTC</c> or <c>GMT</c>, and with the zone's name after it. Without a
    /// zone, it is UTC. A text with two possible meanings, such as <c>05/06/2027</c>, isn't a time.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="time">The time.</param>
    /// <returns>Whether the text is a time.</returns>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        Span<byte> utf8 = stackalloc byte[LongestText];
        return text is not null && text.Length <= LongestText
            && Encoding.UTF8.TryGetBytes(text, utf8, out var length) && TryParse(utf8[..length], out time);
    }

    /// <inheritdoc cref="TryParse(string?, out DateTimeOffset)"/>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        text = text.Trim(" \t\r\n"u8);
        if (text.Length is 0 or > LongestText)
            return false;

        // Most times are in this form.
        if (text.Length > YearLength && text[YearLength] == '-' && TryParseIso(text, out time))
            return true;
        if (Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length)
            return TryFromEpoch(number, out time);
        return decimal.TryParse(text, Number, CultureInfo.InvariantCulture, out var fraction)
            ? TryFromEpoch(fraction, out time)
            : TryParseIso(text, out time) || (Utf8Parser.TryParse(text, out time, out used, 'R') && used == text.Length);
    }

    /// <summary>
    /// Reads a number of seconds, milliseconds, microseconds or nanoseconds since 1970. The size of the number decides which of them it is.
    /// Values over 100,000,000,000 are milliseconds, values over 253,402,300,799,999 (the last millisecond of the year 9999) are
    /// microseconds, and values over a thousand times that are nanoseconds.
    /// </summary>
    /// <param name="number">The number.</param>
    /// <returns>
    /// The time; null for no number, for a time after the year 9999, and for one after the year 2199 in microseconds or nanoseconds.
    /// </returns>
    public static DateTimeOffset? FromEpoch(long? number)
        => number is { } value && TryFromEpoch(value, out var time) ? time : null;

    /// <summary>Reads a number of milliseconds since 1970.</summary>
    /// <param name="milliseconds">The number.</param>
    /// <returns>The time; null for no number, and for a time outside the range of <see cref="DateTimeOffset"/>.</returns>
    public static DateTimeOffset? FromEpochMilliseconds(long? milliseconds)
        => milliseconds is { } value
        && value >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
        && value <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(value)
            : null;

    // The number is a decimal, so that no number of a vendor overflows and no fraction is rounded.
    private static bool TryFromEpoch(decimal number, out DateTimeOffset time)
    {
        time = default;
        decimal ticks;
        switch (number)
        {
            case >= -LargestSeconds and <= LargestSeconds:
                ticks = number * TimeSpan.TicksPerSecond;
                break;
            case < LargestMilliseconds + 1m:
                if (number < -LargestMilliseconds)
                    return false;
                ticks = number * TimeSpan.TicksPerMillisecond;
                break;
            case <= LargestMicroseconds:
                ticks = number * TimeSpan.TicksPerMicrosecond;
                break;
            case >= SmallestNanoseconds and <= LargestNanoseconds:
                ticks = number / TimeSpan.NanosecondsPerTick;
                break;
            default:
                return false;
        }

        ticks = decimal.Floor(ticks) + DateTime.UnixEpoch.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset((long)ticks, TimeSpan.Zero);
        return true;
    }

    // yyyy-MM-dd[(T| )HH:mm[:ss[(.|,)f…]]][ ][Z|UTC|GMT|(+|-)HH[[:]mm]][ zone|[zone]…]
    private static bool TryParseIso(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (!(TryDigits(ref text, 4, out var year) && TryTake(ref text, "-"u8) && TryDigits(ref text, 2, out var month)
            && TryTake(ref text, "-"u8) && TryDigits(ref text, 2, out var day)))
            return false;
        int hour = 0, minute = 0, second = 0, fraction = 0;
        if (TryTake(ref text, "Tt "u8) && !(TryDigits(ref text, 2, out hour) && TryTake(
            ref text, ":"u8) && TryDigits(ref text, 2, out minute) && TrySeconds(ref text, out second, out fraction)))
            return false;
        if (!TryZone(text.TrimStart(" "u8), out var offset) || year == 0 || month is < 1 or > 12
            || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59)
            return false;

        // A leap second counts as the last second of its minute.
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

        // Ticks have seven digits, but vendors send up to nine.
        for (var place = 0; place < 7; place++)
            fraction = (fraction * 10) + (place < digits.Length ? digits[place] - '0' : 0);
        return digits.Length > 0;
    }

    // The offset decides. The name after it, such as "[Europe/Berlin]" in Java or "CET" in Go, adds nothing.
    private static bool TryZone(ReadOnlySpan<byte> text, out TimeSpan offset)
    {
        offset = default;
        if (text.IsEmpty)
            return true;
        if (!TryTake(ref text, "Zz"u8) && !TryTakeWord(ref text, "UTC"u8)
            && !TryTakeWord(ref text, "GMT"u8) && !TryOffset(ref text, out offset))
            return false;
        return IsZoneName(text);
    }

    private static bool TryOffset(ref ReadOnlySpan<byte> text, out TimeSpan offset)
    {
        offset = default;
        var isNegative = text[0] == '-';
        if (!TryTake(ref text, "+-"u8) || !TryDigits(ref text, 2, out var hours))
            return false;
        var minutes = 0;
        if ((TryTake(ref text, ":"u8) || (text.Length > 0 && char.IsAsciiDigit((char)text[0]))) && !TryDigits(ref text, 2, out minutes))
            return false;
        offset = new TimeSpan(hours, minutes, 0);
        if (isNegative)
            offset = -offset;
        return hours <= 14 && minutes <= 59;
    }

    // A "!" says that the name must be understood (RFC 9557), so it can't be ignored.
    private static bool IsZoneName(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)' ', .. { Length: >= 2 and <= 5 } abbreviation])
            return abbreviation.IndexOfAnyExceptInRange((byte)'A', (byte)'Z') < 0;
        while (text is [(byte)'[', ..])
        {
            var end = text.IndexOf((byte)']');
            if (end < 2 || text[1] == '!' || text[1..end].Contains((byte)'['))
                return false;
            text = text[(end + 1)..];
        }

        return text.IsEmpty;
    }

    private static bool TryTakeWord(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        if (!text.StartsWith(word))
            return false;
        text = text[word.Length..];
        return true;
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
