using System.Globalization;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Changes;

/// <summary>
/// What the vendor was asked to do in this run and what was not printed yet. Output and files can fail at any moment after that: what stays
/// here is told on the error output, and the exit status says that the outcome is unknown, whatever the failure was.
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

    /// <summary>Takes note of a change, before anything is printed of it.</summary>
    public UntoldChange Add(UntoldChange change)
    {
        lock (_lock)
            _all.Add(change);
        return change;
    }

    /// <summary>Takes note that a change was told, in full.</summary>
    public void Told(UntoldChange change)
    {
        lock (_lock)
            _all.Remove(change);
    }

    /// <summary>Tells what is left.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="status">The exit status without it.</param>
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
