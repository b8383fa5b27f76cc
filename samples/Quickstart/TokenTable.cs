using Spectre.Console;
using Tokenwright;

namespace Quickstart;

/// <summary>Writes a row for each token, for a terminal that is wide enough.</summary>
internal static class TokenTable
{
    private static readonly (string Head, Func<ApiToken, string?> Value)[] Columns =
    [
        ("Vendor", token => token.Vendor), ("Connection", token => token.Connection), ("Name", token => token.Name),
        ("Id", token => token.Id), ("Owner", token => token.Owner?.ToString()), ("Scopes or roles", TokenTexts.Rights),
        ("Created", token => TokenTexts.Day(token.CreatedAt)), ("Expires", TokenTexts.Expiry),
        ("Last used", token => TokenTexts.Day(token.LastUsedAt)), ("State", token => token.State.ToString()),
    ];

    /// <summary>Gets the columns that a narrower table leaves out, the least important one first.</summary>
    public static IReadOnlyList<string> Optional { get; } = ["Scopes or roles", "Created", "Last used", "Owner"];

    public static Table Of(IEnumerable<Reading> readings, string? caption, IEnumerable<string> leftOut)
    {
        var table = new Table().Border(TableBorder.Rounded);
        var columns = Columns.Where(column => !leftOut.Contains(column.Head)).ToList();
        foreach (var (head, _) in columns)
            table.AddColumn(new TableColumn(head) { NoWrap = head is not ("Name" or "Scopes or roles") });
        if (caption is not null)
            table.Caption(Markup.Escape(caption));

        foreach (var reading in readings)
        {
            if (reading.Failure is not null)
                AddRow(table, "red", reading.Connection.Vendor, reading.Connection.Name, $"failed: {reading.Failure}");
            else if (reading.Tokens.Count == 0)
                AddRow(table, "grey", reading.Connection.Vendor, reading.Connection.Name, "no tokens");
            foreach (var token in reading.Tokens)
                AddRow(table, token.State == TokenState.Active ? "default" : "yellow", [.. columns.Select(column => column.Value(token))]);
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
