using Tokenwright.Cli.Changes;
using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Output;
using Tokenwright.Rotation;

namespace Tokenwright.Cli.Lineages;

/// <summary>Collects the results of rotations, and prints them.</summary>
/// <param name="invocation">The invocation.</param>
/// <param name="rotation">The rotation.</param>
internal sealed class RotationReport(Invocation invocation, OpenRotation rotation)
{
    private readonly List<RotationRow> _rows = [];
    private readonly List<FailureRow> _failures = [];
    private readonly List<string> _messages = [];

    // A dry run stops at the call that it leaves out. Its lineage then has no row, and has not failed.
    private bool _isAnyStopped;

    /// <summary>Begins a step that may be stopped at any moment, and says then what to do.</summary>
    public static UntoldChange Begin(Invocation invocation, string what)
    {
        var change = invocation.Begin(what);
        change.Remedy = "The journal has its state, and the next run continues.";
        return change;
    }

    /// <summary>Works on one lineage. Its failure doesn't stop the others.</summary>
    /// <param name="lineage">The lineage.</param>
    /// <param name="run">Does the work and adds the state, unless a dry run ends before.</param>
    public async Task TryAsync(LineageDefinition lineage, Func<Task> run)
    {
        var before = _rows.Count + _failures.Count;
        try
        {
            await run();
            _isAnyStopped |= _rows.Count + _failures.Count == before;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Add(lineage, failure);
        }
    }

    public void Add(RotationStatus status) => _rows.Add(RotationRow.Of(rotation.Find(status.Lineage), status));

    /// <summary>Adds what a run did.</summary>
    /// <param name="run">The run.</param>
    /// <param name="only">The one lineage of a dry run; null for all.</param>
    public void Add(RotationRunResult run, LineageDefinition? only = null)
    {
        foreach (var status in run.Statuses.Where(status => only is null || status.Lineage == only.Name))
            Add(status);
        foreach (var (name, failure) in run.Failures.Where(one => only is null || one.Key == only.Name)
            .OrderBy(one => one.Key, StringComparer.Ordinal))
            Add(rotation.Find(name), failure);
    }

    /// <summary>Adds the lineages with problems.</summary>
    public void AddInvalid()
    {
        _failures.AddRange(rotation.InvalidRows);
        _messages.AddRange(rotation.InvalidRows.Select(row => row.Message));
    }

    /// <summary>Prints the rows, and to the error output what failed.</summary>
    /// <param name="isSilent">Whether the rows aren't printed.</param>
    /// <returns>The exit status.</returns>
    public async Task<int> WriteAsync(bool isSilent = false)
    {
        if (!isSilent)
            await invocation.WriteAsync(Shapes.Rotations, _rows, _failures);
        return ConcludeChanges();
    }

    /// <summary>Prints the steps and the calls of a dry run in place of the rows.</summary>
    /// <returns>The exit status that the real run would have, as far as it can be known.</returns>
    public async Task<int> WriteAsync(RotationDryRun dryRun)
    {
        dryRun.Steps.AddRange(_rows.Where(row => StatusOf(row) == ExitCode.Done && row.WaitsFor is not null)
            .Select(row => $"{row.Lineage}: {row.WaitsFor}"));
        if (dryRun.Steps.Count == 0 && _failures.Count == 0 && _rows.TrueForAll(row => StatusOf(row) == ExitCode.Done))
            dryRun.Steps.Add("Nothing is due.");
        await ChangeRun.WriteAsync(invocation, dryRun.Steps, dryRun.Calls, _failures);
        return ConcludeChanges();
    }

    /// <summary>Prints the rows, which say themselves which lineage needs attention.</summary>
    /// <returns>The exit status.</returns>
    public async Task<int> WriteStateAsync()
    {
        await invocation.WriteAsync(Shapes.Rotations, _rows, _failures);
        return Conclude(row => row.Attention is null ? ExitCode.Done : ExitCode.Findings);
    }

    private static int StatusOf(RotationRow row)
        => row.Attention is not null ? ExitCode.Findings : row.Failures > 0 ? ExitCode.Partial : ExitCode.Done;

    private int ConcludeChanges()
    {
        _messages.AddRange(_rows.Where(row => StatusOf(row) != ExitCode.Done)
            .Select(row => $"{row.Lineage}: {row.Attention ?? row.WaitsFor}"));
        return Conclude(StatusOf);
    }

    private int Conclude(Func<RotationRow, int> statusOf)
    {
        _messages.ForEach(invocation.Terminal.Fail);
        var statuses = _rows.Select(statusOf).Concat(_failures.Select(failure => failure.ExitCode)).ToList();

        // What needs attention is a finding, also beside lineages that don't. Only a failure is a part of the whole.
        var failures = statuses.Where(status => status is not (ExitCode.Done or ExitCode.Findings)).ToList();
        return ExitCode.Of(
            failures, _isAnyStopped || failures.Count < statuses.Count,
            statuses.Contains(ExitCode.Findings) ? ExitCode.Findings : ExitCode.Done);
    }

    // The command was right, so its status isn't that of a wrong one: the next run tries again.
    private void Add(LineageDefinition lineage, Exception failure)
    {
        var row = FailureRow.Of(lineage.Vendor!.Name, lineage.Connection, failure) with { Message = $"{lineage.Name}: {failure.Message}" };
        if (row.ExitCode == ExitCode.Usage)
            row = row with { Kind = "other", ExitCode = ExitCode.Partial };
        _failures.Add(row);
        _messages.Add(row.Message);
    }
}
