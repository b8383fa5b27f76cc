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

    public static Command Create()
    {
        Rules.CompletionSources.Add([.. AuditRule.All.Select(rule => rule.Id)]);
        var command = new Command(
            "audit",
            """
            Reads the tokens of all connections and checks them against rules.
            The rules: expired, expiring, never expiring, unused, over-privileged, without owner, duplicate, disabled, quota nearly used up,
            unreadable. Each finding has its reason and a remedy.
            What a vendor doesn't report is not checked. A reported value that can't be read is a finding.

            Examples:
              tokenwright audit
              tokenwright audit --fail-on high --policy policy.json
              tokenwright audit -o sarif > tokens.sarif          for code-scanning pages
            """)
        {
            Policy, FailOn, Rules, ListRules,
        };
        return command.With(Shapes.Findings).Does(RunAsync);
    }

    private static async Task<int> RunAsync(Invocation invocation)
    {
        if (invocation.Get(ListRules))
            return WriteRules(invocation);
        var only = invocation.Get(Rules) ?? [];
        foreach (var id in only)
            RuleOf(id);
        var policy = ReadPolicy(invocation);
        var connections = await invocation.OpenAllAsync();
        var sweep = new TokenSweep(connections, invocation.Clock, invocation.Invalid);
        var tally = new Tally();
        var findings = Judge(sweep, new Auditor(policy, invocation.Now), tally, invocation.Cancellation)
            .Where(finding => only.Length == 0 || only.Any(id => Is(finding.RuleId, id))).Select(tally.Count);
        if (invocation.Format == OutputFormat.Sarif)
            SarifReport.Write(invocation.Terminal.Out, await findings.ToListAsync(invocation.Cancellation), sweep.Failures, policy);
        else
            await RowOutput.WriteAsync(
                invocation.Terminal, invocation.Format, invocation.Chosen(Shapes.Findings), findings, invocation.Clock, sweep.Progress,
                () => sweep.Failures);
        if (invocation.Format == OutputFormat.Table)
            tally.TellRemedies(invocation.Terminal);
        invocation.Terminal.Note(tally.Summary(sweep.Succeeded, connections.Count + invocation.Invalid.Count));
        var failOn = invocation.Get(FailOn);
        return ListCommand.Conclude(
            invocation, sweep, failOn != Severity.None && tally.Worst >= failOn ? ExitCode.Findings : ExitCode.Done);
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

    private static async IAsyncEnumerable<FindingRow> Judge(
        TokenSweep sweep, Auditor auditor, Tally tally,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The vendors' own models are kept, because some rights appear only there.
        await foreach (var (connection, token) in sweep.ReadAsync(connection => connection.Can(TokenOperation.List)
            ? connection.Client.ListAsync(new TokenQuery { IncludeRaw = true }, cancellationToken) : null, cancellationToken))
        {
            tally.Tokens++;
            foreach (var finding in auditor.Judge(token, connection.Capabilities))
                yield return finding;
        }

        foreach (var finding in auditor.JudgeTogether())
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

    /// <summary>Counts the findings of an audit.</summary>
    private sealed class Tally
    {
        private readonly Dictionary<Severity, int> _counts = [];
        private int _accepted;

        private readonly SortedDictionary<string, string> _remedies = [];

        public int Tokens { get; set; }

        public Severity Worst => _counts.Keys.DefaultIfEmpty(Severity.None).Max();

        public FindingRow Count(FindingRow finding)
        {
            _remedies[finding.RuleId] = finding.Remedy;
            if (finding.Counts)
                _counts[Enum.Parse<Severity>(finding.Severity, ignoreCase: true)] =
                    _counts.GetValueOrDefault(Enum.Parse<Severity>(finding.Severity, ignoreCase: true)) + 1;
            else
                _accepted++;
            return finding;
        }

        /// <summary>Prints once for each rule what to do, because the text is too long to repeat in each row.</summary>
        public void TellRemedies(Terminal terminal)
        {
            foreach (var (rule, remedy) in _remedies)
            {
                var head = $"{rule}: ";
                var lines = DisplayText.Wrap(remedy, terminal.Pretty.Profile.Width - head.Length);
                terminal.Out.WriteLine(head + string.Join($"\n{new string(' ', head.Length)}", lines));
            }
        }

        public string Summary(int read, int connections)
        {
            if (read == 0 && Tokens == 0)
                return "No connection could be read, so no token was audited.";
            var counts = _counts.OrderByDescending(pair => pair.Key)
                .Select(pair => $"{pair.Value.ToString(CultureInfo.InvariantCulture)} {Shapes.Word(pair.Key)}").ToList();
            var findings = counts.Count == 0 ? "no findings" : $"{Counted(_counts.Values.Sum(), "finding")} ({string.Join(", ", counts)})";
            var accepted = _accepted == 0 ? string.Empty : $", and {Counted(_accepted, "accepted finding")}";
            var part = read == connections ? string.Empty : $"{read.ToString(CultureInfo.InvariantCulture)} of ";
            return $"{Counted(Tokens, "token")} of {part}{Counted(connections, "connection")}: {findings}{accepted}.";
        }

        private static string Counted(int number, string noun)
            => string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? string.Empty : "s")}");
    }
}
