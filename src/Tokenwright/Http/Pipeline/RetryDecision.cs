using Polly;

namespace Tokenwright.Http;

/// <summary>Decides for one request whether it is retried, and when.</summary>
internal sealed class RetryDecision(SentRequest sent, TimeSpan firstDelay, TimeSpan maxRetryAfter, TimeProvider timeProvider)
{
    public SentRequest Sent => sent;

    /// <summary>Gets the wait before the retry that was decided on last.</summary>
    public TimeSpan? Delay { get; private set; }

    /// <summary>Determines whether an outcome is worth a retry, can be retried without harm, and leaves the time for it.</summary>
    /// <param name="outcome">What came of the last attempt.</param>
    /// <param name="retry">Which retry it would be, from 0.</param>
    public bool ShouldRetry(Outcome<HttpResponseMessage> outcome, int retry)
    {
        if (!MayPass(outcome) || !IsHarmless)
            return false;
        var asked = outcome.Result is { } response ? RetryAfter.Read(response, timeProvider.GetUtcNow(), maxRetryAfter)?.Wait : null;
        Delay = asked ?? Backoff.Delay(retry, firstDelay);

        // To wait for longer than the call may last would end in a timeout that hides what the vendor said.
        return Delay < sent.Left;
    }

    private static bool MayPass(Outcome<HttpResponseMessage> outcome)
        => outcome.Exception is { } failure ? HttpFailures.IsTransient(failure) : HttpFailures.IsTransient((int)outcome.Result!.StatusCode);

    // What surely was not carried out, because it never arrived or was refused as one too many, can be retried whatever it is.
    private bool IsHarmless => sent.MayRetry || !sent.MayHaveArrived;
}
