using System.Text.RegularExpressions;

namespace Tokenwright.Testing;

/// <summary>The faults that a server is to have. Safe for concurrent use.</summary>
public sealed class FaultScript
{
    private readonly Lock _lock = new();
    private readonly List<Rule> _rules = [];

    /// <summary>
    /// Adds a fault for the next calls, or the next calls that match. Of several rules that match a call, the oldest one serves it.
    /// </summary>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="method">Only calls with this HTTP method; null for any.</param>
    /// <param name="path">Only calls to this path, without a query; <c>*</c> in it stands for any text. Null for any.</param>
    /// <param name="times">How many calls it serves.</param>
    public void Inject(Fault fault, string? method = null, string? path = null, int times = 1)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        var pattern = path is null
            ? null : new Regex($"^{Regex.Escape(path).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant);
        lock (_lock)
            _rules.Add(new(fault, method, pattern) { Left = times });
    }

    /// <summary>Forgets all faults that have not happened yet.</summary>
    public void Clear()
    {
        lock (_lock)
            _rules.Clear();
    }

    internal Fault? Take(string method, string path)
    {
        lock (_lock)
        {
            var rule = _rules.Find(candidate =>
                (candidate.Method is null || string.Equals(candidate.Method, method, StringComparison.OrdinalIgnoreCase))
                && (candidate.Path is null || candidate.Path.IsMatch(path)));
            if (rule is not null && --rule.Left == 0)
                _rules.Remove(rule);
            return rule?.Fault;
        }
    }

    private sealed record Rule(Fault Fault, string? Method, Regex? Path)
    {
        public int Left { get; set; }
    }
}
