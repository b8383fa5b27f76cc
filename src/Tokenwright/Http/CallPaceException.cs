namespace Tokenwright.Http;

/// <summary>
/// A call was not sent: the vendor's limit of calls is used up, and the wait for the next one would be longer than the call may last. Callers of the facade see a
/// <see cref="TokenRateLimitedException"/> instead; callers of a typed client see this.
/// </summary>
/// <param name="wait">How long until the vendor takes the next call.</param>
public sealed class CallPaceException(TimeSpan wait)
    : Exception($"The vendor's limit of calls is used up; the next one may go in {Math.Ceiling(wait.TotalSeconds)} s, which is longer than this call may last. Nothing was sent.")
{
    /// <summary>How long until the vendor takes the next call.</summary>
    public TimeSpan Wait { get; } = wait;
}
