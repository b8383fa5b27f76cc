namespace Tokenwright.Cli.Lineages;

/// <summary>Reads a journal, and keeps what is written in memory. Only one lineage can be locked at a time.</summary>
/// <param name="journal">The journal.</param>
internal sealed class DryRunJournal(IRotationJournal journal) : IRotationJournal, IRotationJournalLock
{
    private readonly Dictionary<string, RotationRecord> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RotationAcknowledgement>> _acknowledged = new(StringComparer.Ordinal);

    /// <summary>Gets or sets the lineage that can be locked.</summary>
    public string? Only { get; set; }

    public Task<IRotationJournalLock?> TryLockAsync(string lineage, CancellationToken cancellationToken = default)
        => Task.FromResult<IRotationJournalLock?>(lineage == Only ? this : null);

    public async Task<RotationRecord?> ReadAsync(string lineage, CancellationToken cancellationToken = default)
        => _written.GetValueOrDefault(lineage) ?? await journal.ReadAsync(lineage, cancellationToken);

    public Task<IReadOnlyList<string>> ListDueAsync(DateTimeOffset now, CancellationToken cancellationToken = default)
        => journal.ListDueAsync(now, cancellationToken);

    public Task AcknowledgeAsync(string lineage, RotationAcknowledgement acknowledgement, CancellationToken cancellationToken = default)
    {
        if (!_acknowledged.TryGetValue(lineage, out var all))
            _acknowledged[lineage] = all = [];
        all.Add(acknowledgement);
        return Task.CompletedTask;
    }

    public async Task<IReadOnlyList<RotationAcknowledgement>> ReadAcknowledgementsAsync(
        string lineage, CancellationToken cancellationToken = default)
        => [.. await journal.ReadAcknowledgementsAsync(lineage, cancellationToken), .. _acknowledged.GetValueOrDefault(lineage) ?? []];

    public Task<long> WriteAsync(RotationRecord record, CancellationToken cancellationToken = default)
    {
        _written[record.Lineage] = record;
        return Task.FromResult(record.Revision + 1);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
