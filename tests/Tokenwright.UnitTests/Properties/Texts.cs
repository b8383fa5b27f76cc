using System.Text;
using CsCheck;

namespace Tokenwright.UnitTests.Properties;

/// <summary>
/// Generates texts for properties: short ones, with characters that some encoding treats specially, and with any others.
/// </summary>
internal static class Texts
{
    private static readonly Gen<string> Rune = Gen.Frequency(
        (6, Gen.Char[' ', '~'].Select(character => character.ToString())),
        (4, Gen.Char["\"\\/'<>&%+=;:?#[]@!$(),|^`{}~ *.-_"].Select(character => character.ToString())),
        (2, Gen.Char['\u00a0', '\u024f'].Select(character => character.ToString())),
        (1, Gen.Int[0x250, 0x10ffff].Where(value => value is < 0xd800 or > 0xdfff).Select(value => new Rune(value).ToString())),
        (1, Gen.OneOf("İ", "ſ", "K", "ß", "é", "e\u0301", "\u2028", "\u2029", "\u200d", "\ufeff", "\u202e", "\ufffd", "\uffff", "😀",
            "👩\u200d💻", "٣", "３")));

    private static readonly Gen<string> Any = Gen.Frequency(
        (8, Rune),
        (1, Gen.Char['\0', '\u001f'].Select(character => character.ToString())),
        (1, Gen.Char['\u007f', '\u009f'].Select(character => character.ToString())),
        (1, Gen.Char['\ud800', '\udfff'].Select(character => character.ToString())));

    /// <summary>Generates non-empty texts without control characters and lone surrogates.</summary>
    public static Gen<string> Written { get; } = Rune.Array[1, 20].Select(string.Concat);

    /// <summary>Generates any texts, including the empty one.</summary>
    public static Gen<string> All { get; } = Any.Array[0, 20].Select(string.Concat);

    /// <summary>Generates a text with one character changed, inserted or removed, or unchanged.</summary>
    public static Gen<string> Damaged(Gen<string> text)
        => Gen.Select(text, Gen.Int[0, 200], Any, Gen.Int[0, 3], (original, place, character, how) =>
    {
        var at = original.Length == 0 ? 0 : place % original.Length;
        return how switch
        {
            0 => original.Insert(at, character),
            1 when original.Length > 0 => original.Remove(at, 1),
            2 when original.Length > 0 => original.Remove(at, 1).Insert(at, character),
            _ => original,
        };
    });
}
