using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tokenwright.Cli.Output;

/// <summary>Writes rows in the requested format.</summary>
internal static class RowOutput
{
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
        var inOrder = InOrder(shape, Watched(terminal, format, shape, rows, progress, clock));
        switch (format)
        {
            case OutputFormat.Table:
                var all = await inOrder.ToListAsync();
                if (all.Count > 0)
                    terminal.Pretty.Write(new RowLayout<T>(shape, all, clock.GetUtcNow()));
                break;
            case OutputFormat.Json:
                await JsonAsync(to, shape, inOrder, failures);
                break;
            case OutputFormat.Jsonl:
                await foreach (var row in inOrder)
                    await to.WriteLineAsync(JsonText(row, shape, Plain));
                break;
            case OutputFormat.Csv:
                await to.WriteAsync(CsvLine(shape.Flat.Select(column => column.Name)));
                await foreach (var row in inOrder)
                    await to.WriteAsync(CsvLine(shape.Flat.Select(column => column.Value(row))));
                break;
            case OutputFormat.Markdown:
                await to.WriteLineAsync(MarkdownLine(shape.Flat.Select(column => column.Name)));
                await to.WriteLineAsync(MarkdownLine(shape.Flat.Select(_ => "---")));
                await foreach (var row in inOrder)
                    await to.WriteLineAsync(MarkdownLine(shape.Flat.Select(column => MarkdownCell(column.Value(row)))));
                break;
            default:
                throw new CliException("SARIF is a format for audits only; choose another one with --output.");
        }
    }

    /// <summary>Shows the progress on one line of the error output until it is disposed.</summary>
    public static ProgressLine? Progress(Terminal terminal, Func<string> progress, TimeProvider clock)
        => terminal.ShowsProgress
            ? new ProgressLine(terminal.Error, () => OneLine(progress, terminal.PrettyError), clock, BetweenRefreshes) : null;

    /// <summary>Gets the style of a tone, in colours that can be read on a light and on a dark background.</summary>
    public static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Faint => new Style(decoration: Decoration.Dim),
        Tone.Good => new Style(Color.Green),
        Tone.Notice => new Style(Color.Teal),
        Tone.Warning => new Style(Color.Olive),
        Tone.Danger => new Style(Color.Maroon, decoration: Decoration.Bold),
        Tone.Head => new Style(decoration: Decoration.Bold),
        _ => Style.Plain,
    };

    // The connections are read concurrently. A fixed order makes the output for the same tokens the same.
    public static IAsyncEnumerable<T> InOrder<T>(Shape<T> shape, IAsyncEnumerable<T> rows)
        => shape.Order is not { Count: > 0 } keys ? rows
            : keys.Skip(1).Aggregate(
                rows.OrderBy(keys[0], StringComparer.Ordinal), (ordered, key) => ordered.ThenBy(key, StringComparer.Ordinal));

    // On a terminal, the rows so far are shown. If the rows go elsewhere, the progress is shown on one line of the error output. Both are
    // removed at the end.
    private static async IAsyncEnumerable<T> Watched<T>(
        Terminal terminal, OutputFormat format, Shape<T> shape, IAsyncEnumerable<T> rows, Func<string>? progress, TimeProvider clock)
    {
        if (progress is not null && terminal.IsLive && format == OutputFormat.Table)
        {
            foreach (var row in await LiveAsync(terminal.Pretty, shape, rows, clock, progress))
                yield return row;
            yield break;
        }

        await using var line = progress is not null && Console.IsOutputRedirected ? Progress(terminal, progress, clock) : null;
        await foreach (var row in rows)
            yield return row;
    }

    private static async Task<List<T>> LiveAsync<T>(
        IAnsiConsole console, Shape<T> shape, IAsyncEnumerable<T> rows, TimeProvider clock, Func<string> progress)
    {
        var gate = new Lock();
        var all = new List<T>();
        await console.Live(Text.Empty).AutoClear(true).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Top)
            .StartAsync(async live =>
        {
            // The rows are drawn by a timer, not for each row, because a long list would be drawn thousands of times.
            await using var ticks = clock.CreateTimer(_ => live.UpdateTarget(Picture()), null, TimeSpan.Zero, BetweenRefreshes);
            await foreach (var row in rows)
            {
                lock (gate)
                    all.Add(row);
            }
        });
        return all;

        IRenderable Picture()
        {
            List<T> last;
            lock (gate)
                last = all[^Math.Min(all.Count, MostRowsWhileReading)..];
            var text = new Text(OneLine(progress, console));
            return last.Count == 0 ? text : new Rows(new RowLayout<T>(shape, last, clock.GetUtcNow()), text);
        }
    }

    private static string OneLine(Func<string> progress, IAnsiConsole console)
        => DisplayText.Cut(SafeText.Of(progress()), console.Profile.Width);

    private static async Task JsonAsync<T>(
        TextWriter to, Shape<T> shape, IAsyncEnumerable<T> rows, Func<IReadOnlyList<FailureRow>>? failures)
    {
        await to.WriteAsync($"{{\n  \"{shape.Collection}\": [");
        var separator = "\n";
        await foreach (var row in rows)
        {
            await to.WriteAsync($"{separator}{Indent(JsonText(row, shape, Indented))}");
            separator = ",\n";
        }

        await to.WriteAsync(separator == "\n" ? "]" : "\n  ]");
        if (failures is not null)
        {
            await to.WriteAsync(",\n  \"failures\": [");
            var all = failures();
            await to.WriteAsync(
                string.Join(",", all.Select(failure => $"\n{Indent(JsonText(failure, RowJson.Default.FailureRow, Indented))}")));
            await to.WriteAsync(all.Count == 0 ? "]" : "\n  ]");
        }

        await to.WriteLineAsync("\n}");
    }

    private static string Indent(string json) => string.Join('\n', json.Split('\n').Select(line => $"    {line}"));

    private static string JsonText<T>(T row, Shape<T> shape, JsonWriterOptions options)
        => JsonText(row, shape.Json, options, shape.Fields);

    private static string JsonText<T>(
        T row, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, JsonWriterOptions options,
        IReadOnlyList<string>? fields = null)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            if (fields is null)
            {
                JsonSerializer.Serialize(json, row, type);
            }
            else
            {
                var whole = JsonSerializer.SerializeToElement(row, type);
                json.WriteStartObject();
                foreach (var field in fields)
                {
                    json.WritePropertyName(field);
                    whole.GetProperty(field).WriteTo(json);
                }

                json.WriteEndObject();
            }
        }

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
