namespace Tokenwright.Testing.Conformance;

/// <summary>Represents the store of a journal for one case. It is disposed with everything in it.</summary>
public abstract class RotationJournalStage : IAsyncDisposable
{
    /// <summary>Opens the journal, as another process does. The case disposes it.</summary>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public abstract Task<IRotationJournal> OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts a process that opens the journal, locks a lineage and keeps the lock. Disposing the result kills the process (on Unix with
    /// SIGKILL), so that it has no time to release anything.
    /// </summary>
    /// <param name="lineage">The lineage's name.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public abstract Task<IAsyncDisposable> LockInAnotherProcessAsync(string lineage, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes all locks away from the journals that are open, as a store does that loses a connection. The holders don't notice it.
    /// </summary>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>False, the default, if a lock can't be lost while its process lives.</returns>
    public virtual Task<bool> LoseLocksAsync(CancellationToken cancellationToken = default) => Task.FromResult(false);

    /// <summary>Removes the store.</summary>
    public abstract ValueTask DisposeAsync();
}
