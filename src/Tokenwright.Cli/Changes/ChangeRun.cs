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

    /// <summary>Opens the connection, asks for confirmation and makes the change. In a dry run, shows the calls instead.</summary>
    /// <param name="invocation">The invocation.</param>
    /// <param name="operation">The operation, to report first whether the vendor supports it.</param>
    /// <param name="secrets">The secrets of the change, besides those of the connection.</param>
    /// <param name="describe">Returns what will be done, as one sentence for each token.</param>
    /// <param name="change">Makes the change and returns the exit status.</param>
    /// <param name="showAll">Makes the parts of the change in a dry run and returns the exit status; null for a change of one part.</param>
    public static async Task<int> RunAsync(
        Invocation invocation,
        TokenOperation operation,
        IReadOnlyList<TokenSecret> secrets,
        Func<OpenConnection, CancellationToken, Task<IReadOnlyList<string>>> describe,
        Func<OpenConnection, CancellationToken, Task<int>> change,
        Func<OpenConnection, DryRun, Task<int>>? showAll = null)
    {
        if (!invocation.Get(DryRunOption))
        {
            var connection = await invocation.OpenOneAsync();
            Require(connection, operation);
            await Confirmation.AskAsync(invocation, await describe(connection, invocation.Cancellation));
            return await change(connection, invocation.Cancellation);
        }

        DryRun? dryRun = null;
        var open = await invocation.OpenOneAsync((definition, inner) => dryRun = new DryRun(definition, inner));
        Require(open, operation);
        dryRun!.Secrets = [.. secrets, .. await open.ReadSecretsAsync(invocation.Cancellation)];
        var status = ExitCode.Done;
        if (showAll is null)
            await dryRun.RunAsync(cancellationToken => change(open, cancellationToken), invocation.Cancellation);
        else
            status = await showAll(open, dryRun);
        await invocation.WriteAsync(Shapes.Calls, dryRun.Calls);
        invocation.Terminal.Note("A dry run: nothing was changed. What follows the omitted call depends on its response.");
        return status;
    }

    private static void Require(OpenConnection connection, TokenOperation operation)
    {
        if (!connection.Can(operation))
            throw new CliException(string.Join(' ', new[] { $"{connection.Vendor} connection '{connection.Name}':",
                connection.Capabilities[operation].Remark, connection.Capabilities[operation].Alternative }.OfType<string>()));
    }

    /// <summary>Describes a token as far as possible without a secret, so that the user sees which token will change.</summary>
    public static async Task<string> DescribeAsync(
        OpenConnection connection, TokenReference reference, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var place = $"{connection.Vendor} connection '{connection.Name}'";
        if (!connection.Capabilities[TokenOperation.Get].References.HasFlag(reference.Kind))
            return $"token {reference} ({place})";
        var token = await connection.Client.GetAsync(reference, cancellationToken);
        var time = new TimeText(now, isWide: true);
        string?[] facts =
        [
            token.Name is { } name ? $"'{name}'" : token.Description is { } description ? $"'{description}'" : null,
            token.Owner is { } owner ? $"of {owner}" : null,
            token.LastUsedAt is { } used ? $"last used {time.Tell(used)}" : null,
            token.State.ToString(),
        ];
        return $"token {reference} {string.Join(", ", facts.OfType<string>())} ({place})";
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
