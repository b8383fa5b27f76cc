using System.CommandLine;
using System.Globalization;
using Tokenwright.Cli.Audit;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Provides <c>audit</c>, which finds the tokens that are a risk and says what to do about them.</summary>
internal static class AuditCommand
{
    public static Option<string?> Policy { get; } = new("--policy") { Description =
        "The policy file. The default is policy.json in the tokenwright folder of $XDG_CONFIG_HOME, if it exists.", HelpName = "file" };
    private static readonly Option<Severity> FailOn =
        new Option<Severity>(
        "--fail-on") { Description = "The lowest severity that leads to exit status 1: low (the default), medium, high, none.",
        HelpName = "severity", DefaultValueFactory = _ => Severity.Low }.ByNameOnly();
    private static readonly Option<string[]> Rules = new("--rule") { Description = "Only these rules, by id.", HelpName = "id" };
    private static readonly Option<bool> ListRules = new("--list-rules") { Description = "Print the rules and exit." };
    private static readonly Option<string?> BaselineFile = new("--baseline") { Description =
        "The result of an earlier 'audit -o json'. Findings that it lacks are new.", HelpName = "file" };
    private static readonly Option<bool> NewOnly =
        new("--new") { Description = "Show and count only the findings that the baseline lacks." };
    private static readonly Option<string?> OnFinding = new("--on-finding") { Description =
        "Run this command once, if there are findings. Its standard input is the JSON document of -o json, with the findings that aren't " +
        "accepted; with --baseline, with the new ones.", HelpName = "command" };
    private static readonly Option<string?> LocatedAt = new("--sarif-path") { Description =
        "The file at which code-scanning pages show the findings, as a path from the root of the repository. The default is the " +
        "connections file.", HelpName = "path" };
    private static readonly Option<bool> WithAccepted =
        new("--sarif-accepted") { Description = "Include accepted findings in SARIF, as suppressed ones." };

    public static Command Create()
    {
        Rules.CompletionSources.Add([.. AuditRule.All.Select(rule => rule.Id)]);
        var command = new Command(
            "audit",
            """
            Reads the tokens of all connections and checks them against rules.
            The rules: expired, expiring, never expiring, unused, over-privileged, without owner, duplicate, disabled, quota nearly used up,
            unreadable, lifetime too long. Each finding has its reason and a remedy.
            What a vendor doesn't report is not checked. A reported value or record that can't be read is a finding.
            If the command of --on-finding fails, the audit warns, and exits with status 3.

            Examples:
              tokenwright audit
              tokenwright audit --fail-on high --policy policy.json
              tokenwright audit -o sarif > tokens.sarif          for code-scanning pages
              tokenwright audit -o json > baseline.json          what is known today; later, what is new:
              tokenwright audit --baseline baseline.json --new --on-finding ./tell-the-team
            """)
        {
            Policy, FailOn, Rules, ListRules, BaselineFile, NewOnly, OnFinding, LocatedAt, WithAccepted,
        };
        return command.With(Shapes.Findings).Does(RunAsync);
    }

    private static async Task<int> RunAsync(Invocation invocation)
    {
        if (invocation.Get(ListRules))
            return WriteRules(invocation);
        var isSarif = invocation.Format == OutputFormat.Sarif;
        if (!isSarif && (invocation.Get(LocatedAt) is not null || invocation.Get(WithAccepted)))
            throw new CliException("--sarif-path and --sarif-accepted need --output sarif.");
        if (invocation.Get(NewOnly) && invocation.Get(BaselineFile) is null)
            throw new CliException("--new needs --baseline: the result of an earlier 'tokenwright audit -o json'.");
        if (invocation.Get(OnFinding)?.Trim() is "")
            throw new CliException("--on-finding is empty; name a command.");
        var only = invocation.Get(Rules) ?? [];
        foreach (var id in only)
            RuleOf(id);
        var policy = ReadPolicy(invocation);
        var baseline = invocation.Get(BaselineFile) is { } file ? Baseline.Read(file) : null;
        var place = isSarif ? Place(invocation) : null;
        var connections = await invocation.OpenAllAsync();
        var sweep = new TokenSweep(connections, invocation.Clock, invocation.Invalid);
        var auditor = new Auditor(policy, invocation.Now);
        var tally = new Tally(invocation.Get(NewOnly) ? "new finding" : "finding");
        var findings = Judge(sweep, auditor, tally, invocation.Cancellation)
            .Where(finding => only.Length == 0 || only.Any(id => Is(finding.RuleId, id)))
            .Select(finding => baseline?.Mark(finding) ?? finding)
            .Where(finding => finding.IsNew == true || !invocation.Get(NewOnly)).Select(tally.Count);
        // The command gets the new findings even if the output is lost.
        var isTold = true;
        if (invocation.Get(OnFinding) is not null)
        {
            var all = await findings.ToListAsync(invocation.Cancellation);
            isTold = await TellAsync(invocation, [.. tally.Counted.Where(finding => finding.IsNew != false)], sweep.Failures);
            findings = all.ToAsyncEnumerable();
        }

        if (place is not null)
            SarifReport.Write(
                invocation.Terminal.Out,
                await RowOutput.InOrder(Shapes.Findings, findings.Where(finding => finding.Counts || invocation.Get(WithAccepted)))
                    .ToListAsync(invocation.Cancellation),
                sweep.Failures, policy, place);
        else
            await RowOutput.WriteAsync(
                invocation.Terminal, invocation.Format, invocation.Chosen(Shapes.Findings), findings, invocation.Clock, sweep.Progress,
                () => sweep.Failures);
        if (invocation.Format == OutputFormat.Table)
            tally.TellRemedies(invocation.Terminal);
        invocation.Terminal.Note(tally.Summary(sweep.Succeeded, connections.Count + invocation.Invalid.Count));
        if (baseline is not null)
            Compare(invocation, baseline, tally, known =>
                (only.Length == 0 || only.Any(id => Is(id, known.RuleId)))
                && AuditRule.All.FirstOrDefault(rule => Is(rule.Id, known.RuleId)) is { } rule
                && policy.SeverityOf(rule) != Severity.None
                && connections.FirstOrDefault(open => open.Vendor == known.Vendor && open.Name == known.Connection) is { } connection
                && !sweep.Failures.Any(failure => failure.Vendor == known.Vendor && failure.Connection == known.Connection)
                && auditor.HasSeen(known, connection.Can(TokenOperation.List)));
        var failOn = invocation.Get(FailOn);
        var status = ListCommand.Conclude(
            invocation, sweep, failOn != Severity.None && tally.Worst >= failOn ? ExitCode.Findings : ExitCode.Done);
        return isTold ? status : ExitCode.Partial;
    }

    /// <summary>Reads the policy that the user chose, or the one next to the connections file.</summary>
    public static AuditPolicy ReadPolicy(Invocation invocation)
    {
        var path = invocation.Get(Policy) ?? (File.Exists(ToolPaths.Policy) ? ToolPaths.Policy : null);
        if (path is null)
            return new AuditPolicy();
        var policy = AuditPolicy.Read(path);
        foreach (var exception in policy.Exceptions.Where(exception => exception.IsOver(invocation.Now)))
            invocation.Terminal.Warn(
                $"{exception.Source}:{exception.Line}: the exception from {exception.Rule} expired on " +
                $"{exception.Until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} and no longer applies.");
        return policy;
    }

    /// <summary>Gets the rule with an id.</summary>
    /// <exception cref="CliException">There is no such rule.</exception>
    public static AuditRule RuleOf(string id) => AuditRule.All.FirstOrDefault(rule => Is(rule.Id, id))
        ?? throw new CliException($"'{id}' is not a rule; known are {string.Join(", ", AuditRule.All.Select(rule => rule.Id))}.");

    private static string Place(Invocation invocation)
    {
        var place = SarifPath.Of(
            invocation.Get(LocatedAt), invocation.Get(GlobalOptions.Config) ?? ToolPaths.Connections, out var isInRepository);
        if (!isInRepository)
            invocation.Terminal.Note(
                $"No connections file is in this repository, so the findings are shown at '{place}'. Name a file of the repository with " +
                "--sarif-path.");
        return place;
    }

    private static void Compare(Invocation invocation, Baseline baseline, Tally tally, Func<KnownFinding, bool> isChecked)
    {
        if (baseline.Unread.Count > 0)
            invocation.Terminal.Warn(
                $"The audit of the baseline couldn't read {string.Join(", ", baseline.Unread)}: all findings there count as new.");
        var (done, unknown) = baseline.Missing(isChecked);
        var added = Tally.NumberOf(tally.Counted.Count(finding => finding.IsNew == true), "new finding");
        var rest = unknown == 0 ? "." : $", {Tally.NumberOf(unknown, "finding")} unknown, because not checked completely now.";
        invocation.Terminal.Note(string.Create(CultureInfo.InvariantCulture, $"Since the baseline: {added}, {done} fixed{rest}"));
    }

    private static async Task<bool> TellAsync(
        Invocation invocation, IReadOnlyList<FindingRow> findings, IReadOnlyList<FailureRow> failures)
        => invocation.Get(OnFinding) is not { } line || findings.Count == 0 || await FindingCommand.RunAsync(
            invocation.Terminal, line,
            input => RowOutput.WriteAsync(
                invocation.Terminal, OutputFormat.Json, Shapes.Findings, findings.ToAsyncEnumerable(), invocation.Clock,
                failures: () => failures, writer: input),
            invocation.Cancellation);

    private static async IAsyncEnumerable<FindingRow> Judge(
        TokenSweep sweep, Auditor auditor, Tally tally,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The vendors' own models are kept, because some rights appear only there.
        var query = new TokenQuery { IncludeRaw = true, IncludeUnreadable = true };
        await foreach (var (connection, token) in sweep.ReadAsync(connection => connection.Can(TokenOperation.List)
            ? connection.Client.ListAsync(query, cancellationToken) : null, cancellationToken))
        {
            if (!token.Unreadable.HasFlag(TokenFields.Record))
                tally.Tokens++;
            foreach (var finding in auditor.Judge(token, connection.Capabilities))
                yield return finding;
        }

        foreach (var finding in auditor.JudgeTogether())
            yield return finding;
        foreach (var finding in auditor.JudgeUnreadable([.. sweep.Failures.Where(failure => failure.IsUnreadable)]))
            yield return finding;
    }

    private static int WriteRules(Invocation invocation)
    {
        foreach (var rule in AuditRule.All)
            invocation.Terminal.Out.WriteLine(
                $"{rule.Id}  {rule.Name} ({Shapes.Word(rule.Severity)})\n       {rule.Summary}\n       {rule.Remedy}");
        return ExitCode.Done;
    }

    private static bool Is(string id, string other) => string.Equals(id, other, StringComparison.OrdinalIgnoreCase);
}
