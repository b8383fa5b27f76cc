using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Tokenwright.Http;

/// <summary>
/// Finds a secret in a text however it is written there. Each of its characters may stand as it is, or as a URL, a form, a JSON string or HTML writes it: which characters are
/// written in another way differs from one encoder to the next, so whole spellings can't be listed.
/// </summary>
internal sealed class SecretSpelling
{
    private const string Masked = "***";
    private const int LongestEntity = 10;

    // JSON within JSON: what stood behind one backslash stands behind two, three or four there.
    private const int MostBackslashes = 4;

    // The percent sign itself can be encoded once more, and again.
    private static readonly string[] PercentSigns = ["%", "%25", "%2525"];

    private readonly Character[] _characters;
    private readonly SearchValues<char> _beginnings;

    // Where the characters so far may end. One that has several spellings at a place, as a backslash in a row of them, leads to several places: all are followed.
    private List<int> _ends = [];
    private List<int> _next = [];

    public SecretSpelling(TokenSecret secret)
    {
        _characters = [.. secret.Reveal().EnumerateRunes().Select(rune => new Character(rune.ToString(), Encoding.UTF8.GetBytes(rune.ToString())))];
        var first = _characters[0].Text[0];
        _beginnings = SearchValues.Create([.. InAnyCase(first), '\\', '%', '&', first == ' ' ? '+' : first]);
    }

    /// <summary>The text with three asterisks in place of each spelling of the secret. Not for concurrent use.</summary>
    public string Mask(string text)
    {
        StringBuilder? masked = null;
        var done = 0;
        for (var position = Next(text, 0); position < text.Length; position = Next(text, position))
        {
            if (!EndsAt(text, position, out var end))
            {
                position++;
                continue;
            }

            masked = (masked ?? new StringBuilder(text.Length)).Append(text, done, position - done).Append(Masked);
            position = done = end;
        }

        return masked is null ? text : masked.Append(text, done, text.Length - done).ToString();
    }

    // Beyond ASCII, a letter can have more than two cases.
    private static IEnumerable<char> InAnyCase(char character)
        => char.IsAscii(character)
            ? [char.ToLowerInvariant(character), char.ToUpperInvariant(character)]
            : Enumerable.Range(char.MinValue, char.MaxValue + 1).Select(code => (char)code).Where(other => char.ToUpperInvariant(other) == char.ToUpperInvariant(character));

    private int Next(string text, int from) => text.AsSpan(from).IndexOfAny(_beginnings) is >= 0 and var found ? from + found : text.Length;

    private bool EndsAt(string text, int start, out int end)
    {
        _ends.Clear();
        _ends.Add(start);
        foreach (var character in _characters)
        {
            _next.Clear();
            foreach (var place in _ends)
                Follow(text, place, character);
            (_ends, _next) = (_next, _ends);
            if (_ends.Count == 0)
                break;
        }

        end = _ends.Count == 0 ? start : _ends.Max();
        return end > start;
    }

    private void Follow(string text, int start, Character character)
    {
        if (start >= text.Length)
            return;
        if (string.Compare(text, start, character.Text, 0, character.Text.Length, StringComparison.OrdinalIgnoreCase) == 0)
            Reach(start + character.Text.Length);
        switch (text[start])
        {
            case '+' when character.Text == " ":
                Reach(start + 1);
                break;
            case '%':
                foreach (var sign in PercentSigns)
                    FollowPercent(text, start, character, sign);
                break;
            case '&':
                FollowEntity(text, start, character);
                break;
            case '\\':
                FollowEscape(text, start, character);
                break;
        }
    }

    private void Reach(int end)
    {
        if (!_next.Contains(end))
            _next.Add(end);
    }

    // Each byte of UTF-8.
    private void FollowPercent(string text, int start, Character character, string sign)
    {
        foreach (var value in character.Utf8)
        {
            if (!text.AsSpan(start).StartsWith(sign) || !IsHex(text, start + sign.Length, 2, value))
                return;
            start += sign.Length + 2;
        }

        Reach(start);
    }

    private void FollowEntity(string text, int start, Character character)
    {
        var length = text.AsSpan(start, Math.Min(LongestEntity, text.Length - start)).IndexOf(';') + 1;
        if (length > 0 && WebUtility.HtmlDecode(text.Substring(start, length)) == character.Text)
            Reach(start + length);
    }

    private void FollowEscape(string text, int start, Character character)
    {
        var after = start + Backslashes(text, start);
        if (character.Text == "\\")
        {
            for (var length = 2; length <= after - start; length *= 2)
                Reach(start + length);
        }
        else if (character.Text is "\"" or "/" or "'" && after < text.Length && text[after] == character.Text[0])
        {
            Reach(after + 1);
        }

        foreach (var unit in character.Text)
        {
            var backslashes = Backslashes(text, start);
            start += backslashes;
            if (backslashes == 0 || start >= text.Length || text[start] is not ('u' or 'U') || !IsHex(text, start + 1, 4, unit))
                return;
            start += 5;
        }

        Reach(start);
    }

    private static int Backslashes(string text, int start)
    {
        var count = 0;
        while (count < MostBackslashes && start + count < text.Length && text[start + count] == '\\')
            count++;
        return count;
    }

    private static bool IsHex(string text, int start, int digits, int value)
        => start + digits <= text.Length && int.TryParse(text.AsSpan(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var found) && found == value;

    private sealed record Character(string Text, byte[] Utf8);
}
