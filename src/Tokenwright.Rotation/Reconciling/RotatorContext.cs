using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tokenwright.Rotation;

/// <summary>What all lineages of a rotator share.</summary>
internal sealed class RotatorContext
{
    private readonly TokenRotatorOptions _options;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _issuing = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LineageGauge> _gauges = new(StringComparer.Ordinal);

    public RotatorContext(TokenRotatorOptions options)
    {
        _options = options;
        _log = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Tokenwright.Rotation");
    }

    public DateTimeOffset Now => _options.TimeProvider.GetUtcNow();

    public SecretSealer Sealer => _options.Sealer;

    public IRotationJournal Journal => _options.Journal;

    public IEnumerable<LineageGauge> Gauges => _gauges.Values;

    public ITokenClient ClientOf(TokenLineage lineage) => _options.GetClient(lineage.Connection);

    public IReadOnlyList<TokenLineage> LineagesOf(string connection)
        => [.. _options.Lineages.Where(lineage => lineage.Connection == connection)];

    /// <summary>Waits until no other lineage of a connection plans and issues a token, because they share the owner's quota.</summary>
    public async Task<IDisposable> IssueInTurnAsync(string connection, CancellationToken cancellationToken)
    {
        var turn = _issuing.GetOrAdd(connection, static _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(turn);
    }

    public void Seen(TokenLineage lineage, LineageState state, DateTimeOffset dueAt)
        => _gauges[lineage.Name] = new LineageGauge(
            lineage.Connection, state.Current?.IssuedAt, dueAt, state.Attention is not null, state.Debts.Count + state.Attempts.Count);

    public bool HasSeen(string lineage) => _gauges.ContainsKey(lineage);

    /// <summary>Logs an event and passes it to the program. Neither may stop a rotation.</summary>
    public void Report(TokenLineage lineage, RotationStage stage, string text, bool needsAttention)
    {
        if (needsAttention)
            Log(log => RotationLog.NeedsAttention(log, lineage.Name, text));
        else
            Log(log => RotationLog.Progress(log, lineage.Name, stage, text));
        try
        {
            _options.OnEvent?.Invoke(
                new() { Lineage = lineage.Name, Stage = stage, At = Now, Text = text, NeedsAttention = needsAttention });
        }
        catch (Exception exception)
        {
            Log(log => RotationLog.EventFailed(log, lineage.Name, exception));
        }
    }

    public void Failed(string lineage, Exception exception) => Log(log => RotationLog.Failed(log, lineage, exception));

    private void Log(Action<ILogger> write)
    {
        try
        {
            write(_log);
        }
        catch (Exception)
        {
            // There is nowhere to report the failure of a log.
        }
    }

    private sealed class Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
