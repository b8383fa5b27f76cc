namespace Tokenwright;

/// <summary>
/// The connection's credential could not be exchanged for one that the API takes; the inner exception says how the exchange failed. Callers
/// of the facade see a <see cref="TokenClientException"/> instead; callers of a typed client see this.
/// </summary>
/// <param name="innerException">How the exchange failed: often an <see cref="ApiException"/>.</param>
public sealed class CredentialExchangeException(Exception innerException)
    : Exception("The exchange of the connection's credential failed; see the inner exception.", innerException)
{
    /// <summary>Gets whether the vendor refused what was exchanged, whatever status its token endpoint says that with.</summary>
    internal bool IsRefusal => InnerException is ApiException { RefusesSecret: true };
}
