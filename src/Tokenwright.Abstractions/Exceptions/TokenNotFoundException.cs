namespace Tokenwright;

/// <summary>The exception that is thrown when the vendor doesn't know the token, or hides it from this caller.</summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenNotFoundException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
