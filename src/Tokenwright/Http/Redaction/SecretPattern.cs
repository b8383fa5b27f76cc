using System.Runtime.CompilerServices;
using System.Text;

namespace Tokenwright.Http;

/// <summary>
/// Represents the patterns of one secret in a text: its parts, and those of its base64 and hexadecimal forms. A secret that is shorter than
/// a part is found only as a whole word. Inside words, redacting it would make them unreadable and hide nothing.
/// </summary>
internal sealed class SecretPattern
{
    /// <summary>The number of consecutive characters of a secret, or of one of its forms, that are redacted.</summary>
    public const int PartLength = 8;

    /// <summary>Gets how many characters after a place are needed to decide what must be redacted before it.</summary>
    public const int Reach = (PartLength + 1) * SpelledCharacter.LongestSpelling;

    private const int BitsOfByte = 8;
    private const int BitsOfDigit = 6;
    private const int BytesOfGroup = 3;

    private static readonly ConditionalWeakTable<TokenSecret, SecretPattern> Known = [];

    private readonly SecretParts _parts;
    private readonly SecretParts? _whole;
    private readonly bool _beginsWord;
    private readonly bool _endsWord;

    private SecretPattern(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        int[] codes = [.. SpelledCharacter.CodesOf(secret)];
        _parts = new SecretParts(PartLength, [codes, [.. SpelledCharacter.CodesOf(Convert.ToHexString(bytes))]], Base64(bytes));
        Array.Clear(bytes);
        if (codes.Length >= PartLength)
            return;
        _whole = new SecretParts(codes.Length, [codes], []);
        _beginsWord = IsOfWord(codes[0]);
        _endsWord = IsOfWord(codes[^1]);
    }

    /// <summary>Gets the pattern of a secret. It is cached while the secret exists.</summary>
    public static SecretPattern Of(TokenSecret secret) => Known.GetValue(secret, static known => new SecretPattern(known.Reveal()));

    /// <summary>Finds the parts of the secret in a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="found">Receives the start and the end of each place. Places can overlap.</param>
    public void Find(string text, Action<int, int> found)
    {
        _parts.Find(text, (start, end, isBase64) =>
        {
            if (isBase64)
                (start, end) = WithNeighbours(text, start, end);
            found(start, end);
        });
        _whole?.Find(text, (start, end, _) =>
        {
            if ((!_beginsWord || IsBeginning(text, start)) && (!_endsWord || IsEnd(text, end)))
                found(start, end);
        });
    }

    // The base64 digits of a secret depend on its position in a group of three bytes. Digits that also contain bits of neighboring bytes
    // are unknown.
    private static IEnumerable<int[]> Base64(byte[] secret)
    {
        for (var before = 0; before < BytesOfGroup; before++)
        {
            var digits = Convert.ToBase64String([.. new byte[before], .. secret]);
            var first = ((before * BitsOfByte) + BitsOfDigit - 1) / BitsOfDigit;
            var last = (before + secret.Length) * BitsOfByte / BitsOfDigit;
            if (last <= first)
                continue;
            var known = digits[first..last];
            yield return [.. SpelledCharacter.CodesOf(known)];
            var forUrls = known.Replace('+', '-').Replace('/', '_');
            if (forUrls != known)
                yield return [.. SpelledCharacter.CodesOf(forUrls)];
        }
    }

    // The digits next to the known ones contain bits of the secret too. A letter after a backslash is an escape, not a digit.
    private static (int Start, int End) WithNeighbours(string text, int start, int end)
    {
        if (start > 0 && IsBase64(text[start - 1]) && (start < 2 || text[start - 2] != '\\'))
            start--;
        if (end < text.Length && IsBase64(text[end]))
            end++;
        while (end < text.Length && text[end] == '=')
            end++;
        return (start, end);
    }

    private static bool IsBase64(char character) => char.IsAsciiLetterOrDigit(character) || character is '+' or '/' or '-' or '_';

    private static bool IsOfWord(int code) => Rune.TryCreate(code, out var rune) && Rune.IsLetterOrDigit(rune);

    // The character before the secret can be the end of an escape, such as the quotation mark in %22abc%22.
    private static bool IsBeginning(string text, int start)
    {
        if (start == 0 || !char.IsLetterOrDigit(text[start - 1]))
            return true;
        Span<SpelledCharacter> characters = stackalloc SpelledCharacter[SpelledCharacter.MostReadings];
        for (var before = Math.Max(0, start - SpelledCharacter.LongestSpelling); before < start; before++)
        {
            if (!SpelledCharacter.Signs.Contains(text[before], StringComparison.Ordinal))
                continue;
            var count = SpelledCharacter.Read(text, before, characters);
            for (var i = 0; i < count; i++)
            {
                if (characters[i].End == start && !IsOfWord(characters[i].Code))
                    return true;
            }
        }

        return false;
    }

    private static bool IsEnd(string text, int end) => end == text.Length || !char.IsLetterOrDigit(text[end]);
}
