using System.Buffers;

namespace Tokenwright.Http;

/// <summary>
/// Represents all substrings of one length in some texts, in sorted order. A text is compared with all of them at once: each further
/// character narrows the range of possible substrings. The cost doesn't depend on how much of the text looks like a secret.
/// </summary>
internal sealed class SecretParts
{
    private static readonly char[] HighSurrogates = [.. Enumerable.Range(0xd800, 0x400).Select(code => (char)code)];

    // Outside ASCII, a letter can have more than two case variants.
    private static readonly Lazy<ILookup<int, char>> OtherCases = new(
        () => Enumerable.Range(0x80, char.MaxValue - 0x7f).Where(code => SpelledCharacter.Fold(code) != code)
            .ToLookup(SpelledCharacter.Fold, code => (char)code));

    private readonly int[] _codes;
    private readonly int[] _starts;
    private readonly int _length;
    private readonly int _base64From;
    private readonly SearchValues<char> _beginnings;

    /// <summary>Initializes a new instance of the <see cref="SecretParts"/> class.</summary>
    /// <param name="length">The length of each substring in characters.</param>
    /// <param name="forms">The texts, as code points. A shorter text has no substring.</param>
    /// <param name="base64Forms">The texts in base64.</param>
    public SecretParts(int length, IEnumerable<int[]> forms, IEnumerable<int[]> base64Forms)
    {
        _length = length;
        var codes = new List<int>();
        var starts = new List<int>();
        Add(forms, codes, starts);
        _base64From = codes.Count;
        Add(base64Forms, codes, starts);
        _codes = [.. codes];
        starts.Sort(Compare);
        _starts = [.. starts.Where((start, place) => place == 0 || Compare(starts[place - 1], start) != 0)];
        _beginnings = SearchValues.Create(Beginnings());
    }

    /// <summary>Finds the substrings in a text, in any encoding that <see cref="SpelledCharacter"/> reads.</summary>
    /// <param name="text">The text.</param>
    /// <param name="found">Receives the start and the end of each match, and whether it is base64.</param>
    public void Find(ReadOnlySpan<char> text, Action<int, int, bool> found)
    {
        if (_starts.Length == 0)
            return;
        List<Reading> now = [];
        List<Reading> next = [];
        for (var start = 0; start < text.Length; start++)
        {
            var skipped = text[start..].IndexOfAny(_beginnings);
            if (skipped < 0)
                return;
            start += skipped;
            if (IsAt(text, start, ref now, ref next, out var end, out var isBase64))
                found(start, end, isBase64);
        }
    }

    private void Add(IEnumerable<int[]> forms, List<int> codes, List<int> starts)
    {
        foreach (var form in forms)
        {
            for (var start = 0; start + _length <= form.Length; start++)
                starts.Add(codes.Count + start);
            codes.AddRange(form);
        }
    }

    private int Compare(int one, int other) => _codes.AsSpan(one, _length).SequenceCompareTo(_codes.AsSpan(other, _length));

    // The characters with which an encoded substring can begin in a text.
    private char[] Beginnings()
    {
        var codes = _starts.Select(start => _codes[start]).ToHashSet();
        var beginnings = codes.Where(code => code < 0x80).SelectMany(code => new[] { (char)code, char.ToLowerInvariant((char)code) })
            .Concat(SpelledCharacter.Signs).ToHashSet();
        if (codes.Contains(' '))
            beginnings.Add('+');
        foreach (var code in codes.Where(code => code >= 0x80))
            beginnings.UnionWith(code > char.MaxValue ? HighSurrogates : OtherCases.Value[code].Append((char)code));
        return [.. beginnings];
    }

    private bool IsAt(ReadOnlySpan<char> text, int start, ref List<Reading> now, ref List<Reading> next, out int end, out bool isBase64)
    {
        Span<SpelledCharacter> characters = stackalloc SpelledCharacter[SpelledCharacter.MostReadings];
        now.Clear();
        now.Add(new(start, 0, _starts.Length));
        for (var depth = 0; depth < _length && now.Count > 0; depth++)
        {
            next.Clear();
            foreach (var reading in now)
            {
                var count = reading.End < text.Length ? SpelledCharacter.Read(text, reading.End, characters) : 0;
                for (var i = 0; i < count; i++)
                    Follow(reading, depth, characters[i], next);
            }

            (now, next) = (next, now);
        }

        (end, isBase64) = (start, false);
        foreach (var reading in now)
        {
            end = Math.Max(end, reading.End);
            isBase64 |= _starts[reading.Low] >= _base64From;
        }

        return end > start;
    }

    private void Follow(Reading reading, int depth, SpelledCharacter character, List<Reading> next)
    {
        var low = First(reading.Low, reading.High, depth, character.Code);
        var high = First(low, reading.High, depth, character.Code + 1);
        var followed = new Reading(character.End, low, high);
        if (low < high && !next.Contains(followed))
            next.Add(followed);
    }

    // Finds the first substring in a range whose code at this depth is at least the given one.
    private int First(int low, int high, int depth, int code)
    {
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_codes[_starts[middle] + depth] < code)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    // A position in a text, and the range of the substrings that begin with the characters before it.
    private readonly record struct Reading(int End, int Low, int High);
}
