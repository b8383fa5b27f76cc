namespace Tokenwright;

/// <summary>
/// The exception that is thrown when the connection's credential can't be exchanged for one that the API accepts. The inner exception says
/// how the exchange failed. Callers of <see cref="ITokenClient"/> get a <see cref="TokenClientException"/> instead; callers of a typed
/// client get this exception.
/// </summary>
/// <param name="innerException">The failure of the exchange, often an <see cref="ApiException"/>.</param>
public sealed class CredentialExchangeException(Exception innerException)
    : Exception("The exchange of the connection's credential failed; see the inner exception.", innerException)
{
    /// <summary>Gets or initializes what a caller can do about a refusal; null for the general advice.</summary>
    internal string? Advice { get; init; }

    /// <summary>Gets whether the vendor refused the credential, whatever status its token endpoint returned.</summary>
    internal bool IsRefusal => InnerException is ApiException { RefusesSecret: true };
}
