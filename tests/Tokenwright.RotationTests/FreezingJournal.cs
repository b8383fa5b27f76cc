namespace Tokenwright.RotationTests;

/// <summary>Stops a process before and after each commit.</summary>
internal sealed class FreezingJournal(IRotationJournal inner, Freezer freezer) : IRotationJournal
{
    public async Task<IRotationJournalLock?> TryLockAsync(string lineage, CancellationToken cancellationToken = default)
        => await inner.TryLockAsync(lineage, cancellationToken) is { } held ? new Held(held, freezer) : null;

    public Task<RotationRecord?> ReadAsync(string lineage, CancellationToken cancellationToken = default)
        => inner.ReadAsync(lineage, cancellationToken);

    public Task<IReadOnlyList<string>> ListDueAsync(DateTimeOffset now, CancellationToken cancellationToken = default)
        => inner.ListDueAsync(now, cancellationToken);

    public Task AcknowledgeAsync(
        string lineage, RotationAcknowledgement acknowledgement, CancellationToken cancellationToken = default)
        => inner.AcknowledgeAsync(lineage, acknowledgement, cancellationToken);

    public Task<IReadOnlyList<RotationAcknowledgement>> ReadAcknowledgementsAsync(
        string lineage, CancellationToken cancellationToken = default)
        => inner.ReadAcknowledgementsAsync(lineage, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Held(IRotationJournalLock inner, Freezer freezer) : IRotationJournalLock
    {
        public async Task<long> WriteAsync(RotationRecord record, CancellationToken cancellationToken = default)
        {
            await freezer.StepAsync("commit");
            var revision = await inner.WriteAsync(record, cancellationToken);
            await freezer.StepAsync("committed");
            return revision;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
