using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Changes;

/// <summary>Changes many tokens. It continues after failures, writes a receipt for each token, and can be stopped and resumed.</summary>
internal sealed class BulkChange
{
    private readonly Option<string?> _fromFile =
        new("--from-file") { Description = "A file with one token id on each line; - for the standard input.", HelpName = "file" };
    private readonly Option<bool> _areSecrets = new("--secrets") { Description = "The lines of --from-file are secrets, not ids." };
    private readonly Option<string?> _receipts = new("--receipts")
        { Description = "The receipts file, which also says which tokens are done; by default next to --from-file.", HelpName = "file" };
    private readonly Option<int> _parallel = new("--parallel")
        { Description = "How many tokens to change at a time; the default is 4.", HelpName = "number", DefaultValueFactory = _ => 4 };
    private readonly TokenChoice _choice = new();

    /// <summary>Adds the arguments and options.</summary>
    public void AddTo(Command command)
    {
        _choice.AddTo(command);
        foreach (var option in new Option[] { _fromFile, _areSecrets, _receipts, _parallel })
            command.Options.Add(option);
        ChangeRun.AddTo(command);
    }

    /// <summary>Runs the change.</summary>
    /// <param name="invocation">The invocation.</param>
    /// <param name="kind">The operation.</param>
    /// <param name="verb">The word before each token, for example "Revoke".</param>
    /// <param name="change">Changes one token, and returns the outcome and a remark.</param>
    public async Task<int> RunAsync(
        Invocation invocation, TokenOperation kind, string verb,
        Func<OpenConnection, TokenReference, CancellationToken, Task<(string Outcome, string? Remark)>> change)
    {
        var operation = Shapes.Word(kind);
        var file = invocation.Get(_fromFile);
        if (file is null == !_choice.IsGiven(invocation))
            throw new CliException(file is null ? "Name the token: its id, --key, --secret or --self; or many with --from-file."
                : "Name one token, or a file with --from-file; not both.");
        if (file is null && (invocation.Get(_areSecrets) || invocation.Get(_receipts) is not null))
            throw new CliException("--secrets and --receipts go with --from-file.");
        if (invocation.Get(_parallel) is < 1 or > 64)
            throw new CliException("--parallel must be a number from 1 to 64.");

        var tokens = file is null ? [await _choice.ReadAsync(invocation)] : TokenList.Read(file, invocation.Get(_areSecrets));
        return await ChangeRun.RunAsync(
            invocation,
            kind,
            [.. tokens.Select(token => token.Secret).OfType<TokenSecret>()],
            async (connection, cancellationToken) => tokens.Count == 1 && file is null
                ? [$"{verb} {await ChangeRun.DescribeAsync(connection, tokens[0], invocation.Now, cancellationToken)}."]
                : [.. tokens.Select(token => $"{verb} token {token} ({connection.Vendor} connection '{connection.Name}').")],
            async (connection, cancellationToken) =>
            {
                using var receipts = file is null
                    ? null : ReceiptFile.Open(ReceiptPath(invocation, file, operation), operation, connection.Vendor, connection.Name);
                return await WorkAsync(invocation, connection, operation, [.. tokens.Where(token => receipts?.IsDone(token) != true)],
                    tokens.Count, receipts, change);
            },
            file is null ? ShowOneAsync : ShowAllAsync);

        async Task<int> ShowOneAsync(OpenConnection connection, DryRun dryRun)
        {
            await dryRun.RunAsync(cancellationToken => change(connection, tokens[0], cancellationToken), invocation.Cancellation);
            return ExitCode.Done;
        }

        // A token that is gone is no failure in the real run either.
        async Task<int> ShowAllAsync(OpenConnection connection, DryRun dryRun)
        {
            var isDone = ReceiptFile.ReadDone(ReceiptPath(invocation, file, operation), operation, connection.Vendor, connection.Name);
            var left = tokens.Where(token => !isDone(token)).ToList();
            if (left.Count < tokens.Count)
                TellDone(invocation, tokens.Count - left.Count, tokens.Count);
            var failures = new List<int>();
            foreach (var token in left)
            {
                try
                {
                    await dryRun.RunAsync(cancellationToken => change(connection, token, cancellationToken), invocation.Cancellation);
                }
                catch (Exception failure) when (failure is TokenClientException or CliException or ArgumentException)
                {
                    invocation.Terminal.Fail($"Token {token}: {failure.Message}");
                    if (failure is not TokenNotFoundException)
                        failures.Add(ExitCode.Of(failure));
                }
            }

            return ExitCode.Of(failures, failures.Count < left.Count, ExitCode.Done);
        }
    }

    private static void TellDone(Invocation invocation, int done, int all)
        => invocation.Terminal.Note($"{done} of {all} tokens are done already, according to the receipts.");

    private string ReceiptPath(Invocation invocation, string file, string operation)
        => invocation.Get(_receipts)
            ?? (file == "-"
            ? throw new CliException("When the tokens come from the standard input, name the receipts file: --receipts FILE.")
            : $"{file}.{operation}.receipts.jsonl");

    private async Task<int> WorkAsync(
        Invocation invocation,
        OpenConnection connection,
        string operation,
        IReadOnlyList<TokenReference> tokens,
        int all,
        ReceiptFile? receipts,
        Func<OpenConnection, TokenReference, CancellationToken, Task<(string Outcome, string? Remark)>> change)
    {
        if (tokens.Count < all)
            TellDone(invocation, all - tokens.Count, all);
        var statuses = new List<int>();
        var done = 0;
        var start = invocation.Clock.GetTimestamp();
        string Progress() => string.Create(
            CultureInfo.InvariantCulture,
            $"{operation}: {done} of {tokens.Count}, {done / Math.Max(0.001, invocation.Clock.GetElapsedTime(start).TotalSeconds):0.0} a " +
                $"second{(connection.RemainingCalls is { } left ? $", {left} calls left" : string.Empty)}");

        var changes = new ConcurrentQueue<UntoldChange>();
        async IAsyncEnumerable<ReceiptRow> Rows()
        {
            await foreach (
                var row in ChangeAllAsync(invocation, connection, operation, tokens, receipts, changes, change, invocation.Get(_parallel)))
            {
                done++;
                statuses.Add(row.IsDone ? ExitCode.Done : row.ExitCode);
                yield return row;
            }
        }

        await RowOutput.WriteAsync(
            invocation.Terminal, invocation.Format, Shapes.Receipts, Rows(), invocation.Clock, tokens.Count > 1 ? Progress : null);
        foreach (var told in changes)
            invocation.Untold.Told(told);
        var left = tokens.Count - done;
        if (left > 0)
        {
            invocation.Terminal.Warn($"Stopped: {left} tokens are left. The same command continues with them.");
            return done + all - tokens.Count > 0 ? ExitCode.Partial : ExitCode.Interrupted;
        }

        return ExitCode.Of([.. statuses.Where(status => status != ExitCode.Done)], statuses.Contains(ExitCode.Done), ExitCode.Done);
    }

    // No further token is started after Ctrl-C, or if the rows or receipts can't be written. Tokens in progress are finished, so that their
    // outcome is known.
    private static async IAsyncEnumerable<ReceiptRow> ChangeAllAsync(
        Invocation invocation,
        OpenConnection connection,
        string operation,
        IReadOnlyList<TokenReference> tokens,
        ReceiptFile? receipts,
        ConcurrentQueue<UntoldChange> changes,
        Func<OpenConnection, TokenReference, CancellationToken, Task<(string Outcome, string? Remark)>> change,
        int parallel,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var rows = Channel.CreateUnbounded<ReceiptRow>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(invocation.Cancellation);
        var work = Parallel.ForEachAsync(tokens,
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = CancellationToken.None }, async (token, _) =>
        {
            if (stop.IsCancellationRequested)
                return;
            var name = receipts?.NameOf(token) ?? ReceiptFile.NameOf(token, key);
            using var untold = invocation.Untold.Begin($"Token {name}, {operation} ({connection.Vendor} connection '{connection.Name}')");
            var row = await ChangeOneAsync(invocation, connection, operation, token, name, change);
            if (row.IsDone || row.ExitCode == ExitCode.OutcomeUnknown)
                untold.Happened($"Token {row.Token}, {operation}: {row.Outcome} ({connection.Vendor} connection '{connection.Name}').");
            if (receipts?.TryAdd(row) is { } failure)
            {
                if (!stop.IsCancellationRequested)
                    invocation.Terminal.Fail(failure);
                await stop.CancelAsync();
            }
            else if (!untold.IsUnderWay)
            {
                changes.Enqueue(untold);
            }

            await rows.Writer.WriteAsync(row, CancellationToken.None);
        }).ContinueWith(done => rows.Writer.TryComplete(done.Exception?.InnerException), CancellationToken.None,
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
    }

    private static async Task<ReceiptRow> ChangeOneAsync(
        Invocation invocation,
        OpenConnection connection,
        string operation,
        TokenReference token,
        string name,
        Func<OpenConnection, TokenReference, CancellationToken, Task<(string Outcome, string? Remark)>> change)
    {
        var row = new ReceiptRow { At = invocation.Now, Vendor = connection.Vendor, Connection = connection.Name, Operation = operation,
            Token = name, Outcome = "failed" };
        try
        {
            var (outcome, remark) = await change(connection, token, CancellationToken.None);
            return row with { At = invocation.Now, Outcome = outcome, Message = remark };
        }
        catch (TokenNotFoundException failure)
        {
            return row with { At = invocation.Now, Outcome = "notFound", Message = failure.Message };
        }
        catch (Exception failure) when (failure is TokenClientException or CliException or ArgumentException)
        {
            return row with { At = invocation.Now, Outcome = ExitCode.Of(failure) == ExitCode.OutcomeUnknown ? "unknown" : "failed",
                Message = failure.Message, ExitCode = ExitCode.Of(failure) };
        }
    }
}
