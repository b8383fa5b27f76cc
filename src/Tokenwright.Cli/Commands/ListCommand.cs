using System.CommandLine;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>list</c>, which prints the tokens of all connections.</summary>
internal static class ListCommand
{
    private static readonly Option<string?> Owner = new(
        "--owner") { Description = "Only tokens of this owner, by the vendor's id, if the vendor has such a filter.", HelpName = "id" };
    private static readonly Option<bool> Own =
        new("--own") { Description = "Only the caller's own tokens, if the vendor has such a filter." };
    private static readonly Option<string?> Role =
        new("--role") { Description = "Only tokens with this role, if the vendor has such a filter.", HelpName = "role" };
    private static readonly Option<string?> UnusedSince = new("--unused-since")
        { Description = "Only tokens that were certainly not used since: 90d, or a time, if the vendor reports uses.", HelpName = "time" };
    private static readonly Option<string?> ExpiresBefore = new("--expires-before") { Description =
        "Only tokens that expire before: 14d from now, or a time. Tokens whose expiry can't be read are shown too.", HelpName = "time" };
    private static readonly Option<string?> Name =
        new("--name") { Description = "Only tokens with this name; * stands for any text.", HelpName = "name" };
    private static readonly Option<string?> State =
        new("--state") { Description = "Only tokens in this state: active, expired, deactivated, revoked, unknown.", HelpName = "state" };
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
            Owner, Own, Role, UnusedSince, ExpiresBefore, Name, State, PageSize,
        };
        return command.With(Shapes.Tokens).Does(RunAsync);
    }

    private static async Task<int> RunAsync(Invocation invocation)
    {
        var list = Lister(invocation);
        var sweep = new TokenSweep(await invocation.OpenAllAsync(), invocation.Clock, invocation.Invalid);
        var filter = Filter(invocation);
        var count = 0;
        var rows = sweep.ReadAsync(list, invocation.Cancellation).Where(read => filter(read.Token)).Select(read =>
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

    // Returns null without a query, so that vendors without a list can show the connection's own token.
    private static Func<OpenConnection, IAsyncEnumerable<ApiToken>?>? Lister(Invocation invocation)
    {
        var query = new TokenQuery { OwnerId = invocation.Get(Owner), OwnOnly = invocation.Get(Own),
            Role = invocation.Get(Role) is { } role ? new TokenRole(role) : null, PageSize = invocation.Get(PageSize) };
        if (invocation.Get(UnusedSince) is { } text)
        {
            var since = Durations.Instant("--unused-since", text, invocation.Now, isAhead: false);
            return connection => connection.Client.ListUnusedSinceAsync(since, query, invocation.Cancellation);
        }

        return query.Filters == TokenQueryFilters.None ? null : connection => connection.Client.ListAsync(query, invocation.Cancellation);
    }

    private static Func<ApiToken, bool> Filter(Invocation invocation)
    {
        var before = invocation.Get(ExpiresBefore) is { } text
            ? Durations.Instant("--expires-before", text, invocation.Now, isAhead: true) : (DateTimeOffset?)null;
        var name = invocation.Get(Name);
        var state = invocation.Get(State) is { } word ? StateOf(word) : (TokenState?)null;
        return token => (before is null || token.ExpiresAt < before || token.Unreadable.HasFlag(TokenFields.Expiry))
            && (name is null || System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(name, token.Name, ignoreCase: false))
            && (state is null || token.State == state);
    }

    private static TokenState StateOf(string word)
    {
        TokenState[] known = [TokenState.Active, TokenState.Expired, TokenState.Deactivated, TokenState.Revoked, TokenState.Unknown];
        var words = known.Select(state => state.ToString()).ToList();
        if (words.Contains(word, StringComparer.OrdinalIgnoreCase))
            return new TokenState(word);
        var near = Suggestion.For(word, words) is { } meant ? $" Did you mean {meant}?" : string.Empty;
        throw new CliException($"--state must be {string.Join(", ", words.SkipLast(1))} or {words[^1]}, not '{word}'.{near}");
    }
}
