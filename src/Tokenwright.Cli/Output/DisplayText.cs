using System.Globalization;
using Spectre.Console;

namespace Tokenwright.Cli.Output;

/// <summary>Measures and divides text by the columns that it takes on a terminal.</summary>
internal static class DisplayText
{
    private const string Ellipsis = "…";

    /// <summary>Gets how many columns a text takes.</summary>
    public static int WidthOf(string text) => text.GetCellWidth();

    /// <summary>Gets a text that takes at most a number of columns; its end is replaced by an ellipsis if needed.</summary>
    public static string Cut(string text, int width)
    {
        if (WidthOf(text) <= width)
            return text;
        var left = width - 1;
        var end = 0;
        for (var next = 0; next < text.Length; end = next)
        {
            next += StringInfo.GetNextTextElementLength(text, next);
            left -= WidthOf(text[end..next]);
            if (left < 0)
                break;
        }

        return text[..end] + Ellipsis;
    }

    /// <summary>Divides a text between its words into lines of at most a number of columns. A longer word stays whole.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        var line = string.Empty;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && WidthOf(line) + 1 + WidthOf(word) > width)
            {
                lines.Add(line);
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        lines.Add(line);
        return lines;
    }

    /// <summary>Gets how many columns the widest word of a text takes.</summary>
    public static int LongestWord(string text) => text.Split(' ').Max(WidthOf);
}
