using Polly;

namespace Tokenwright.Http;

/// <summary>Decides whether and when one request is retried.</summary>
internal sealed class RetryDecision(SentRequest sent, TimeSpan firstDelay, TimeSpan maxRetryAfter, TimeProvider timeProvider)
{
    public SentRequest Sent => sent;

    /// <summary>Gets the wait before the retry that was decided last.</summary>
    public TimeSpan? Delay { get; private set; }

    /// <summary>Determines whether a retry can help after an outcome, does no harm, and fits into the remaining time.</summary>
    /// <param name="outcome">The outcome of the last attempt.</param>
    /// <param name="retry">The number of the retry, starting at 0.</param>
    public bool ShouldRetry(Outcome<HttpResponseMessage> outcome, int retry)
    {
        if (!MayPass(outcome) || !sent.IsRetryHarmless)
            return false;
        var asked = outcome.Result is { } response ? RetryAfter.Read(response, timeProvider.GetUtcNow(), maxRetryAfter)?.Wait : null;
        Delay = asked ?? Backoff.Delay(retry, firstDelay);

        // A wait that is longer than the remaining time would end in a timeout, which hides the vendor's response.
        return Delay < sent.Left;
    }

    private static bool MayPass(Outcome<HttpResponseMessage> outcome)
        => outcome.Exception is { } failure ? HttpFailures.IsTransient(failure) : HttpFailures.IsTransient((int)outcome.Result!.StatusCode);
}
