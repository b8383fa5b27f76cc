using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tokenwright.Cli.Output;

/// <summary>
/// Lays out rows as a table: first the columns without which there is no table, then as many others as fit. Sentences stand below their
/// row where there is no room beside it. Where the width is not enough for the first columns, each row becomes a block of lines with all
/// columns.
/// </summary>
/// <remarks>
/// The library's own table breaks words and ids, shows single ellipses in narrow columns, and doesn't end where a column is narrower than
/// a character.
/// </remarks>
internal sealed class RowLayout<T>(Shape<T> shape, IReadOnlyList<T> rows, DateTimeOffset now) : Renderable
{
    private const int Gap = 2;
    private const int WideTable = 160;
    private const int NarrowestCut = 12;
    private const int NarrowestWrap = 48;
    private const int BelowRow = -1;
    private const string Missing = "–";

    protected override Measurement Measure(RenderOptions options, int maxWidth) => new(Math.Min(1, maxWidth), maxWidth);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        if (!shape.IsBlock && CellsOf(maxWidth >= WideTable) is var cells && WidthsOf(cells, maxWidth) is { } widths)
            return Table(cells, widths, maxWidth);
        return Blocks(CellsOf(isWide: true), maxWidth);
    }

    private List<Cell[]> CellsOf(bool isWide)
    {
        var time = new TimeText(now, isWide);
        return [.. rows.Select(row => shape.Table.Select(column => Safe(column.Cell(row, time))).ToArray())];
    }

    // The width of each column that is shown, zero for the others, or below the row; null if those that are needed don't fit.
    private int[]? WidthsOf(List<Cell[]> cells, int width)
    {
        var columns = shape.Table;
        var natural = columns.Select((column, i) =>
            cells.Select(row => DisplayText.WidthOf(row[i].Text ?? Missing)).Append(DisplayText.WidthOf(column.Head)).Max()).ToArray();
        var least = columns.Select((column, i) => column.Fit switch
        {
            Fit.Cut => Math.Min(natural[i], NarrowestCut),
            Fit.Wrap => Math.Min(
                natural[i], Math.Max(NarrowestWrap, cells.Max(row => DisplayText.LongestWord(row[i].Text ?? Missing)))),
            _ => natural[i],
        }).ToArray();

        var widths = new int[columns.Count];
        var spare = width + Gap;
        foreach (var (column, i) in columns.Select((column, i) => (column, i))
            .OrderBy(pair => pair.column.Rank).ThenBy(pair => pair.column.Fit == Fit.Wrap))
        {
            // A column that says nothing makes room for others.
            if (cells.All(row => row[i].Text is null))
                continue;
            if (spare >= least[i] + Gap)
                spare -= (widths[i] = least[i]) + Gap;
            else if (column is { Rank: 0, Fit: Fit.Wrap })
                widths[i] = BelowRow;
            else if (column.Rank == 0)
                return null;
        }

        for (var i = 0; i < widths.Length; i++)
        {
            if (widths[i] > 0)
                (widths[i], spare) = (Math.Min(natural[i], widths[i] + spare), spare - Math.Min(natural[i] - widths[i], spare));
        }

        return widths;
    }

    private IEnumerable<Segment> Table(List<Cell[]> cells, int[] widths, int width)
    {
        var heads = shape.Table.Select(column => new Cell(column.Head.ToUpperInvariant(), Tone.Head)).ToArray();
        return RowOf(heads, widths).Concat(cells.SelectMany(row => RowOf(row, widths).Concat(BelowOf(row, widths, width))));
    }

    private static IEnumerable<Segment> BelowOf(Cell[] row, int[] widths, int width)
    {
        foreach (var (cell, _) in row.Zip(widths).Where(pair => pair.First.Text is not null && pair.Second == BelowRow))
        {
            foreach (var line in DisplayText.Wrap(cell.Text!, width - Gap))
            {
                yield return new Segment(new string(' ', Gap));
                yield return new Segment(line, RowOutput.StyleOf(cell.Tone));
                yield return Segment.LineBreak;
            }
        }
    }

    private IEnumerable<Segment> RowOf(Cell[] row, int[] widths)
    {
        var lines = row.Select((cell, i) => LinesOf(cell.Text ?? Missing, shape.Table[i].Fit, widths[i])).ToArray();
        var shown = Enumerable.Range(0, row.Length).Where(i => widths[i] > 0).ToArray();
        for (var line = 0; line < shown.Max(i => lines[i].Count); line++)
        {
            var pad = 0;
            foreach (var i in shown)
            {
                if (line < lines[i].Count)
                {
                    if (pad > 0)
                        yield return new Segment(new string(' ', pad));
                    yield return new Segment(lines[i][line], RowOutput.StyleOf(row[i].Text is null ? Tone.Faint : row[i].Tone));
                    pad = Gap + widths[i] - DisplayText.WidthOf(lines[i][line]);
                }
                else
                {
                    pad += Gap + widths[i];
                }
            }

            yield return Segment.LineBreak;
        }
    }

    private static IReadOnlyList<string> LinesOf(string text, Fit fit, int width) => fit switch
    {
        Fit.Cut => [DisplayText.Cut(text, width)],
        Fit.Wrap => DisplayText.Wrap(text, width),
        _ => [text],
    };

    private IEnumerable<Segment> Blocks(List<Cell[]> cells, int width)
    {
        var title = Enumerable.Range(0, shape.Table.Count).FirstOrDefault(i => shape.Table[i].IsTitle);
        var label = shape.Table.Max(column => DisplayText.WidthOf(column.Head)) + Gap;
        for (var row = 0; row < cells.Count; row++)
        {
            if (row > 0)
                yield return Segment.LineBreak;
            var heading = cells[row][title].Text ?? $"({shape.Table[title].Head.ToLowerInvariant()} unknown)";
            yield return new Segment(
                shape.Table[title].Fit == Fit.Whole ? heading : DisplayText.Cut(heading, width), RowOutput.StyleOf(Tone.Head));
            yield return Segment.LineBreak;
            for (var i = 0; i < shape.Table.Count; i++)
            {
                if (i == title || cells[row][i].Text is not { } text)
                    continue;
                yield return new Segment(new string(' ', Gap));
                yield return new Segment(shape.Table[i].Head, RowOutput.StyleOf(Tone.Faint));

                // What doesn't fit beside its label begins on a line of its own, so that an id of the terminal's width stays whole.
                var indent = DisplayText.LongestWord(text) <= width - Gap - label ? Gap + label : Gap;
                var lines = shape.Table[i].Fit == Fit.Whole ? [text] : DisplayText.Wrap(text, width - indent);
                if (indent == Gap)
                    yield return Segment.LineBreak;
                for (var line = 0; line < lines.Count; line++)
                {
                    var isBesideLabel = line == 0 && indent > Gap;
                    yield return new Segment(
                        new string(' ', isBesideLabel ? label - DisplayText.WidthOf(shape.Table[i].Head) : indent));
                    yield return new Segment(lines[line], RowOutput.StyleOf(cells[row][i].Tone));
                    yield return Segment.LineBreak;
                }
            }
        }
    }

    // What the vendor doesn't report is a dash in a table: it is unknown, not empty.
    private static Cell Safe(Cell cell)
        => string.IsNullOrWhiteSpace(cell.Text) ? new Cell(null) : cell with { Text = SafeText.Of(cell.Text) };
}
