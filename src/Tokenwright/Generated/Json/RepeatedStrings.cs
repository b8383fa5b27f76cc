using System.Text;

namespace Tokenwright.Generated;

/// <summary>
/// Provides one shared string for each text that repeats in lists, such as the names of roles, scopes, owners and kinds. A cache of fixed
/// size keeps the latest text in each slot. It contains no secrets and no ids, because it is used only for members that the spec marks as
/// repeated.
/// </summary>
internal static class RepeatedStrings
{
    private const int Places = 1024;
    private const int LongestText = 64;

    // Reading and writing a reference is atomic. Any string that two threads store in a slot at the same time is valid for both.
    private static readonly string?[] Texts = new string?[Places];

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > LongestText)
            return Encoding.UTF8.GetString(utf8);
        ref var place = ref Texts[Hash(utf8) & (Places - 1)];
        var text = Volatile.Read(ref place);
        if (text is not null && IsSame(utf8, text))
            return text;
        text = Encoding.UTF8.GetString(utf8);
        Volatile.Write(ref place, text);
        return text;
    }

    private static bool IsSame(ReadOnlySpan<byte> utf8, string text)
    {
        if (Ascii.Equals(utf8, text))
            return true;
        if (utf8.Length <= text.Length)
            return false;
        Span<byte> encoded = stackalloc byte[LongestText];
        return Encoding.UTF8.TryGetBytes(text, encoded, out var length) && encoded[..length].SequenceEqual(utf8);
    }

    // FNV-1a.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261;
        foreach (var value in bytes)
            hash = (hash ^ value) * 16777619;
        return hash ^ (hash >> 16);
    }
}
