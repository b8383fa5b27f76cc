namespace Tokenwright;

/// <summary>Represents the lock of one lineage. Dispose it to release the lineage.</summary>
public interface IRotationJournalLock : IAsyncDisposable
{
    /// <summary>
    /// Writes the record of the lineage as a whole. When the task has completed, the record survives the end of the process and of the
    /// machine. If it fails, the earlier record is unchanged. Only if the connection to a database is lost during the commit, the new
    /// record may be there as a whole.
    /// </summary>
    /// <param name="record">
    /// The record, with the <see cref="RotationRecord.Revision"/> of the one that it replaces; 0 if there is none. Secrets of the earlier
    /// record that it doesn't contain are erased.
    /// </param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The new revision.</returns>
    /// <exception cref="InvalidOperationException">
    /// The record was changed by somebody else, or the lock was lost. Nothing was written.
    /// </exception>
    /// <exception cref="IOException">The store can't be written, or the connection that held the lock was lost.</exception>
    Task<long> WriteAsync(RotationRecord record, CancellationToken cancellationToken = default);
}
