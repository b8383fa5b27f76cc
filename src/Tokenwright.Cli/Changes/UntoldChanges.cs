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
                return _all.Exists(change => !change.IsUnderWay);
        }
    }

    /// <summary>Adds a change before it is requested. Its outcome is unknown while it is under way.</summary>
    /// <param name="what">The change and the token, without a period.</param>
    public UntoldChange Begin(string what) => Add(new UntoldChange($"{what}: the outcome is unknown.", Told));

    /// <summary>Gets whether there are changes that are under way, or weren't printed yet.</summary>
    public bool AnyAtAll
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

    /// <summary>Prints the remaining changes, with those that are under way if the process is stopped.</summary>
    /// <param name="terminal">The terminal to print to.</param>
    /// <param name="status">The exit status if there are no remaining changes.</param>
    /// <returns>The exit status.</returns>
    public int Tell(Terminal terminal, int status)
    {
        UntoldChange[] all;
        lock (_lock)
        {
            all = [.. _all];
            _all.Clear();
        }

        foreach (var change in all.Take(MostTold))
            terminal.Warn(change.ToString());
        if (all.Length > MostTold)
            terminal.Warn(string.Create(CultureInfo.InvariantCulture, $"… and {all.Length - MostTold} more."));
        return all.Length > 0 ? ExitCode.OutcomeUnknown : status;
    }
}
