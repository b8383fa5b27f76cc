using System.CommandLine;
using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Changes;

/// <summary>Provides what all changes share: the confirmation, the dry run, and the report of an unknown outcome.</summary>
internal static class ChangeRun
{
    public static Option<bool> DryRunOption { get; } =
        new("--dry-run", "-n") { Description = "Show the calls, but don't send those that change something." };

    /// <summary>Adds the options of a change.</summary>
    public static void AddTo(Command command)
    {
        command.Options.Add(Confirmation.Yes);
        command.Options.Add(DryRunOption);
    }

    /// <summary>Opens the connection, asks for confirmation and makes one change. In a dry run, shows the calls instead.</summary>
    /// <param name="invocation">The invocation.</param>
    /// <param name="operation">The operation, to report first whether the vendor supports it.</param>
    /// <param name="secrets">The secrets of the change, besides those of the connection.</param>
    /// <param name="reference">The token to change; null if one is created.</param>
    /// <param name="describe">Returns what will be done as a sentence, from the connection and the description of the token.</param>
    /// <param name="change">Makes the change and returns the exit status.</param>
    public static async Task<int> RunAsync(
        Invocation invocation,
        TokenOperation operation,
        IReadOnlyList<TokenSecret> secrets,
        TokenReference? reference,
        Func<OpenConnection, string, string> describe,
        Func<OpenConnection, CancellationToken, Task<int>> change)
    {
        var dryRuns = new DryRuns(invocation);
        var connection = await invocation.OpenOneAsync(dryRuns.Wrap);
        Require(connection, operation);
        await dryRuns.RedactAsync([connection], secrets);
        var (token, effect) = (string.Empty, (string?)null);
        if (reference is not null)
        {
            var found = await TokenLookup.ReadOneAsync(connection, reference, invocation.Cancellation);
            effect = await OwnCredential.CheckAsync(invocation, operation, found);
            token = Describe(found, invocation.Now);
        }

        string[] steps = [describe(connection, token), .. effect is null ? Array.Empty<string>() : [effect]];
        if (!dryRuns.IsDryRun)
        {
            await Confirmation.AskAsync(invocation, steps);
            return await change(connection, invocation.Cancellation);
        }

        await dryRuns[connection].RunAsync(cancellationToken => change(connection, cancellationToken), invocation.Cancellation);
        await WriteAsync(invocation, steps, dryRuns.Calls);
        return ExitCode.Done;
    }

    /// <summary>Describes a token and its connection, so that the user sees which token will change.</summary>
    public static string Describe(TokenToChange token, DateTimeOffset now)
        => $"token {token.Describe(now)} ({token.Connection.Vendor} connection '{token.Connection.Name}')";

    /// <summary>Writes what the real run would do, and the calls of the dry run.</summary>
    public static async Task WriteAsync(
        Invocation invocation, IEnumerable<string> steps, IEnumerable<CallRow> calls, IReadOnlyList<FailureRow>? failures = null)
    {
        foreach (var step in steps)
            invocation.Terminal.Note(step);
        var all = calls.ToList();
        await invocation.WriteAsync(Shapes.Calls, all, failures);
        invocation.Terminal.Note("A dry run: nothing was changed." +
            (all.Exists(call => !call.Sent) ? " What follows the omitted call depends on its response." : null));
    }

    /// <summary>Reports whether the vendor supports the operation before anything is sent.</summary>
    /// <exception cref="CliException">The vendor doesn't support it.</exception>
    public static void Require(OpenConnection connection, TokenOperation operation)
    {
        if (!connection.Can(operation))
            throw new CliException(string.Join(' ', new[] { $"{connection.Vendor} connection '{connection.Name}':",
                connection.Capabilities[operation].Remark, connection.Capabilities[operation].Alternative }.OfType<string>()));
    }

    /// <summary>Writes what is known about a change with an unknown outcome, and the command that resolves it.</summary>
    public static void TellUnknown(
        Invocation invocation, OpenConnection connection, Exception failure, Func<TokenOutcomeUnknownException, string?> resolve)
    {
        var unknown = failure as TokenOutcomeUnknownException
            ?? (failure as OperationCanceledException)?.InnerException as TokenOutcomeUnknownException;
        if (unknown is null)
            return;
        var terminal = invocation.Terminal;
        terminal.Fail(unknown.Message);
        if (unknown.OrphanExpiresAt is { } until)
            terminal.Warn($"An orphaned token may exist until {Shapes.Iso(until)}.");
        foreach (var orphan in unknown.Orphans)
            terminal.Warn(
                $"It may have created token {orphan.Id} " +
                $"'{orphan.Name}'{(unknown.IsOrphanRevoked ? ", which has been revoked" : string.Empty)}.");
        if (!unknown.IsOrphanRevoked && unknown.Orphans.Count == 1 && unknown.Orphans[0].Id is { } id)
            terminal.Warn($"To revoke it: tokenwright revoke {ShellText.Quoted(id)} -c {ShellText.Quoted(connection.Name)}");
        if (resolve(unknown) is { } command)
            terminal.Warn($"To find out: {command}");
    }
}
