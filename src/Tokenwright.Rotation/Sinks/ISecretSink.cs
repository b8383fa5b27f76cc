using System.Collections.ObjectModel;

namespace Tokenwright.Rotation;

/// <summary>
/// Represents a place for the secret of a lineage's token, from which consumers read it. Each lineage has sinks of its own.
/// </summary>
public interface ISecretSink
{
    /// <summary>Gets a description of the place for messages, without secrets.</summary>
    string Description { get; }

    /// <summary>
    /// Writes a secret in place of the earlier one. When the task has completed, the secret must survive the end of the process. The same
    /// secret may be written again. A reader must see the earlier or the new one, never a part.
    /// </summary>
    /// <param name="secret">The secret.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    Task WriteAsync(RotatedSecret secret, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads the secret that the place has now, so that a journal which was restored from an old backup is noticed.
    /// </summary>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The secret; null if there is none, or if the place can't be read.</returns>
    Task<RotatedSecret?> ReadBackAsync(CancellationToken cancellationToken = default) => Task.FromResult<RotatedSecret?>(null);

    /// <summary>Reads the generations that consumers acknowledged at this place, by the consumers' names.</summary>
    /// <param name="consumers">The names of the lineage's consumers.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    Task<IReadOnlyDictionary<string, int>> ReadAcknowledgementsAsync(
        IReadOnlyList<string> consumers, CancellationToken cancellationToken = default)
        => Task.FromResult<IReadOnlyDictionary<string, int>>(ReadOnlyDictionary<string, int>.Empty);
}
