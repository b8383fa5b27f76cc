using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tokenwright.Cli.Output;

/// <summary>Writes rows in the requested format as they arrive.</summary>
internal static class RowOutput
{
    private const int WideTable = 120;
    private const int MostRowsWhileReading = 100;
    private static readonly TimeSpan BetweenRefreshes = TimeSpan.FromMilliseconds(200);
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Indented = Plain with { Indented = true };

    /// <summary>Writes rows.</summary>
    /// <param name="terminal">The terminal to write to.</param>
    /// <param name="format">The format.</param>
    /// <param name="shape">The columns of the rows.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="progress">Returns the progress as text; null for a short task.</param>
    /// <param name="failures">Returns the failures after all rows have arrived; null if nothing can fail.</param>
    /// <param name="writer">The writer for the text; null for the standard output.</param>
    public static async Task WriteAsync<T>(
        Terminal terminal,
        OutputFormat format,
        Shape<T> shape,
        IAsyncEnumerable<T> rows,
        TimeProvider clock,
        Func<string>? progress = null,
        Func<IReadOnlyList<FailureRow>>? failures = null,
        TextWriter? writer = null)
    {
        var to = writer ?? terminal.Out;
        switch (format)
        {
            case OutputFormat.Table when progress is not null && terminal.IsLive && writer is null:
                await LiveAsync(terminal.Pretty, shape, rows, clock, progress);
                break;
            case OutputFormat.Table:
                WriteTable(terminal.Pretty, shape, await Watched(terminal, rows, progress, clock).ToListAsync(), clock);
                break;
            case OutputFormat.Json:
                await JsonAsync(to, shape, Watched(terminal, rows, progress, clock), failures);
                break;
            case OutputFormat.Jsonl:
                await foreach (var row in Watched(terminal, rows, progress, clock))
                    await to.WriteLineAsync(Text(row, shape, Plain));
                break;
            case OutputFormat.Csv:
                await to.WriteAsync(CsvLine(shape.Flat.Select(column => column.Name)));
                await foreach (var row in Watched(terminal, rows, progress, clock))
                    await to.WriteAsync(CsvLine(shape.Flat.Select(column => column.Value(row))));
                break;
            case OutputFormat.Markdown:
                await to.WriteLineAsync(MarkdownLine(shape.Flat.Select(column => column.Name)));
                await to.WriteLineAsync(MarkdownLine(shape.Flat.Select(_ => "---")));
                await foreach (var row in Watched(terminal, rows, progress, clock))
                    await to.WriteLineAsync(MarkdownLine(shape.Flat.Select(column => MarkdownCell(column.Value(row)))));
                break;
            default:
                throw new CliException("SARIF is a format for audits only; choose another one with --output.");
        }
    }

    /// <summary>Gets the style of a tone.</summary>
    public static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Faint => new Style(Color.Grey),
        Tone.Good => new Style(Color.Green),
        Tone.Notice => new Style(Color.Blue),
        Tone.Warning => new Style(Color.Yellow),
        Tone.Danger => new Style(Color.Red, decoration: Decoration.Bold),
        _ => Style.Plain,
    };

    private static async Task LiveAsync<T>(
        IAnsiConsole console, Shape<T> shape, IAsyncEnumerable<T> rows, TimeProvider clock, Func<string> progress)
    {
        var time = new TimeText(clock.GetUtcNow(), console.Profile.Width >= WideTable);
        var table = NewTable(shape);
        var gate = new Lock();
        var all = new List<T>();
        await console.Live(table).AutoClear(true).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top)
            .StartAsync(async live =>
        {
            void Refresh()
            {
                lock (gate)
                {
                    table.Caption(Markup.Escape(progress()));
                    live.Refresh();
                }
            }

            // The table is drawn by a timer, not for each row, because a long list would be drawn thousands of times. Until all rows have
            // arrived, only what fits on the screen is kept.
            await using var ticks = clock.CreateTimer(_ => Refresh(), null, TimeSpan.Zero, BetweenRefreshes);
            await foreach (var row in rows)
            {
                all.Add(row);
                lock (gate)
                {
                    table.AddRow(Cells(shape, row, time));
                    if (table.Rows.Count > MostRowsWhileReading)
                        table.Rows.RemoveAt(0);
                }
            }
        });
        WriteTable(console, shape, all, clock);
    }

    private static void WriteTable<T>(IAnsiConsole console, Shape<T> shape, IReadOnlyList<T> rows, TimeProvider clock)
    {
        if (rows.Count == 0)
            return;
        var time = new TimeText(clock.GetUtcNow(), console.Profile.Width >= WideTable);
        var table = NewTable(shape);
        foreach (var row in shape.Order is { } order ? rows.OrderBy(order) : rows.AsEnumerable())
            table.AddRow(Cells(shape, row, time));
        console.Write(table);
    }

    // Shows the progress on one line of the error output, which is removed at the end. The rows themselves are written elsewhere.
    private static async IAsyncEnumerable<T> Watched<T>(
        Terminal terminal, IAsyncEnumerable<T> rows, Func<string>? progress, TimeProvider clock)
    {
        await using var line = progress is not null && terminal.ShowsProgress && Console.IsOutputRedirected
            ? new ProgressLine(terminal.Error, progress, clock, BetweenRefreshes) : null;
        await foreach (var row in rows)
            yield return row;
    }

    private static Table NewTable<T>(Shape<T> shape)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in shape.Table)
            table.AddColumn(new TableColumn(column.Head) { NoWrap = column.NoWrap });
        return table;
    }

    // A value that the vendor doesn't report is shown as a dash, because it is unknown, not empty.
    private static IEnumerable<IRenderable> Cells<T>(Shape<T> shape, T row, TimeText time)
    {
        foreach (var column in shape.Table)
        {
            var cell = column.Cell(row, time);
            yield return string.IsNullOrEmpty(cell.Text)
                ? new Text("–", StyleOf(Tone.Faint)) : new Text(SafeText.Of(cell.Text), StyleOf(cell.Tone));
        }
    }

    private static async Task JsonAsync<T>(
        TextWriter to, Shape<T> shape, IAsyncEnumerable<T> rows, Func<IReadOnlyList<FailureRow>>? failures)
    {
        await to.WriteAsync($"{{\n  \"{shape.Collection}\": [");
        var separator = "\n";
        await foreach (var row in rows)
        {
            await to.WriteAsync($"{separator}{Indent(Text(row, shape, Indented))}");
            separator = ",\n";
        }

        await to.WriteAsync(separator == "\n" ? "]" : "\n  ]");
        if (failures is not null)
        {
            await to.WriteAsync(",\n  \"failures\": [");
            var all = failures();
            await to.WriteAsync(
                string.Join(",", all.Select(failure => $"\n{Indent(Text(failure, RowJson.Default.FailureRow, Indented))}")));
            await to.WriteAsync(all.Count == 0 ? "]" : "\n  ]");
        }

        await to.WriteLineAsync("\n}");
    }

    private static string Indent(string json) => string.Join('\n', json.Split('\n').Select(line => $"    {line}"));

    private static string Text<T>(T row, Shape<T> shape, JsonWriterOptions options) => Text(row, shape.Json, options);

    private static string Text<T>(T row, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, JsonWriterOptions options)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, options))
            JsonSerializer.Serialize(json, row, type);
        return Encoding.UTF8.GetString(buffer.WrittenSpan).Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static string CsvLine(IEnumerable<string?> values) => string.Join(',', values.Select(CsvValue)) + "\r\n";

    private static string CsvValue(string? value)
        => value is null ? string.Empty
        : value.AsSpan().IndexOfAny(",\"\r\n") >= 0 || value.Length == 0 ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : value;

    private static string MarkdownLine(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    // Text from other people must stay text. It must not end a table, or contain tags, links or images.
    private static string MarkdownCell(string? text)
    {
        var safe = new StringBuilder();
        foreach (var character in SafeText.Of(text ?? string.Empty))
            safe.Append("\\|<>[]`*_&!".Contains(character, StringComparison.Ordinal) ? $"\\{character}" : character.ToString());
        return safe.ToString();
    }
}
