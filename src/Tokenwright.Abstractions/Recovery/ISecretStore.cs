namespace Tokenwright;

/// <summary>Represents a place for the secrets of new tokens, for example a vault.</summary>
public interface ISecretStore
{
    /// <summary>Determines whether the store contains the secret of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    Task<bool> ContainsAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Stores a secret. When the task has completed, the secret must survive the end of the process.</summary>
    /// <param name="name">The name. If a secret with this name exists, it is replaced.</param>
    /// <param name="issued">The token and its secret.</param>
    /// <param name="cancellationToken">The token to cancel the operation. A <see cref="JournaledTokenIssuer"/> never cancels it, because
    /// the secret would be lost.</param>
    Task StoreAsync(string name, IssuedToken issued, CancellationToken cancellationToken = default);
}
