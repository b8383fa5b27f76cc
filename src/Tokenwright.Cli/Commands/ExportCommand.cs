using System.CommandLine;
using System.Text;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>export</c>, which writes an inventory of all tokens.</summary>
internal static class ExportCommand
{
    private static readonly Option<string?> To = new("--to") { Description =
        "The file, which only you can read. Existing files are never overwritten. The default is the standard output.", HelpName = "file" };

    public static Command Create()
    {
        var command = new Command(
            "export",
            """
            Writes an inventory of all tokens: every common field, but no secrets.
            The format is that of --output. By default, the file's extension decides (.json, .jsonl, .csv, .md).

            Examples:
              tokenwright export --to tokens.csv
              tokenwright export -o jsonl | jq 'select(.neverExpires)'
            """)
        {
            To,
        };
        return command.With(Shapes.Tokens).Does(RunAsync);
    }

    private static async Task<int> RunAsync(Invocation invocation)
    {
        var path = invocation.Get(To);
        var format = invocation.IsFormatGiven && invocation.Format != OutputFormat.Table ? invocation.Format : FormatOf(path);
        if (invocation.HasFields && format is not (OutputFormat.Json or OutputFormat.Jsonl))
            throw new CliException($"--json writes JSON; name the file .json or .jsonl, not '{path}'.");
        var shape = invocation.Chosen(Shapes.Tokens);
        var sweep = new TokenSweep(await invocation.OpenAllAsync(), invocation.Clock, invocation.Invalid);
        var rows = sweep.ReadAsync(cancellationToken: invocation.Cancellation).Select(read => TokenRow.Of(read.Token));
        if (path is null)
        {
            await RowOutput.WriteAsync(
                invocation.Terminal, format, shape, rows, invocation.Clock, sweep.Progress, () => sweep.Failures);
            return ListCommand.Conclude(invocation, sweep, ExitCode.Done);
        }

        await using (var file = Create(path))
        await using (var writer = new StreamWriter(file, new UTF8Encoding(false)) { NewLine = "\n" })
            await RowOutput.WriteAsync(
                invocation.Terminal, format, shape, rows, invocation.Clock, sweep.Progress, () => sweep.Failures, writer);
        invocation.Terminal.Note($"Wrote {path}.");
        return ListCommand.Conclude(invocation, sweep, ExitCode.Done);
    }

    private static FileStream Create(string path)
    {
        try
        {
            return PrivateFile.Create(path);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new CliException($"'{path}' exists already and is not overwritten.");
        }
    }

    private static OutputFormat FormatOf(string? path) => Path.GetExtension(path)?.ToUpperInvariant() switch
    {
        ".JSONL" or ".NDJSON" => OutputFormat.Jsonl,
        ".CSV" => OutputFormat.Csv,
        ".MD" => OutputFormat.Markdown,
        _ => OutputFormat.Json,
    };
}
