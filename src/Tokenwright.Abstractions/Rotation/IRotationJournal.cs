namespace Tokenwright;

/// <summary>
/// Represents the place where a rotation stores its state, so that any process can continue it after another one was stopped at any moment.
/// What a record means is known only to the rotation. The journal stores it, locks it, and reports which ones are due.
/// </summary>
/// <remarks>
/// All members are safe for concurrent use by several threads and processes. The conformance suite of <c>Tokenwright.Testing</c> tests a
/// journal.
/// </remarks>
public interface IRotationJournal : IAsyncDisposable
{
    /// <summary>
    /// Locks a lineage, so that only one caller in all processes works on it. The lock ends when the result is disposed, and when the
    /// process ends in any way.
    /// </summary>
    /// <param name="lineage">The lineage's name.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The lock; null if the lineage is locked by another caller.</returns>
    /// <exception cref="IOException">The store can't be used. That is not a lock of another caller.</exception>
    Task<IRotationJournalLock?> TryLockAsync(string lineage, CancellationToken cancellationToken = default);

    /// <summary>Reads the record of a lineage without a lock.</summary>
    /// <param name="lineage">The lineage's name.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The record as last written; null if there is none.</returns>
    Task<RotationRecord?> ReadAsync(string lineage, CancellationToken cancellationToken = default);

    /// <summary>Gets the names of the lineages whose <see cref="RotationRecord.DueAt"/> has come.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    Task<IReadOnlyList<string>> ListDueAsync(DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores that a consumer uses a generation of a lineage's token. It needs no lock. An acknowledgement of an earlier generation than
    /// the stored one changes nothing.
    /// </summary>
    /// <param name="lineage">The lineage's name. It doesn't need a record.</param>
    /// <param name="acknowledgement">The consumer, the generation and the time.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    Task AcknowledgeAsync(string lineage, RotationAcknowledgement acknowledgement, CancellationToken cancellationToken = default);

    /// <summary>Reads the latest acknowledgement of each consumer of a lineage.</summary>
    /// <param name="lineage">The lineage's name.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    Task<IReadOnlyList<RotationAcknowledgement>> ReadAcknowledgementsAsync(string lineage, CancellationToken cancellationToken = default);
}
