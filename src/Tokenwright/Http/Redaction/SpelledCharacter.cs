using System.Net;
using System.Text;

namespace Tokenwright.Http;

/// <summary>
/// Represents one character of a text: plain, or encoded for a URL, a form, a JSON string or HTML. Encoders differ in which characters they
/// encode, so a place in a text can be read in several ways, and all of them count.
/// </summary>
/// <param name="Code">The character's code point in upper case. Half of a surrogate pair is its own code.</param>
/// <param name="End">The index after the character.</param>
internal readonly record struct SpelledCharacter(int Code, int End)
{
    /// <summary>The maximum number of ways to read one place.</summary>
    public const int MostReadings = 12;

    /// <summary>The maximum number of UTF-16 units for one character: four bytes in percent encoding, encoded two more times.</summary>
    public const int LongestSpelling = 28;

    private const int LongestEntity = 10;

    // In JSON within JSON, one backslash becomes two, three or four.
    private const int MostBackslashes = 4;

    // The percent sign itself can be encoded again, up to two times.
    private static readonly string[] PercentSigns = ["%", "%25", "%2525"];

    /// <summary>Gets the characters with which an encoded character can begin.</summary>
    public static string Signs => "%&\\";

    /// <summary>Gets the code of a character in upper case, because secrets are compared case-insensitively.</summary>
    public static int Fold(int code) => code switch
    {
        >= 'a' and <= 'z' => code - ('a' - 'A'),
        < 0x80 => code,
        _ => Rune.TryCreate(code, out var rune) ? Rune.ToUpperInvariant(rune).Value : code,
    };

    /// <summary>Gets the codes of a text without any encoding.</summary>
    public static IEnumerable<int> CodesOf(string text) => text.EnumerateRunes().Select(rune => Fold(rune.Value));

    /// <summary>Reads the character at a place in a text, in all possible ways.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">The index of the place in the text.</param>
    /// <param name="readings">Receives the results. Its length must be at least <see cref="MostReadings"/>.</param>
    /// <returns>The number of results, at least one.</returns>
    public static int Read(ReadOnlySpan<char> text, int start, Span<SpelledCharacter> readings)
    {
        var first = text[start];
        var length = char.IsHighSurrogate(first) && start + 1 < text.Length && char.IsLowSurrogate(text[start + 1]) ? 2 : 1;
        readings[0] = new(Fold(length == 2 ? char.ConvertToUtf32(first, text[start + 1]) : first), start + length);
        var count = 1;
        switch (first)
        {
            case '+':
                readings[count++] = new(' ', start + 1);
                break;
            case '%':
                foreach (var sign in PercentSigns)
                    count += ReadPercent(text, start, sign, readings[count..]);
                break;
            case '&':
                count += ReadEntity(text, start, readings[count..]);
                break;
            case '\\':
                count += ReadEscape(text, start, readings[count..]);
                break;
        }

        return count;
    }

    // Decodes the bytes as UTF-8.
    private static int ReadPercent(ReadOnlySpan<char> text, int start, string sign, Span<SpelledCharacter> readings)
    {
        Span<byte> bytes = stackalloc byte[4];
        for (var count = 0; count < bytes.Length; count++)
        {
            var digits = start + sign.Length;
            if (!text[Math.Min(start, text.Length)..].StartsWith(sign) || !TryReadHex(text, digits, 2, out var value))
                return 0;
            bytes[count] = (byte)value;
            start = digits + 2;
            switch (Rune.DecodeFromUtf8(bytes[..(count + 1)], out var rune, out _))
            {
                case System.Buffers.OperationStatus.Done:
                    readings[0] = new(Fold(rune.Value), start);
                    return 1;
                case System.Buffers.OperationStatus.InvalidData:
                    return 0;
            }
        }

        return 0;
    }

    private static int ReadEntity(ReadOnlySpan<char> text, int start, Span<SpelledCharacter> readings)
    {
        var length = text.Slice(start, Math.Min(LongestEntity, text.Length - start)).IndexOf(';') + 1;
        if (length == 0)
            return 0;
        var decoded = WebUtility.HtmlDecode(text.Slice(start, length).ToString());
        if (Rune.DecodeFromUtf16(decoded, out var rune, out var used) != System.Buffers.OperationStatus.Done || used != decoded.Length)
            return 0;
        readings[0] = new(Fold(rune.Value), start + length);
        return 1;
    }

    private static int ReadEscape(ReadOnlySpan<char> text, int start, Span<SpelledCharacter> readings)
    {
        var count = 0;
        var backslashes = Backslashes(text, start);
        for (var length = 2; length <= backslashes; length *= 2)
            readings[count++] = new('\\', start + length);
        var after = start + backslashes;
        if (after < text.Length && Escaped(text[after]) is { } escaped)
            readings[count++] = new(escaped, after + 1);
        if (TryReadUnit(text, start, out var unit, out var end))
        {
            if (char.IsHighSurrogate(unit) && TryReadUnit(text, end, out var low, out var endOfPair) && char.IsLowSurrogate(low))
                readings[count++] = new(Fold(char.ConvertToUtf32(unit, low)), endOfPair);
            else
                readings[count++] = new(Fold(unit), end);
        }

        return count;
    }

    // Control characters aren't part of a secret, but they show where a word begins.
    private static char? Escaped(char character) => character switch
    {
        '"' or '/' or '\'' => character,
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\b',
        'f' => '\f',
        _ => null,
    };

    private static bool TryReadUnit(ReadOnlySpan<char> text, int start, out char unit, out int end)
    {
        var backslashes = Backslashes(text, start);
        (unit, end) = (default, start + backslashes + 5);
        if (backslashes == 0 || end > text.Length || text[start + backslashes] is not ('u' or 'U')
            || !TryReadHex(text, start + backslashes + 1, 4, out var value))
            return false;
        unit = (char)value;
        return true;
    }

    private static int Backslashes(ReadOnlySpan<char> text, int start)
    {
        var count = 0;
        while (count < MostBackslashes && start + count < text.Length && text[start + count] == '\\')
            count++;
        return count;
    }

    private static bool TryReadHex(ReadOnlySpan<char> text, int start, int digits, out int value)
    {
        value = 0;
        if (start + digits > text.Length)
            return false;
        foreach (var digit in text.Slice(start, digits))
        {
            if (!char.IsAsciiHexDigit(digit))
                return false;
            value = (value << 4) | (char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return true;
    }
}
