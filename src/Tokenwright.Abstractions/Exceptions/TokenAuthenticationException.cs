namespace Tokenwright;

/// <summary>
/// The vendor refused the connection's credential: it is wrong, expired or revoked. Not raised for a token that is merely being
/// validated.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenAuthenticationException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
