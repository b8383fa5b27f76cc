namespace Tokenwright.Rotation;

/// <summary>The lock of a lineage: an open file that nobody else can open.</summary>
internal sealed class SqliteRotationLock(SqliteRotationJournal journal, string lineage, FileStream file) : IRotationJournalLock
{
    public Task<long> WriteAsync(RotationRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        ObjectDisposedException.ThrowIf(!file.CanWrite, this);
        return record.Lineage == lineage
            ? journal.WriteAsync(record, cancellationToken)
            : throw new ArgumentException($"The lock is that of '{lineage}', not of '{record.Lineage}'.", nameof(record));
    }

    public void Release()
    {
        journal.Released(this);
        file.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Release();
        return ValueTask.CompletedTask;
    }
}
