using System.CommandLine;
using System.Runtime.CompilerServices;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>watch</c>, which prints changes among the tokens.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly Option<string> Every = new("--every")
        { Description = "The time between two queries; the default is 60s.", HelpName = "duration", DefaultValueFactory = _ => "60s" };
    private static readonly Option<int?> Looks = new("--looks") { Description = "Stop after this number of queries.", HelpName = "number" };

    public static Command Create()
    {
        var command = new Command(
            "watch",
            """
            Reads the tokens of all connections at intervals, and shows each that appeared, disappeared, changed or was used.
            If the output isn't a terminal, each change is a line of JSON.

            Examples:
              tokenwright watch --every 5m
              tokenwright watch -o jsonl >> changes.jsonl
            """)
        {
            Every, Looks,
        };
        return command.Does(RunAsync);
    }

    private static async Task<int> RunAsync(Invocation invocation)
    {
        var every = Durations.Duration(invocation.Get(Every)!) is { } duration && duration >= Shortest
            ? duration : throw new CliException("--every must be a duration of at least 1s: 30s, 5m, 1h.");
        if (invocation.Get(Looks) is < 1)
            throw new CliException("--looks must be a number of at least 1.");
        var connections = await invocation.OpenAllAsync();
        var statuses = new List<int>();

        // A watch can run for days without output, and would learn only then that its reader has ended. It can also learn this at the very
        // end, so this object isn't disposed.
        var end = CancellationTokenSource.CreateLinkedTokenSource(invocation.Cancellation);
        var isReaderGone = false;
        StandardStream.WhenReaderIsGone(() =>
        {
            isReaderGone = true;
            end.Cancel();
        });
        try
        {
            // A table must end, but a watch doesn't. So the user gets single lines.
            if (invocation.Format == OutputFormat.Table)
            {
                await foreach (var change in ChangesAsync(invocation, connections, every, statuses, end.Token))
                    await invocation.Terminal.Out.WriteLineAsync(
                        SafeText.Of(
                        $"{change.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {change.Change,-11} {change.Vendor} {change.Connection}  " +
                        $"{change.Name ?? "–"} {change.Id}{(change.Detail is null ? string.Empty : $"  {change.Detail}")}"));
            }
            else
            {
                await RowOutput.WriteAsync(invocation.Terminal, invocation.Format, Shapes.Changes,
                    ChangesAsync(invocation, connections, every, statuses, end.Token), invocation.Clock);
            }
        }
        catch (OperationCanceledException) when (invocation.Cancellation.IsCancellationRequested)
        {
            // Ctrl-C is the normal end of a watch.
        }
        catch (OperationCanceledException) when (Volatile.Read(ref isReaderGone))
        {
            throw OutputLostException.ReaderGone();
        }

        return ExitCode.Of(statuses, statuses.Count < connections.Count + invocation.Invalid.Count, ExitCode.Done);
    }

    private static async IAsyncEnumerable<ChangeRow> ChangesAsync(
        Invocation invocation, IReadOnlyList<OpenConnection> connections, TimeSpan every, List<int> statuses,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, Dictionary<string, TokenRow>>();
        for (var look = 1; invocation.Get(Looks) is not { } most || look <= most; look++)
        {
            if (look > 1)
                await Task.Delay(every, invocation.Clock, cancellationToken);
            var sweep = new TokenSweep(connections, invocation.Clock, invocation.Invalid);
            var seen = connections.ToDictionary(connection => connection.Name, _ => new Dictionary<string, TokenRow>());
            await foreach (var (connection, token) in sweep.ReadAsync(cancellationToken: cancellationToken))
                seen[connection.Name][token.Id ?? "self"] = TokenRow.Of(token);

            // A token that couldn't be read has not disappeared.
            statuses.Clear();
            foreach (var failure in sweep.Failures)
            {
                statuses.Add(failure.ExitCode);
                seen.Remove(failure.Connection);
                invocation.Terminal.Warn(failure.Message);
            }

            foreach (var (connection, tokens) in seen)
            {
                if (known.TryGetValue(connection, out var before))
                {
                    foreach (var change in Compare(before, tokens, invocation.Now))
                        yield return change;
                }
                else
                {
                    invocation.Terminal.Note($"Watching {tokens.Count} tokens of connection '{connection}'.");
                }

                known[connection] = tokens;
            }
        }
    }

    private static IEnumerable<ChangeRow> Compare(
        Dictionary<string, TokenRow> before, Dictionary<string, TokenRow> after, DateTimeOffset now)
    {
        foreach (var (id, row) in after)
        {
            if (!before.TryGetValue(id, out var old))
                yield return Row("appeared", row, null, now);
            else if (Differences(old, row) is { Length: > 0 } differences)
                yield return Row(
                    differences == "lastUsedAt" ? "used" : "changed", row, differences == "lastUsedAt" ? null : differences, now);
        }

        foreach (var (_, row) in before.Where(pair => !after.ContainsKey(pair.Key)))
            yield return Row("disappeared", row, null, now);
    }

    private static string Differences(TokenRow old, TokenRow row)
        => string.Join("; ", Shapes.Tokens.Flat.Where(column => column.Value(old) != column.Value(row)).Select(column =>
            column.Name is "lastUsedAt" ? column.Name : $"{column.Name}: {column.Value(old) ?? "–"} -> {column.Value(row) ?? "–"}"));

    private static ChangeRow Row(string change, TokenRow row, string? detail, DateTimeOffset now)
        => new(now, change, row.Vendor, row.Connection, row.Id, row.Name ?? row.Description, detail);
}
