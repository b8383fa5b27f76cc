using System.CommandLine;
using System.IO.Enumeration;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides the options that select tokens of a list.</summary>
internal sealed class TokenFilter
{
    private readonly Option<string?> _owner = new(
        "--owner") { Description = "Only tokens of this owner, by the vendor's id, if the vendor has such a filter.", HelpName = "id" };
    private readonly Option<bool> _own =
        new("--own") { Description = "Only the caller's own tokens, if the vendor has such a filter." };
    private readonly Option<string?> _role =
        new("--role") { Description = "Only tokens with this role, if the vendor has such a filter.", HelpName = "role" };
    private readonly Option<string?> _unusedSince = new("--unused-since")
        { Description = "Only tokens that were certainly not used since: 90d, or a time, if the vendor reports uses.", HelpName = "time" };
    private readonly Option<string?> _expiresBefore;
    private readonly Option<string?> _name =
        new("--name") { Description = "Only tokens with this name; * stands for any text.", HelpName = "name" };
    private readonly Option<string?> _state =
        new("--state") { Description = "Only tokens in this state: active, expired, deactivated, revoked, unknown.", HelpName = "state" };
    private readonly bool _isForChange;

    /// <summary>Creates the options.</summary>
    /// <param name="isForChange">
    /// Whether the selected tokens are changed. A token whose expiry can't be read is shown, but never changed because of its expiry.
    /// </param>
    public TokenFilter(bool isForChange = false)
    {
        _isForChange = isForChange;
        _expiresBefore = new("--expires-before")
        {
            Description = "Only tokens that expire before: 14d from now, or a time." +
                (isForChange ? string.Empty : " Tokens whose expiry can't be read are shown too."),
            HelpName = "time",
        };
    }

    private IReadOnlyList<Option> Options => [_owner, _own, _role, _unusedSince, _expiresBefore, _name, _state];

    public void AddTo(Command command)
    {
        foreach (var option in Options)
            command.Options.Add(option);
    }

    /// <summary>Determines whether one of the options is given.</summary>
    public bool IsGiven(Invocation invocation) => Options.Any(option => invocation.Parsed.GetResult(option) is { Implicit: false });

    /// <summary>Returns how the tokens of a connection are listed; null if the vendor doesn't have to filter them.</summary>
    /// <param name="invocation">The invocation.</param>
    /// <param name="query">The query to add the filters to.</param>
    public Func<OpenConnection, IAsyncEnumerable<ApiToken>?>? Lister(Invocation invocation, TokenQuery? query = null)
    {
        query = (query ?? new TokenQuery()) with { OwnerId = invocation.Get(_owner), OwnOnly = invocation.Get(_own),
            Role = invocation.Get(_role) is { } role ? new TokenRole(role) : null };
        if (invocation.Get(_unusedSince) is { } text)
        {
            var since = Durations.Instant("--unused-since", text, invocation.Now, isAhead: false);
            return connection => connection.Client.ListUnusedSinceAsync(since, query, invocation.Cancellation);
        }

        return query.Filters == TokenQueryFilters.None && !query.IncludeRaw
            ? null : connection => connection.Client.ListAsync(query, invocation.Cancellation);
    }

    /// <summary>Returns a function that determines whether a listed token is selected.</summary>
    public Func<ApiToken, bool> Selector(Invocation invocation)
    {
        var before = invocation.Get(_expiresBefore) is { } text
            ? Durations.Instant("--expires-before", text, invocation.Now, isAhead: true) : (DateTimeOffset?)null;
        var name = invocation.Get(_name);
        var state = invocation.Get(_state) is { } word ? StateOf(word) : (TokenState?)null;
        return token =>
            (before is null || token.ExpiresAt < before || (!_isForChange && token.Unreadable.HasFlag(TokenFields.Expiry)))
            && (name is null || FileSystemName.MatchesSimpleExpression(name, token.Name, ignoreCase: false))
            && (state is null || token.State == state);
    }

    private static TokenState StateOf(string word)
    {
        TokenState[] known = [TokenState.Active, TokenState.Expired, TokenState.Deactivated, TokenState.Revoked, TokenState.Unknown];
        var words = known.Select(state => state.ToString()).ToList();
        if (words.Contains(word, StringComparer.OrdinalIgnoreCase))
            return new TokenState(word);
        throw new CliException($"--state must be {string.Join(", ", words.SkipLast(1))} or {words[^1]}, not '{word}'." +
            Suggestion.Sentence(word, words));
    }
}
