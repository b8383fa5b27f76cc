namespace Tokenwright;

/// <summary>
/// The vendor takes no more calls for now. <see cref="TokenClientException.RetryAfter"/> says how long, if the vendor does.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenRateLimitedException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
