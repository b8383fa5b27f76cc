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

    /// <summary>Begins a step that may be stopped at any moment, and says then what to do.</summary>
    public static UntoldChange Begin(Invocation invocation, string what)
    {
        var change = invocation.Begin(what);
        change.Remedy = "The journal has its state, and the next run continues.";
        return change;
    }

    /// <summary>Runs one lineage. Its failure doesn't stop the others.</summary>
    public async Task AddAsync(LineageDefinition lineage, Func<Task<RotationStatus>> run)
    {
        using var change = Begin(invocation, $"Rotate '{lineage.Name}'");
        try
        {
            Add([await run()]);
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException)
        {
            Add(lineage, failure);
        }
    }

    public void Add(IEnumerable<RotationStatus> all)
        => _rows.AddRange(all.Select(status => RotationRow.Of(rotation.Find(status.Lineage), status)));

    /// <summary>Adds what a run of all lineages did.</summary>
    public void Add(RotationRunResult run)
    {
        Add(run.Statuses);
        foreach (var (name, failure) in run.Failures.OrderBy(one => one.Key, StringComparer.Ordinal))
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
        foreach (var row in _rows.Where(row => StatusOf(row) != ExitCode.Done))
            _messages.Add($"{row.Lineage}: {row.Attention ?? row.WaitsFor}");
        return Conclude(StatusOf);
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

    private int Conclude(Func<RotationRow, int> statusOf)
    {
        _messages.ForEach(invocation.Terminal.Fail);
        var statuses = _rows.Select(statusOf).Concat(_failures.Select(failure => failure.ExitCode)).ToList();
        return ExitCode.Of([.. statuses.Where(status => status != ExitCode.Done)], statuses.Contains(ExitCode.Done), ExitCode.Done);
    }

    private void Add(LineageDefinition lineage, Exception failure)
    {
        _failures.Add(FailureRow.Of(lineage.Vendor!.Name, lineage.Connection, failure));
        _messages.Add($"{lineage.Name}: {failure.Message}");
    }
}
