namespace Tokenwright;

/// <summary>
/// Switches tokens off and on again without ending them. Reached with <see cref="ITokenClient.GetService"/>, where the capability
/// capabilities have <see cref="TokenOperation.Suspend"/>.
/// </summary>
public interface ITokenSuspension
{
    /// <summary>Switches tokens off; they can be switched on again with <see cref="ResumeAsync"/>.</summary>
    /// <param name="references">The tokens, in any number; the client splits them as the vendor needs.</param>
    /// <param name="cancellationToken">The token to cancel the operation. What was sent before stays done.</param>
    /// <returns>One result per reference, in the same order; some may have failed while others succeeded.</returns>
    Task<IReadOnlyList<TokenSuspensionResult>> SuspendAsync(
        IReadOnlyList<TokenReference> references, CancellationToken cancellationToken = default);

    /// <summary>Switches suspended tokens on again.</summary>
    /// <param name="references">The tokens, in any number; the client splits them as the vendor needs.</param>
    /// <param name="cancellationToken">The token to cancel the operation. What was sent before stays done.</param>
    /// <returns>One result per reference, in the same order; some may have failed while others succeeded.</returns>
    Task<IReadOnlyList<TokenSuspensionResult>> ResumeAsync(
        IReadOnlyList<TokenReference> references, CancellationToken cancellationToken = default);
}
