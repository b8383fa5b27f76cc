using System.Globalization;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Audit;

/// <summary>Counts the findings of an audit, and keeps those that count.</summary>
/// <param name="noun">What is counted.</param>
internal sealed class Tally(string noun)
{
    private readonly Dictionary<Severity, int> _counts = [];
    private readonly SortedDictionary<string, string> _remedies = [];
    private readonly List<FindingRow> _counted = [];
    private int _accepted;

    public int Tokens { get; set; }

    public Severity Worst => _counts.Keys.DefaultIfEmpty(Severity.None).Max();

    /// <summary>Gets the findings without the accepted ones.</summary>
    public IReadOnlyList<FindingRow> Counted => _counted;

    public FindingRow Count(FindingRow finding)
    {
        _remedies[finding.RuleId] = finding.Remedy;
        if (finding.Counts)
        {
            var severity = Enum.Parse<Severity>(finding.Severity, ignoreCase: true);
            _counts[severity] = _counts.GetValueOrDefault(severity) + 1;
            _counted.Add(finding);
        }
        else
        {
            _accepted++;
        }

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
        var findings = counts.Count == 0 ? $"no {noun}s" : $"{NumberOf(_counted.Count, noun)} ({string.Join(", ", counts)})";
        var accepted = _accepted == 0 ? string.Empty : $", and {NumberOf(_accepted, "accepted finding")}";
        var part = read == connections ? string.Empty : $"{read.ToString(CultureInfo.InvariantCulture)} of ";
        return $"{NumberOf(Tokens, "token")} of {part}{NumberOf(connections, "connection")}: {findings}{accepted}.";
    }

    public static string NumberOf(int number, string noun)
        => string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? string.Empty : "s")}");
}
