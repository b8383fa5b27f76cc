using System.Text.RegularExpressions;

namespace Tokenwright.Testing;

/// <summary>Contains the faults of a server. It is safe for concurrent use.</summary>
public sealed class FaultScript
{
    private readonly Lock _lock = new();
    private readonly List<Rule> _rules = [];

    /// <summary>Adds a fault for the next matching calls. If several faults match a call, the oldest one is used.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="method">The HTTP method of matching calls; null for any.</param>
    /// <param name="path">The path of matching calls, without a query; <c>*</c> stands for any text. Null for any path.</param>
    /// <param name="times">The number of calls with the fault.</param>
    public void Inject(Fault fault, string? method = null, string? path = null, int times = 1)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        var pattern = path is null
            ? null : new Regex($"^{Regex.Escape(path).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant);
        lock (_lock)
            _rules.Add(new(fault, method, pattern) { Left = times });
    }

    /// <summary>Removes all faults that have not happened yet.</summary>
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
