namespace Tokenwright.Testing.Conformance;

/// <summary>Represents the store of a journal for one case. It is disposed with everything in it.</summary>
public abstract class RotationJournalStage : IAsyncDisposable
{
    /// <summary>Opens the journal, as another process does. The case disposes it.</summary>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public abstract Task<IRotationJournal> OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes the store.</summary>
    public abstract ValueTask DisposeAsync();
}
