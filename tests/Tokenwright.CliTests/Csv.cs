using System.Text;

namespace Tokenwright.CliTests;

/// <summary>Reads comma-separated values as RFC 4180 defines them. It shares no code with the tool's writer.</summary>
internal static class Csv
{
    /// <summary>Returns the rows by the names in the first line. A missing value is null.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string?>> Read(string text)
    {
        var rows = Records(text).ToList();
        return [.. rows.Skip(1).Select(row => rows[0].Zip(row).ToDictionary(pair => pair.First!, pair => pair.Second))];
    }

    private static IEnumerable<List<string?>> Records(string text)
    {
        var (row, value, isQuoted, wasQuoted) = (new List<string?>(), new StringBuilder(), false, false);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (isQuoted && character == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                value.Append('"');
                i++;
            }
            else if (character == '"')
            {
                (isQuoted, wasQuoted) = (!isQuoted, true);
            }
            else if (!isQuoted && character is ',' or '\r')
            {
                row.Add(value.Length == 0 && !wasQuoted ? null : value.ToString());
                value.Clear();
                wasQuoted = false;
                if (character == '\r')
                {
                    yield return row;
                    row = [];
                    i++;
                }
            }
            else
            {
                value.Append(character);
            }
        }
    }
}
