namespace Tokenwright;

/// <summary>
/// The exception that is thrown when the vendor reports success, but the response can't be read: it isn't JSON, is incomplete, is too
/// large, or has an unexpected structure. The body isn't shown, because it can contain a new secret.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenInvalidResponseException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
