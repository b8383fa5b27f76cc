namespace Tokenwright;

/// <summary>
/// A request was not sent: the vendor's rate limit is used up, and the wait for the next place would be longer than the call may take.
/// Callers of the facade see a <see cref="TokenRateLimitedException"/> instead; callers of a typed client see this.
/// </summary>
/// <param name="message">Which limit is used up, which option or header says so, and what to do.</param>
/// <param name="retryAfter">How long until the next call may be sent, at the earliest.</param>
public sealed class RateLimitException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>
    /// Gets how long until the next call may be sent, at the earliest. What a vendor's headers add to it is limited by
    /// <see cref="ConnectionOptions.MaxRetryAfter"/>.
    /// </summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
