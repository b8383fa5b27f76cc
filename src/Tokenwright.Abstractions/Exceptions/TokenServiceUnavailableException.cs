namespace Tokenwright;

/// <summary>The vendor could not be reached, didn't respond in time, or reported a fault of its own.</summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenServiceUnavailableException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
