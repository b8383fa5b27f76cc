namespace Tokenwright;

/// <summary>What can be written into URLs, headers and JSON and be read again as the same.</summary>
internal static class WrittenText
{
    /// <summary>
    /// Gets where the first character stands that can't be: a control character, or half of a pair of surrogates; -1 if there is none.
    /// </summary>
    public static int IndexOfForeign(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
                return i;
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return i;
            i++;
        }

        return -1;
    }
}
