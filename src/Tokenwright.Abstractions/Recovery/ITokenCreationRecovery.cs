namespace Tokenwright;

/// <summary>
/// Provides methods to find out the outcome of a create whose response nobody received, for example because the program ended. Get it with
/// <see cref="ITokenClient.GetService(Type, object)"/>. <see cref="TokenCapabilities.CreationRecovery"/> says what it can do at the vendor.
/// </summary>
/// <remarks>
/// A program that must not lose a token stores the request and the time before it calls <see cref="ITokenClient.CreateAsync"/>, and deletes
/// them after it has stored the secret. At its next start, it passes the remaining requests to this interface. If the vendor stores keys,
/// give the request a <see cref="CreateTokenRequest.Key"/>. If not, give it a name that was never used before, because after a restart it
/// isn't known which tokens existed before the create.
/// </remarks>
public interface ITokenCreationRecovery
{
    /// <summary>
    /// Finds out the outcome of a create, and does what the request's <see cref="CreateTokenRequest.IfOutcomeUnknown"/> says.
    /// </summary>
    /// <param name="request">The original request.</param>
    /// <param name="startedAt">When the create began, by the local clock.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenClientException">
    /// The vendor couldn't be asked, or a second create failed. The same call can be repeated.
    /// </exception>
    Task<CreationResolution> RecoverCreateAsync(
        CreateTokenRequest request, DateTimeOffset startedAt, CancellationToken cancellationToken = default);

    /// <summary>
    /// Finds out the outcome of a create, as <see cref="RecoverCreateAsync(CreateTokenRequest, DateTimeOffset, CancellationToken)"/> does,
    /// for a program that stored which tokens existed before.
    /// </summary>
    /// <param name="request">The original request.</param>
    /// <param name="startedAt">When the create began, by the local clock.</param>
    /// <param name="knownIds">
    /// The ids of tokens that the create did not create: those with its name that existed before, and those that were stored since.
    /// </param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="TokenClientException">
    /// The vendor couldn't be asked, or a second create failed. The same call can be repeated.
    /// </exception>
    Task<CreationResolution> RecoverCreateAsync(
        CreateTokenRequest request, DateTimeOffset startedAt, IReadOnlyCollection<string> knownIds,
        CancellationToken cancellationToken = default);
}
