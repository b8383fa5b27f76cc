using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Changes;

/// <summary>Changes tokens one after the other or several at a time, and prints a row for each as soon as its outcome is known.</summary>
/// <param name="invocation">The invocation.</param>
/// <param name="operation">The operation as the tool writes it.</param>
/// <param name="parallel">How many tokens, or parts that are changed with one request, are changed at a time.</param>
/// <param name="change">The change.</param>
internal sealed class BulkWork(Invocation invocation, string operation, int parallel, TokenChange change)
{
    private readonly SortedDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly List<int> _failures = [];
    private readonly ConcurrentQueue<UntoldChange> _changes = new();

    /// <summary>Gets how many tokens were processed.</summary>
    public int Processed { get; private set; }

    /// <summary>Gets the exit statuses of the tokens that weren't changed.</summary>
    public IReadOnlyList<int> Failures => _failures;

    /// <summary>Changes the tokens.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="receipts">The file for the receipts; null for none.</param>
    public async Task RunAsync(IReadOnlyList<TokenToChange> tokens, ReceiptFile? receipts)
    {
        var start = invocation.Clock.GetTimestamp();
        var limited = tokens.Select(token => token.Connection).Distinct().Take(2).ToList() is [var only] ? only : null;
        string Progress() => string.Create(
            CultureInfo.InvariantCulture,
            $"{operation}: {Processed} of {tokens.Count}, " +
                $"{Processed / Math.Max(0.001, invocation.Clock.GetElapsedTime(start).TotalSeconds):0.0} a " +
                $"second{(limited?.RemainingCalls is { } left ? $", {left} calls left" : string.Empty)}");

        async IAsyncEnumerable<ReceiptRow> Rows()
        {
            await foreach (var row in ChangeAllAsync(tokens, receipts))
            {
                Processed++;
                _outcomes[row.Outcome] = _outcomes.GetValueOrDefault(row.Outcome) + 1;
                if (!row.IsDone)
                    _failures.Add(row.ExitCode);
                yield return row;
            }
        }

        await RowOutput.WriteAsync(
            invocation.Terminal, invocation.Format, Shapes.Receipts, Rows(), invocation.Clock, tokens.Count > 1 ? Progress : null);
        foreach (var told in _changes)
            invocation.Untold.Told(told);
        if (tokens.Count > 1 && Processed > 0)
            invocation.Terminal.Note($"{Count(Processed)}: " +
                $"{string.Join(", ", _outcomes.Select(pair => $"{Number(pair.Value)} {Words(pair.Key)}"))}.");
    }

    /// <summary>Gets a number of tokens as text.</summary>
    public static string Count(int number) => $"{Number(number)} {(number == 1 ? "token" : "tokens")}";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Words(string outcome) => outcome switch
    {
        "notFound" => "not found (gone already, or not visible to this credential)",
        "unknown" => "with an unknown outcome",
        "sessionEnded" => "signed out",
        _ => outcome,
    };

    // No further token is started after Ctrl-C, or if the rows or receipts can't be written. Tokens in progress are finished, so that their
    // outcome is known.
    private async IAsyncEnumerable<ReceiptRow> ChangeAllAsync(
        IReadOnlyList<TokenToChange> tokens, ReceiptFile? receipts, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var rows = Channel.CreateUnbounded<ReceiptRow>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(invocation.Cancellation);
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = CancellationToken.None };

        // The tokens that the connections themselves work with are last, because no other can be changed after them.
        var work = WorkAsync().ContinueWith(done => rows.Writer.TryComplete(done.Exception?.InnerException), CancellationToken.None,
            TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var row in rows.Reader.ReadAllAsync(cancellationToken))
                yield return row;
        }
        finally
        {
            await stop.CancelAsync();
            await work;
        }

        async Task WorkAsync()
        {
            await Parallel.ForEachAsync(change.Parts(tokens.Where(token => token.Effect is null)), options, ChangePartAsync);
            await Parallel.ForEachAsync(change.Parts(tokens.Where(token => token.Effect is not null)), options, ChangePartAsync);
        }

        async ValueTask ChangePartAsync(TokenToChange[] part, CancellationToken _)
        {
            if (stop.IsCancellationRequested)
                return;
            var names = part.Select(token => receipts?.NameOf(token.Reference) ?? ReceiptFile.NameOf(token.Reference, key)).ToList();
            if (part[0].Refusal is null && change.IsOfMany(part[0].Connection))
            {
                var changes = names.Select((name, i) => invocation.Untold.Begin($"Token {name}, {operation} {Place(part[i])}")).ToList();
                var rows = await ChangeManyAsync(part, names);
                for (var i = 0; i < part.Length && rows is not null; i++)
                    await TellAsync(part[i], rows[i], changes[i]);
                changes.ForEach(untold => untold.Dispose());
                if (rows is not null)
                    return;
            }

            for (var i = 0; i < part.Length && !stop.IsCancellationRequested; i++)
            {
                using var untold = invocation.Untold.Begin($"Token {names[i]}, {operation} {Place(part[i])}");
                await TellAsync(part[i], await ChangeOneAsync(part[i], names[i]), untold);
            }
        }

        static string Place(TokenToChange token) => $"({token.Connection.Vendor} connection '{token.Connection.Name}')";

        async Task TellAsync(TokenToChange token, ReceiptRow row, UntoldChange untold)
        {
            if (row.IsDone || row.ExitCode == ExitCode.OutcomeUnknown)
                untold.Happened($"Token {row.Token}, {operation}: {row.Outcome} {Place(token)}.");
            if (token.Refusal is null && receipts?.TryAdd(row) is { } failure)
            {
                if (!stop.IsCancellationRequested)
                    invocation.Terminal.Fail(failure);
                await stop.CancelAsync();
            }
            else if (!untold.IsUnderWay)
            {
                _changes.Enqueue(untold);
            }

            await rows.Writer.WriteAsync(row, CancellationToken.None);
        }
    }

    // Returns null if nothing was changed, and the tokens must be changed one by one.
    private async Task<IReadOnlyList<ReceiptRow>?> ChangeManyAsync(TokenToChange[] part, List<string> names)
    {
        try
        {
            var results = await change.Many!(
                part[0].Connection, [.. part.Select(token => token.Reference)], CancellationToken.None);
            return results is null ? null : [.. results.Select((result, i) => result.Outcome switch
            {
                TokenUpdateOutcome.Updated => Row(part[i], names[i]) with { Outcome = Shapes.Word(result.Outcome) },
                TokenUpdateOutcome.NotUpdated => Failed(part[i], names[i], result.Failure!),
                _ => Row(part[i], names[i]) with
                    { Outcome = "unknown", Message = result.Failure!.Message, ExitCode = ExitCode.OutcomeUnknown },
            })];
        }
        catch (Exception failure) when (failure is TokenClientException or CliException or ArgumentException)
        {
            return [.. part.Select((token, i) => Failed(token, names[i], failure))];
        }
    }

    private ReceiptRow Row(TokenToChange token, string name) => new()
    {
        At = invocation.Now,
        Vendor = token.Connection.Vendor,
        Connection = token.Connection.Name,
        Operation = operation,
        Token = name,
        Outcome = "failed",
        ExitCode = ExitCode.Unavailable,
    };

    private ReceiptRow Failed(TokenToChange token, string name, Exception failure) => Row(token, name) with
    {
        Outcome = ExitCode.Of(failure) == ExitCode.OutcomeUnknown ? "unknown" : "failed",
        Message = failure.Message,
        ExitCode = ExitCode.Of(failure),
    };

    private async Task<ReceiptRow> ChangeOneAsync(TokenToChange token, string name)
    {
        var row = Row(token, name);
        if (token.Refusal is { } refusal)
            return row with { Outcome = "refused", Message = refusal, ExitCode = token.RefusalStatus };
        try
        {
            var (outcome, remark) = await change.One(token.Connection, token.Reference, CancellationToken.None);
            return row with { At = invocation.Now, Outcome = outcome, Message = remark };
        }
        catch (TokenNotFoundException failure)
        {
            return row with { At = invocation.Now, Outcome = "notFound", Message = failure.Message };
        }
        catch (Exception failure) when (failure is TokenClientException or CliException or ArgumentException)
        {
            return Failed(token, name, failure);
        }
    }
}
