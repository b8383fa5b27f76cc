using Spectre.Console;
using Spectre.Console.Rendering;

namespace Quickstart;

/// <summary>Chooses the output: a table with the columns that fit, or blocks in a terminal that is too narrow for a table.</summary>
internal static class TokenView
{
    private const int WidthWithoutTerminal = 200;
    private const int NarrowestColumn = 18;

    public static IRenderable Of(IReadOnlyList<Reading> readings, string? caption)
    {
        // Output that is not a terminal has no width. A narrow guess would break words.
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = WidthWithoutTerminal;
        return Enumerable.Range(0, TokenTable.Optional.Count + 1)
            .Select(count => TokenTable.Of(readings, caption, TokenTable.Optional.Take(count)))
            .FirstOrDefault(table => NarrowestWidth(table) <= AnsiConsole.Profile.Width) as IRenderable
            ?? TokenBlocks.Of(readings, caption);
    }

    // The columns wrap, but stay wide enough to read.
    private static int NarrowestWidth(Table table)
    {
        var wrapping = table.Columns.Where(column => !column.NoWrap).ToList();
        wrapping.ForEach(column => column.Width = NarrowestColumn);
        var width = ((IRenderable)table).Measure(RenderOptions.Create(AnsiConsole.Console), int.MaxValue / 2).Min;
        wrapping.ForEach(column => column.Width = null);
        return width;
    }
}
