namespace Tokenwright;

/// <summary>The vendor doesn't know the token, or doesn't show it to this caller.</summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenNotFoundException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
