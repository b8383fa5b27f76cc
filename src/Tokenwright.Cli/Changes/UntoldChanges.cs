using System.Globalization;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Changes;

/// <summary>
/// Tracks the changes that were requested from the vendor in this run but not printed yet. Output and files can fail at any time after a
/// request. The remaining changes are printed to the error output, and the exit status says that the outcome is unknown, whatever the
/// failure was.
/// </summary>
internal sealed class UntoldChanges
{
    private const int MostTold = 50;
    private readonly Lock _lock = new();
    private readonly List<UntoldChange> _all = [];

    public bool Any
    {
        get
        {
            lock (_lock)
                return _all.Count > 0;
        }
    }

    /// <summary>Adds a change before anything about it is printed.</summary>
    public UntoldChange Add(UntoldChange change)
    {
        lock (_lock)
            _all.Add(change);
        return change;
    }

    /// <summary>Removes a change that was printed completely.</summary>
    public void Told(UntoldChange change)
    {
        lock (_lock)
            _all.Remove(change);
    }

    /// <summary>Prints the remaining changes.</summary>
    /// <param name="terminal">The terminal to print to.</param>
    /// <param name="status">The exit status if there are no remaining changes.</param>
    /// <returns>The exit status.</returns>
    public int Tell(Terminal terminal, int status)
    {
        lock (_lock)
        {
            if (_all.Count == 0)
                return status;
            foreach (var change in _all.Take(MostTold))
                terminal.Warn(change.ToString());
            if (_all.Count > MostTold)
                terminal.Warn(string.Create(CultureInfo.InvariantCulture, $"… and {_all.Count - MostTold} more."));
            _all.Clear();
            return ExitCode.OutcomeUnknown;
        }
    }
}
