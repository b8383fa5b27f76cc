using System.CommandLine;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>list</c>, which prints the tokens of all connections.</summary>
internal static class ListCommand
{
    private static readonly TokenFilter Filter = new();
    private static readonly Option<int?> PageSize =
        new("--page-size") { Description = "The number of tokens on a page, if the vendor's list has pages.", HelpName = "number" };

    public static Command Create()
    {
        var command = new Command(
            "list",
            """
            Lists the tokens of all connections, sorted by connection, name and id.
            A failing connection doesn't delay the others. It is reported at the end, with exit status 3.
            For a vendor without a list, the connection's own token is shown.

            Examples:
              tokenwright list
              tokenwright list --vendor SailPoint --unused-since 90d
              tokenwright list --expires-before 14d -o csv > expiring.csv
            """)
        {
            PageSize,
        };
        Filter.AddTo(command);
        return command.With(Shapes.Tokens).Does(RunAsync);
    }

    private static async Task<int> RunAsync(Invocation invocation)
    {
        if (invocation.Get(PageSize) is < 1)
            throw new CliException("--page-size must be 1 or more.");
        var list = Filter.Lister(invocation, new TokenQuery { PageSize = invocation.Get(PageSize) });
        var sweep = new TokenSweep(await invocation.OpenAllAsync(), invocation.Clock, invocation.Invalid);
        var isSelected = Filter.Selector(invocation);
        var count = 0;
        var rows = sweep.ReadAsync(list, invocation.Cancellation).Where(read => isSelected(read.Token)).Select(read =>
        {
            count++;
            return TokenRow.Of(read.Token);
        });
        await RowOutput.WriteAsync(
            invocation.Terminal, invocation.Format, invocation.Chosen(Shapes.Tokens), rows, invocation.Clock, sweep.Progress,
            () => sweep.Failures);
        if (count == 0 && sweep.Succeeded > 0)
            invocation.Terminal.Note("No token was found.");
        return Conclude(invocation, sweep, ExitCode.Done);
    }

    /// <summary>Prints the notes about the connections that were read, and the failures.</summary>
    /// <returns>The exit status.</returns>
    public static int Conclude(Invocation invocation, TokenSweep sweep, int otherwise)
    {
        foreach (var note in sweep.Notes)
            invocation.Terminal.Note(note);
        foreach (var failure in sweep.Failures)
            invocation.Terminal.Fail(failure.Message);
        return ExitCode.Of([.. sweep.Failures.Select(failure => failure.ExitCode)], sweep.Succeeded > 0, otherwise);
    }
}
