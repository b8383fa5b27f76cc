namespace Tokenwright;

/// <summary>
/// Resolves creates whose response nobody saw, for example because the program ended in between. Reached through
/// <see cref="ITokenClient.GetService(Type, object)"/>. What it can do is said by <see cref="TokenCapabilities.CreationRecovery"/>.
/// </summary>
/// <remarks>
/// A program that wants to survive its own end writes the request and the time down before it calls <see cref="ITokenClient.CreateAsync"/>,
/// and crosses them out after it has stored the secret. What is not crossed out at the next start goes here. At a vendor that keeps keys,
/// the request should have a <see cref="CreateTokenRequest.Key"/>; elsewhere its name should never have been used before, for what was
/// there before the create is not known any more.
/// </remarks>
public interface ITokenCreationRecovery
{
    /// <summary>
    /// Finds out what became of a create, and does what the request's <see cref="CreateTokenRequest.IfOutcomeUnknown"/> says.
    /// </summary>
    /// <param name="request">The request as it was.</param>
    /// <param name="startedAt">When the create began, by the local clock.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenClientException">The vendor could not be asked, or did not create the token once more. The same call can be
    /// made again.</exception>
    Task<CreationResolution> RecoverCreateAsync(
        CreateTokenRequest request, DateTimeOffset startedAt, CancellationToken cancellationToken = default);

    /// <summary>
    /// As <see cref="RecoverCreateAsync(CreateTokenRequest, DateTimeOffset, CancellationToken)"/>, for a program that wrote down which
    /// tokens were there before.
    /// </summary>
    /// <param name="request">The request as it was.</param>
    /// <param name="startedAt">When the create began, by the local clock.</param>
    /// <param name="knownIds">The ids of tokens that the create did not make: those of its name that were there before, and those that were
    /// stored since.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenClientException">The vendor could not be asked, or did not create the token once more. The same call can be
    /// made again.</exception>
    Task<CreationResolution> RecoverCreateAsync(
        CreateTokenRequest request, DateTimeOffset startedAt, IReadOnlyCollection<string> knownIds,
        CancellationToken cancellationToken = default);
}
