namespace Tokenwright;

/// <summary>
/// The exception that is thrown when the vendor refuses the connection's credential because it is wrong, expired or revoked. It isn't
/// thrown for a token that is being validated.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenAuthenticationException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
