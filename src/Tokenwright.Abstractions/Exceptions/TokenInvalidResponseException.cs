namespace Tokenwright;

/// <summary>
/// The vendor responded with success, but the response can't be read: it isn't JSON, is cut short, too large, or of another shape. Its body
/// is not shown, for it may hold a fresh secret.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenInvalidResponseException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
