using System.Globalization;
using Spectre.Console;
using Tokenwright;

namespace Quickstart;

/// <summary>The table that the program prints.</summary>
internal static class TokenTable
{
    private const int WidthWithoutTerminal = 200;

    public static Table Of(IEnumerable<Reading> readings, string? caption)
    {
        // Without a terminal there is no width to keep to, and a narrow guess would break words.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = WidthWithoutTerminal;

        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in new[] { "Vendor", "Connection", "Name", "Id", "Owner", "Scopes or roles", "Created", "Expires", "Last used", "State" })
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
                    string.Join(", ", token.Scopes.Select(scope => scope.Value).Union(token.Roles.Select(role => role.Value))),
                    Day(token.CreatedAt),
                    token.NeverExpires ? "never" : Day(token.ExpiresAt),
                    Day(token.LastUsedAt),
                    token.State.ToString());
            }
        }

        return table;
    }

    // What the vendor doesn't report is a dash: it is unknown, not empty.
    private static void AddRow(Table table, string colour, params string?[] cells)
        => table.AddRow(Enumerable.Range(0, table.Columns.Count).Select(i => new Markup(Markup.Escape(Cell(cells, i)), new Style(Style.Parse(colour).Foreground))));

    private static string Cell(string?[] cells, int column)
        => column >= cells.Length ? string.Empty : string.IsNullOrEmpty(cells[column]) ? "–" : cells[column]!;

    private static string? Day(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
