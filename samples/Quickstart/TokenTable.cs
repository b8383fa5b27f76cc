using Spectre.Console;
using Tokenwright;

namespace Quickstart;

/// <summary>Writes a row for each token, for a terminal that is wide enough.</summary>
internal static class TokenTable
{
    public static Table Of(IEnumerable<Reading> readings, string? caption)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column
            in new[] { "Vendor", "Connection", "Name", "Id", "Owner", "Scopes or roles", "Created", "Expires", "Last used", "State" })
            table.AddColumn(new TableColumn(column) { NoWrap = column is not ("Name" or "Scopes or roles") });
        if (caption is not null)
            table.Caption(Markup.Escape(caption));

        foreach (var reading in readings)
        {
            if (reading.Failure is not null)
                AddRow(table, "red", reading.Connection.Vendor, reading.Connection.Name, $"failed: {reading.Failure}");
            else if (reading.Tokens.Count == 0)
                AddRow(table, "grey", reading.Connection.Vendor, reading.Connection.Name, "no tokens");
            foreach (var token in reading.Tokens)
            {
                AddRow(
                    table,
                    token.State == TokenState.Active ? "default" : "yellow",
                    token.Vendor,
                    token.Connection,
                    token.Name,
                    token.Id,
                    token.Owner?.ToString(),
                    TokenTexts.Rights(token),
                    TokenTexts.Day(token.CreatedAt),
                    TokenTexts.Expiry(token),
                    TokenTexts.Day(token.LastUsedAt),
                    token.State.ToString());
            }
        }

        return table;
    }

    // A dash is a value that the vendor doesn't report: it is unknown, not empty.
    private static void AddRow(Table table, string colour, params string?[] cells)
        => table.AddRow(Enumerable.Range(0, table.Columns.Count)
            .Select(i => new Markup(Markup.Escape(Cell(cells, i)), new Style(Style.Parse(colour).Foreground))));

    private static string Cell(string?[] cells, int column)
        => column >= cells.Length ? string.Empty : string.IsNullOrEmpty(cells[column]) ? "–" : cells[column]!;
}
