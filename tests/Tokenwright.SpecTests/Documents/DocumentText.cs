using System.Text.RegularExpressions;

namespace Tokenwright.SpecTests.Documents;

/// <summary>Methods that the parsers share.</summary>
internal static class DocumentText
{
    /// <summary>Returns the text between a heading line and the next line that matches <paramref name="end"/> (or the end).</summary>
    public static string After(string text, string heading, string end)
    {
        var start = Find(text, $@"^{Regex.Escape(heading)}[^\S\n]*\n", "the heading " + heading);
        var rest = text[(start.Index + start.Length)..];
        return Regex.Match(rest, end, RegexOptions.Multiline) is { Success: true } match ? rest[..match.Index] : rest;
    }

    /// <summary>Returns the cells of the first Markdown table in the text, without its heading and rule.</summary>
    public static IEnumerable<string[]> TableRows(string text) =>
        text.Split('\n')
            .SkipWhile(line => !IsRule(line))
            .Skip(1)
            .TakeWhile(line => line.Contains(" | ", StringComparison.Ordinal))
            .Select(line => line.Split('|').Select(cell => cell.Trim()).ToArray());

    public static Match Find(string text, string pattern, string what) =>
        Regex.Match(text, pattern, RegexOptions.Multiline) is { Success: true } match
            ? match
            : throw new FormatException($"The document lacks {what}.");

    /// <summary>Returns the elements of a comma-separated list, which may have a trailing comma.</summary>
    public static string[] SplitList(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Returns OpenAPI's type and format for a Python type.</summary>
    public static (string Type, string Format) FromPython(string type) => type switch
    {
        "str" => ("string", ""),
        "int" => ("integer", ""),
        "float" => ("number", ""),
        "bool" => ("boolean", ""),
        "datetime" => ("string", "date-time"),
        _ when type.StartsWith("[]", StringComparison.Ordinal) => ($"array<{FromPython(type[2..]).Type}>", ""),
        _ when Regex.IsMatch(type, "^[A-Z][A-Za-z]*$") => (type, ""),
        _ => throw new FormatException($"'{type}' is not a known Python type."),
    };

    private static bool IsRule(string line) => line.StartsWith("---", StringComparison.Ordinal);
}
