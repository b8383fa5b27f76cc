namespace Tokenwright;

/// <summary>
/// Provides methods to switch tokens off and on again without revoking them. Get it with <see cref="ITokenClient.GetService"/>. It is
/// available if the capabilities include <see cref="TokenOperation.Suspend"/>.
/// </summary>
public interface ITokenSuspension
{
    /// <summary>Switches tokens off. <see cref="ResumeAsync"/> switches them on again.</summary>
    /// <param name="references">The tokens. Their number isn't limited: the client splits them into several requests if necessary.</param>
    /// <param name="cancellationToken">The token to cancel the operation. Requests that were sent before remain in effect.</param>
    /// <returns>One result for each reference, in the same order. Some can fail while others succeed.</returns>
    Task<IReadOnlyList<TokenSuspensionResult>> SuspendAsync(
        IReadOnlyList<TokenReference> references, CancellationToken cancellationToken = default);

    /// <summary>Switches suspended tokens on again.</summary>
    /// <param name="references">The tokens. Their number isn't limited: the client splits them into several requests if necessary.</param>
    /// <param name="cancellationToken">The token to cancel the operation. Requests that were sent before remain in effect.</param>
    /// <returns>One result for each reference, in the same order. Some can fail while others succeed.</returns>
    Task<IReadOnlyList<TokenSuspensionResult>> ResumeAsync(
        IReadOnlyList<TokenReference> references, CancellationToken cancellationToken = default);
}
