using Polly.Timeout;

namespace Tokenwright.Http;

/// <summary>Selects the rate limiter of a connection's current credential for each attempt.</summary>
/// <param name="options">The limits of the connection.</param>
/// <param name="scope">Returns the key by which the vendor counts the calls of the current credential.</param>
/// <param name="limiterOf">Returns the rate limiter for a key.</param>
internal sealed class ConnectionRateLimit(ConnectionOptions options, Func<string> scope, Func<string, VendorRateLimiter> limiterOf)
{
    // The latest key and its rate limiter.
    private Tuple<string, VendorRateLimiter>? _known;

    /// <summary>Takes a place for an attempt, or adds it to the queue.</summary>
    /// <param name="sent">The request.</param>
    /// <param name="since">The time when the attempt may be sent, if it need not wait.</param>
    /// <param name="waiter">The waiter to pass to <see cref="VendorRateLimiter.WaitAsync"/>; null if the attempt need not wait.</param>
    /// <returns>The rate limiter.</returns>
    /// <exception cref="RateLimitException">The wait would be longer than the request may take.</exception>
    public VendorRateLimiter Enter(SentRequest sent, out TimeSpan since, out RateLimitWaiter? waiter)
    {
        VendorRateLimiter limiter;
        do
            limiter = Limiter();
        while (!limiter.TryEnter(options, sent, out since, out waiter));
        return limiter;
    }

    /// <summary>Records that an attempt ended without a response.</summary>
    /// <param name="limiter">The rate limiter.</param>
    /// <param name="since">The time when the attempt was sent.</param>
    /// <param name="sent">The request.</param>
    /// <param name="isAttempted">Whether the attempt began.</param>
    /// <param name="failure">The failure.</param>
    public void Leave(VendorRateLimiter limiter, TimeSpan since, SentRequest sent, bool isAttempted, Exception failure)
    {
        // A timeout may have interrupted the body of a refusal. That request wasn't carried out, but the vendor counted it.
        var isCutOff = failure is OperationCanceledException or TimeoutRejectedException;
        if (!isAttempted || (!sent.MayHaveArrived && !isCutOff))
            limiter.LeaveUnsent(options);
        else
            limiter.LeaveWithoutResponse(options, since);
    }

    private VendorRateLimiter Limiter()
    {
        var present = scope();
        if (_known is { } known && known.Item1 == present && !known.Item2.IsRetired)
            return known.Item2;
        var limiter = limiterOf(present);
        _known = Tuple.Create(present, limiter);
        return limiter;
    }
}
