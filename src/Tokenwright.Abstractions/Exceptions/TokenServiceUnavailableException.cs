namespace Tokenwright;

/// <summary>
/// The exception that is thrown when the vendor can't be reached, doesn't respond in time, or reports an error of its own.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenServiceUnavailableException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
