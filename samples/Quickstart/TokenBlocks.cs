using Spectre.Console;
using Spectre.Console.Rendering;
using Tokenwright;

namespace Quickstart;

/// <summary>Writes a block of lines for each token, for a terminal that is too narrow for the table.</summary>
internal static class TokenBlocks
{
    public static Rows Of(IEnumerable<Reading> readings, string? caption)
    {
        var blocks = new List<IRenderable>();
        foreach (var reading in readings)
        {
            var connection = $"{reading.Connection.Vendor} {reading.Connection.Name}";
            if (reading.Failure is not null)
                Add(connection, "red", $"failed: {reading.Failure}");
            else if (reading.Tokens.Count == 0)
                Add(connection, "grey", "no tokens");
            foreach (var token in reading.Tokens)
            {
                // Names may be cut. Ids identify a token, so each has a line of its own.
                Add(
                    string.IsNullOrEmpty(token.Name) ? "(no name)" : token.Name,
                    token.State == TokenState.Active ? "default" : "yellow",
                    $"{connection}, {token.State}",
                    token.Id,
                    Line("owner", token.Owner?.ToString()),
                    Line("scopes or roles", TokenTexts.Rights(token)),
                    Line("created", TokenTexts.Day(token.CreatedAt)),
                    Line("expires", TokenTexts.Expiry(token)),
                    Line("last used", TokenTexts.Day(token.LastUsedAt)));
            }
        }

        if (caption is not null)
            blocks.Add(new Text(caption));
        return new Rows(blocks);

        void Add(string head, string colour, params string?[] lines)
        {
            var style = new Style(Style.Parse(colour).Foreground);
            blocks.Add(new Text(head, style.Decoration(Decoration.Bold)) { Overflow = Overflow.Ellipsis });
            blocks.AddRange(lines.OfType<string>().Where(line => line.Length > 0)
                .Select(line => new Padder(new Text(line, style), new Padding(2, 0, 0, 0))));
            blocks.Add(new Text(string.Empty));
        }

        static string? Line(string label, string? value) => string.IsNullOrEmpty(value) ? null : $"{label}: {value}";
    }
}
