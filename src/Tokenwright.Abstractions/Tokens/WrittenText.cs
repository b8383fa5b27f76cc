namespace Tokenwright;

/// <summary>Checks text that must stay the same when it is written into URLs, headers or JSON and read again.</summary>
internal static class WrittenText
{
    /// <summary>
    /// Gets the index of the first character that doesn't stay the same: a control character or half of a surrogate pair; -1 if there is
    /// none.
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
