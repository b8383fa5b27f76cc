namespace Tokenwright;

/// <summary>
/// The exception that is thrown when a request conflicts with the vendor's data, for example with the name of another token.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenConflictException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
