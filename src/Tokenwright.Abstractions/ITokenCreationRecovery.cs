namespace Tokenwright;

/// <summary>
/// Resolves creates whose answer nobody saw, for example because the program ended in between. Reached through
/// <see cref="ITokenClient.GetService(Type, object)"/>. What it can do is said by <see cref="TokenCapabilities.CreationRecovery"/>.
/// </summary>
/// <remarks>
/// A program that wants to survive its own end writes the request and the time down before it calls <see cref="ITokenClient.CreateAsync"/>, and crosses them out after it has stored
/// the secret. What is not crossed out at the next start goes here. At a vendor that keeps keys, the request should have a <see cref="CreateTokenRequest.Key"/>.
/// </remarks>
public interface ITokenCreationRecovery
{
    /// <summary>Finds out what became of a create, and does what the request's <see cref="CreateTokenRequest.IfOutcomeUnknown"/> says.</summary>
    /// <param name="request">The request as it was.</param>
    /// <param name="startedAt">When the create began, by the own clock.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="TokenClientException">The vendor could not be asked, or did not create the token once more. The same call can be made again.</exception>
    Task<CreationResolution> RecoverCreateAsync(CreateTokenRequest request, DateTimeOffset startedAt, CancellationToken cancellationToken = default);
}

/// <summary>What became of a create whose answer was lost.</summary>
public sealed class CreationResolution
{
    /// <summary>The token with its secret, where it could be read again or was created once more; null elsewhere.</summary>
    public IssuedToken? Issued { get; init; }

    /// <summary>The tokens that the create may have made, as they were found. Empty if none was found, or if they can't be looked for.</summary>
    public IReadOnlyList<ApiToken> Strays { get; init; } = [];

    /// <summary>Whether the one stray that was found has been revoked.</summary>
    public bool IsStrayRevoked { get; init; }

    /// <summary>Until when a stray that can't be found may live; null if it can be found, or never ends.</summary>
    public DateTimeOffset? StrayLivesUntil { get; init; }

    /// <summary>What is known and what to do, as sentences for people.</summary>
    public required string Remark { get; init; }
}
