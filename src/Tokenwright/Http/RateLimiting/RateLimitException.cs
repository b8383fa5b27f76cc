namespace Tokenwright;

/// <summary>
/// The exception that is thrown when a request wasn't sent because the vendor's rate limit is used up and the wait would be longer than the
/// call may take. Callers of <see cref="ITokenClient"/> get a <see cref="TokenRateLimitedException"/> instead; callers of a typed client
/// get this exception.
/// </summary>
/// <param name="message">The limit that is used up, the option or header that sets it, and what to do.</param>
/// <param name="retryAfter">The earliest time until the next call can be sent.</param>
public sealed class RateLimitException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>
    /// Gets the earliest time until the next call can be sent. <see cref="ConnectionOptions.MaxRetryAfter"/> limits the part of it that
    /// comes from the vendor's headers.
    /// </summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
