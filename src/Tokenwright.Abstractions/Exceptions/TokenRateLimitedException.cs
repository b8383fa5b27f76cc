namespace Tokenwright;

/// <summary>
/// The exception that is thrown when the vendor accepts no more calls for a while. <see cref="TokenClientException.RetryAfter"/> says how
/// long, if the vendor reports it.
/// </summary>
/// <inheritdoc cref="TokenClientException(string, TokenFailure, Exception)" path="/param" />
public sealed class TokenRateLimitedException(string message, TokenFailure failure, Exception? innerException = null)
    : TokenClientException(message, failure, innerException);
