using System.CommandLine;
using Tokenwright.Cli.Audit;
using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Changes;

/// <summary>
/// Changes one token or many: those that the user names, those of a file, or those that filters select. It continues after failures. With a
/// file, it writes a receipt for each token, and can be stopped and resumed.
/// </summary>
internal sealed class BulkChange
{
    private const int MostShown = 20;

    private readonly Option<string?> _fromFile =
        new("--from-file") { Description = "A file with one token id on each line; - for the standard input.", HelpName = "file" };
    private readonly Option<bool> _areSecrets = new("--secrets") { Description = "The lines of --from-file are secrets, not ids." };
    private readonly Option<string?> _receipts = new("--receipts")
        { Description = "The receipts file, which also says which tokens are done; by default next to --from-file.", HelpName = "file" };
    private readonly Option<string[]> _rules =
        new("--rule") { Description = "Only tokens with a finding of one of these audit rules, by id.", HelpName = "id" };
    private readonly Option<int> _parallel = new("--parallel")
        { Description = "How many tokens to change at a time; the default is 4.", HelpName = "number", DefaultValueFactory = _ => 4 };
    private readonly TokenChoice _choice = new(takesMany: true);
    private readonly TokenFilter _filter = new(isForChange: true);
    private readonly TokenOperation _operation;
    private readonly string _verb;
    private readonly Func<Invocation, TokenChange> _changeOf;
    private readonly bool _hasFilters;

    /// <summary>Creates the options.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="verb">The word before the tokens, for example "Revoke".</param>
    /// <param name="changeOf">Returns the change that the command's own options ask for.</param>
    /// <param name="hasFilters">Whether filters can select the tokens.</param>
    public BulkChange(TokenOperation operation, string verb, Func<Invocation, TokenChange> changeOf, bool hasFilters = true)
    {
        (_operation, _verb, _changeOf, _hasFilters) = (operation, verb, changeOf, hasFilters);
        _rules.CompletionSources.Add([.. AuditRule.All.Select(rule => rule.Id)]);
    }

    /// <summary>Adds the arguments and options.</summary>
    public void AddTo(Command command)
    {
        _choice.AddTo(command);
        foreach (var option in new Option[] { _fromFile, _areSecrets, _receipts })
            command.Options.Add(option);
        if (_hasFilters)
        {
            command.Options.Add(_rules);
            _filter.AddTo(command);
        }

        foreach (var option in new Option[] { AuditCommand.Policy, _parallel, OwnCredential.Allow })
            command.Options.Add(option);
        if (_hasFilters)
            command.Options.Add(Confirmation.Count);
        ChangeRun.AddTo(command);
    }

    /// <summary>Determines whether the command line can mean more than one token.</summary>
    public bool IsOfMany(Invocation invocation) => invocation.Get(_fromFile) is not null || _choice.IsOfMany(invocation);

    /// <summary>Reads the reference to the only token, for a command that treats one token in another way than many.</summary>
    /// <exception cref="CliException">No token is identified, or an option is set that goes with many tokens.</exception>
    public Task<TokenReference> ReadOneAsync(Invocation invocation)
    {
        CheckFileOptions(invocation);
        return _choice.ReadAsync(invocation);
    }

    /// <summary>Runs the change.</summary>
    public async Task<int> RunAsync(Invocation invocation)
    {
        var file = invocation.Get(_fromFile);
        var isFiltered = _hasFilters && (_filter.IsGiven(invocation) || invocation.Get(_rules) is { Length: > 0 });
        switch ((file is not null, _choice.IsGiven(invocation), isFiltered))
        {
            case (false, false, false):
                throw new CliException(
                    $"Name the token: its id, --key, --secret or --self; or many with --from-file{(_hasFilters ? " or a filter" : null)}.");
            case (true, false, false) or (false, true, false) or (false, false, true):
                break;
            default:
                throw new CliException($"Name tokens{(_hasFilters ? ", a file with --from-file, or a filter; only one of these."
                    : " or a file with --from-file, not both.")}");
        }

        CheckFileOptions(invocation);
        if (_hasFilters && !isFiltered && invocation.Get(Confirmation.Count) is not null)
            throw new CliException("--count goes with a filter.");
        if (invocation.Get(_parallel) is < 1 or > 64)
            throw new CliException("--parallel must be a number from 1 to 64.");
        var change = _changeOf(invocation);
        return isFiltered ? await RunSelectedAsync(invocation, change) : await RunNamedAsync(invocation, change, file);
    }

    private void CheckFileOptions(Invocation invocation)
    {
        if (invocation.Get(_fromFile) is null && (invocation.Get(_areSecrets) || invocation.Get(_receipts) is not null))
            throw new CliException("--secrets and --receipts go with --from-file.");
    }

    private async Task<int> RunNamedAsync(Invocation invocation, TokenChange change, string? file)
    {
        var operation = Shapes.Word(_operation);
        var references = file is null ? await _choice.ReadAllAsync(invocation) : TokenList.Read(file, invocation.Get(_areSecrets));
        var policy = AuditCommand.ReadPolicy(invocation);
        var dryRuns = new DryRuns(invocation);
        var connection = await invocation.OpenOneAsync(dryRuns.Wrap);
        ChangeRun.Require(connection, _operation);
        WarnOfUnknown(invocation, policy);
        await dryRuns.RedactAsync([connection], [.. references.Select(reference => reference.Secret).OfType<TokenSecret>()]);
        var path = file is null ? null : ReceiptPath(invocation, file, operation);
        var isDone = path is null ? _ => false : ReceiptFile.ReadDone(path, operation, change.Values, connection);
        IReadOnlyList<TokenReference> left = [.. references.Where(reference => !isDone(reference))];
        if (left.Count < references.Count)
            invocation.Terminal.Note(
                $"{references.Count - left.Count} of {references.Count} tokens are done already, according to the receipts.");

        IReadOnlyList<TokenToChange> tokens;
        IReadOnlyList<string> steps;
        if (file is null && left is [var single])
        {
            var token = await TokenLookup.ReadOneAsync(connection, single, invocation.Cancellation);
            var effect = await OwnCredential.CheckAsync(invocation, _operation, token);
            tokens = [token];
            steps = [$"{_verb} {ChangeRun.Describe(token, invocation.Now)}.", .. effect is null ? Array.Empty<string>() : [effect]];
        }
        else
        {
            tokens = await TokenLookup.CheckAsync(invocation, _operation,
                await TokenLookup.ReadAsync(connection, left, policy, invocation.Cancellation), policy);
            steps = Steps(invocation, tokens, change);
        }

        var work = new BulkWork(invocation, operation, invocation.Get(_parallel), change);
        if (dryRuns.IsDryRun)
            return await ShowAsync(invocation, dryRuns, change, tokens, steps, []);
        if (tokens.Any(token => token.Refusal is null))
            await Confirmation.AskAsync(invocation, steps);
        using var receipts = path is null ? null : ReceiptFile.Open(path, operation, change.Values, connection);
        tokens = [.. tokens.Where(token => receipts?.IsDone(token.Reference) != true)];
        await work.RunAsync(tokens, receipts);
        if (tokens.Count - work.Processed is > 0 and var rest)
        {
            invocation.Terminal.Warn($"Stopped: {Left(rest)}.{(file is null ? null : " The same command continues with them.")}");
            return references.Count > rest ? ExitCode.Partial : ExitCode.Interrupted;
        }

        return ExitCode.Of(work.Failures, work.Failures.Count < tokens.Count, ExitCode.Done);
    }

    private async Task<int> RunSelectedAsync(Invocation invocation, TokenChange change)
    {
        var policy = AuditCommand.ReadPolicy(invocation);
        var rules = Rules(invocation);
        var dryRuns = new DryRuns(invocation);
        var all = await invocation.OpenAllAsync(dryRuns.Wrap);
        var connections = all.Where(connection => CannotSelect(connection) is null).ToList();
        var notes = all.Select(CannotSelect).OfType<string>().ToList();
        if (connections.Count == 0)
            throw new CliException(string.Join('\n', notes));
        notes.ForEach(invocation.Terminal.Note);
        WarnOfUnknown(invocation, policy);
        await dryRuns.RedactAsync(connections, []);

        var sweep = new TokenSweep(connections, invocation.Clock, invocation.Invalid);
        var selected = await SelectAsync(invocation, sweep, rules, new Auditor(policy, invocation.Now));
        foreach (var failure in sweep.Failures)
            invocation.Terminal.Fail(failure.Message);
        var unread = sweep.Failures.Select(failure => failure.ExitCode).ToList();
        var tokens = new List<TokenToChange>();
        foreach (var group in selected.GroupBy(token => token.Connection))
        {
            try
            {
                tokens.AddRange(await TokenLookup.CheckAsync(invocation, _operation, [.. group], policy));
            }
            catch (TokenClientException failure)
            {
                invocation.Terminal.Fail(failure.Message);
                unread.Add(ExitCode.Of(failure));
            }
        }

        foreach (var token in tokens.Where(token => token.Refusal is not null))
            invocation.Terminal.Warn($"Left out: {ChangeRun.Describe(token, invocation.Now)}. {token.Refusal}");
        unread.AddRange(tokens.Select(token => token.RefusalStatus).Where(status => status != ExitCode.Usage));
        var leftOut = tokens.RemoveAll(token => token.Refusal is not null);
        if (tokens.Count == 0)
            invocation.Terminal.Note("No token was selected.");

        Confirmation.CheckCount(invocation, tokens.Count);
        if (dryRuns.IsDryRun)
            return await ShowAsync(invocation, dryRuns, change, tokens, Steps(invocation, tokens, change), unread);
        var work = new BulkWork(invocation, Shapes.Word(_operation), invocation.Get(_parallel), change);
        if (tokens.Count > 0)
        {
            await Confirmation.AskCountAsync(invocation, Steps(invocation, tokens, change), tokens.Count);
            await work.RunAsync(tokens, receipts: null);
        }

        if (tokens.Count - work.Processed is > 0 and var rest)
        {
            invocation.Terminal.Warn($"Stopped: {Left(rest)}.");
            return work.Processed > 0 ? ExitCode.Partial : ExitCode.Interrupted;
        }

        var isAnyDone = work.Failures.Count < work.Processed || (sweep.Succeeded > 0 && tokens.Count + leftOut == 0);
        return ExitCode.Of([.. unread, .. work.Failures], isAnyDone, ExitCode.Done);
    }

    // A wrong name protects nothing. It is no error, because several machines can share a policy.
    private static void WarnOfUnknown(Invocation invocation, AuditPolicy policy)
    {
        foreach (var entry in policy.Protected.Where(entry => entry.Connection is { } name && !invocation.IsKnown(name)))
            invocation.Terminal.Warn($"The policy protects tokens of connection '{entry.Connection}', which is not configured.");
    }

    private string? CannotSelect(OpenConnection connection)
    {
        var place = $"{connection.Vendor} connection '{connection.Name}'";
        return !connection.Can(_operation) || !connection.Capabilities[_operation].References.HasFlag(TokenReferenceKinds.Id)
            ? $"{place}: no token was selected. {connection.Capabilities[_operation].Remark}"
            : !connection.Can(TokenOperation.List)
            ? $"{place}: no token was selected. {connection.Capabilities[TokenOperation.List].Remark}" : null;
    }

    private string[] Rules(Invocation invocation)
    {
        var ids = invocation.Get(_rules) ?? [];
        foreach (var id in ids)
        {
            if (AuditCommand.RuleOf(id) is var rule && (rule == AuditRule.Duplicate || rule == AuditRule.Quota))
                throw new CliException(
                    $"{rule.Id} is a rule about several tokens, and doesn't say which of them to change. Name the tokens by their ids.");
        }

        return ids;
    }

    private async Task<IReadOnlyList<TokenToChange>> SelectAsync(
        Invocation invocation, TokenSweep sweep, string[] rules, Auditor auditor)
    {
        // Some rights appear only in the vendors' own models.
        var list = _filter.Lister(invocation, new TokenQuery { IncludeRaw = rules.Length > 0 });
        var isSelected = _filter.Selector(invocation);
        var tokens = new List<TokenToChange>();
        await using var progress = RowOutput.Progress(invocation.Terminal, sweep.Progress, invocation.Clock);
        await foreach (var (connection, token) in sweep.ReadAsync(list, invocation.Cancellation))
        {
            if (token.Id is not null && isSelected(token) && (rules.Length == 0 || auditor.Judge(token, connection.Capabilities)
                .Any(finding => finding.Counts && rules.Contains(finding.RuleId, StringComparer.OrdinalIgnoreCase))))
                tokens.Add(new TokenToChange(connection, TokenReference.ById(token.Id)) { Record = token });
        }

        return [.. tokens.OrderBy(token => token.Connection.Name, StringComparer.Ordinal)
            .ThenBy(token => token.Record!.Name, StringComparer.Ordinal).ThenBy(token => token.Record!.Id, StringComparer.Ordinal)];
    }

    private List<string> Steps(Invocation invocation, IReadOnlyList<TokenToChange> tokens, TokenChange change)
    {
        var changed = tokens.Where(token => token.Refusal is null).ToList();
        var refused = tokens.Where(token => token.Refusal is not null).ToList();
        var names = tokens.Select(token => token.Connection).Distinct().ToList();
        var place = names is [var only] ? $"{only.Vendor} connection '{only.Name}'" : $"{names.Count} connections";
        var steps = new List<string>();
        if (changed.Count > 0)
            steps.Add($"{_verb} {BulkWork.Count(changed.Count)} of {place}{(change.Values is { } values ? $" ({values})" : null)}:");
        Add(changed, token => $"{(names.Count == 1 ? null : $"{token.Connection.Name}: ")}{token.Describe(invocation.Now)}");
        steps.AddRange(changed.Select(token => token.Effect).OfType<string>().Distinct());
        if (refused.Count > 0)
            steps.Add($"{BulkWork.Count(refused.Count)} will not be changed:");
        Add(refused, token => $"{token.Describe(invocation.Now)}: {token.Refusal}");
        return steps;

        void Add(IReadOnlyList<TokenToChange> some, Func<TokenToChange, string> describe)
        {
            steps.AddRange(some.Take(MostShown).Select(token => $"  {describe(token)}"));
            if (some.Count > MostShown)
                steps.Add($"  … and {some.Count - MostShown} more");
        }
    }

    // A token that is gone is no failure in the real run either.
    private static async Task<int> ShowAsync(Invocation invocation, DryRuns dryRuns, TokenChange change,
        IReadOnlyList<TokenToChange> tokens, IReadOnlyList<string> steps, IReadOnlyList<int> unread)
    {
        var failures = tokens.Where(token => token.Refusal is not null).Select(token => token.RefusalStatus).ToList();
        var changed = tokens.Where(token => token.Refusal is null);
        var single = new List<TokenToChange>();
        foreach (var part in change.Parts(changed))
        {
            // The run ends at the first request of the change, so that what follows a refused request isn't shown.
            var isOfMany = change.IsOfMany(part[0].Connection);
            if (isOfMany)
            {
                await dryRuns[part[0].Connection].RunAsync(
                    async cancellationToken => isOfMany = await change.Many!(
                        part[0].Connection, [.. part.Select(token => token.Reference)], cancellationToken) is not null,
                    invocation.Cancellation);
            }

            if (!isOfMany)
                single.AddRange(part);
        }

        foreach (var token in single)
        {
            try
            {
                await dryRuns[token.Connection].RunAsync(
                    cancellationToken => change.One(token.Connection, token.Reference, cancellationToken), invocation.Cancellation);
            }
            catch (TokenNotFoundException failure) when (tokens.Count > 1)
            {
                invocation.Terminal.Note($"Token {token.Reference}: {failure.Message}");
            }
            catch (Exception failure) when (tokens.Count > 1 && failure is TokenClientException or CliException or ArgumentException)
            {
                invocation.Terminal.Fail($"Token {token.Reference}: {failure.Message}");
                failures.Add(ExitCode.Of(failure));
            }
        }

        await ChangeRun.WriteAsync(invocation, steps, dryRuns.Calls);
        return ExitCode.Of([.. unread, .. failures], failures.Count < tokens.Count, ExitCode.Done);
    }

    private static string Left(int number) => $"{BulkWork.Count(number)} {(number == 1 ? "is" : "are")} left";

    private string ReceiptPath(Invocation invocation, string file, string operation)
        => invocation.Get(_receipts)
            ?? (file == "-"
            ? throw new CliException("When the tokens come from the standard input, name the receipts file: --receipts FILE.")
            : $"{file}.{operation}.receipts.jsonl");
}
