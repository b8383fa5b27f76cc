using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>connections</c>, which lists, adds, tests and removes the accounts that the tool uses.</summary>
internal static partial class ConnectionsCommand
{
    private static readonly Argument<string> NameArgument = new("name") { Description = "The connection's name." };
    private static readonly Option<string[]> Setting =
        new("--setting", "-s") { Description = "A setting that is not a secret: BaseAddress=https://….", HelpName = "name=value" };

    public static Command Create()
    {
        var command = new Command("connections", "The accounts and tenants that the tool uses.");
        command.Subcommands.Add(List());
        command.Subcommands.Add(Login());
        command.Subcommands.Add(Add());
        command.Subcommands.Add(Test());
        command.Subcommands.Add(Remove());
        return command;
    }

    private static Command List()
        => new Command(
            "list",
            """
            Lists the connections with their sources and the sources of their secrets. It shows no secret and sends nothing.

            Example:
              tokenwright connections list
            """).With(Shapes.Connections).Does(async invocation =>
            {
                var open = await invocation.OpenAllAsync();
                await invocation.WriteAsync(
                    Shapes.Connections, open.Select(ConnectionRow.Of).Concat(invocation.Invalid.Select(ConnectionRow.Of)));
                return invocation.Invalid.Count > 0 ? ExitCode.Partial : ExitCode.Done;
            });

    private static Command Test()
        => new Command(
            "test",
            """
            Calls each vendor with the connection's credential, and shows whether that works, and whose token it is.
            It shows its owner, its expiry, its scopes and roles. What the vendor doesn't say is unknown, with the reason.
            Nothing is changed.

            Examples:
              tokenwright connections test
              tokenwright connections test -c identity
              tokenwright connections test --json connection,owner,expiresAt
            """).With(Shapes.Connections).Does(async invocation =>
            {
                var open = await invocation.OpenAllAsync();
                var statuses = new List<int>();
                await RowOutput.WriteAsync(invocation.Terminal, invocation.Format, invocation.Chosen(Shapes.Connections),
                    TestAll(open, statuses, invocation.Cancellation)
                        .Concat(invocation.Invalid.Select(ConnectionRow.Of).ToAsyncEnumerable()),
                    invocation.Clock, () => "Asking the vendors");
                statuses.AddRange(invocation.Invalid.Select(failure => failure.ExitCode));
                invocation.Cancellation.ThrowIfCancellationRequested();
                return ExitCode.Of([.. statuses.Where(status => status != ExitCode.Done)], statuses.Contains(ExitCode.Done), ExitCode.Done);
            });

    private static Command Remove()
    {
        var command = new Command(
            "remove",
            """
            Removes a connection from the connections file. Its tokens at the vendor don't change.

            Example:
              tokenwright connections remove storage
            """)
        {
            NameArgument, Confirmation.Yes,
        };
        return command.Does(async invocation =>
        {
            var name = invocation.Get(NameArgument)!;
            var path = PathOf(invocation);
            await Confirmation.AskAsync(
                invocation, [$"Remove connection '{name}' from the connections file; its tokens don't change."]);
            ConnectionsFile.Change(path, root =>
            {
                var vendor = ConnectionsFile.Child(root, ConnectionsReader.Root)
                    .FirstOrDefault(vendor => vendor.Value is JsonObject connections && connections.ContainsKey(name));
                if (vendor.Value is not JsonObject connections)
                    throw new CliException($"There is no connection '{name}' in {path}.");
                connections.Remove(name);
            });
            invocation.Terminal.Note($"Removed connection '{name}' from {path}.");
            return ExitCode.Done;
        });
    }

    private static async IAsyncEnumerable<ConnectionRow> TestAll(
        IReadOnlyList<OpenConnection> open, List<int> statuses, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var done in Task.WhenEach(open.Select(connection =>
            Task.Run(() => ConnectionTest.RunAsync(connection, cancellationToken), CancellationToken.None)))
            .WithCancellation(cancellationToken))
        {
            var (row, failure) = await done;
            statuses.Add(failure?.ExitCode ?? ExitCode.Done);
            yield return row;
        }
    }

    private static string PathOf(Invocation invocation) => invocation.Get(GlobalOptions.Config) ?? ToolPaths.Connections;
}
