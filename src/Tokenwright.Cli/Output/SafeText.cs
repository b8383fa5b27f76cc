using System.Globalization;
using System.Text;

namespace Tokenwright.Cli.Output;

/// <summary>
/// Escapes text from unknown sources for a terminal. For example, a token's name must not move the cursor, change colors or reverse
/// text.
/// </summary>
internal static class SafeText
{
    /// <summary>Gets the text with control and invisible formatting characters escaped, as <c>\u001B</c>.</summary>
    public static string Of(string text) => text.Any(IsHidden) ? Escaped(text) : text;

    private static string Escaped(string text)
    {
        var safe = new StringBuilder();
        foreach (var character in text)
        {
            if (IsHidden(character))
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            else
                safe.Append(character);
        }

        return safe.ToString();
    }

    private static bool IsHidden(char character)
        => char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
