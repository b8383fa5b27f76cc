using Polly.Timeout;

namespace Tokenwright.Http;

/// <summary>Delays each attempt until the rate limit of its credential allows it.</summary>
/// <param name="options">The limits of the connection.</param>
/// <param name="scope">Returns the key by which the vendor counts the calls of the current credential.</param>
/// <param name="limiterOf">Returns the rate limiter for a key.</param>
/// <param name="events">Records each wait.</param>
/// <param name="inner">The handler that sends the attempt.</param>
internal sealed class RateLimitHandler(
    ConnectionOptions options, Func<string> scope, Func<string, VendorRateLimiter> limiterOf, ConnectionEvents events,
    HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // The latest key and its rate limiter.
    private Tuple<string, VendorRateLimiter>? _known;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = SentRequest.Of(request);
        VendorRateLimiter limiter;
        TimeSpan since;
        RateLimitWaiter? waiter;
        do
            limiter = Limiter();
        while (!limiter.TryEnter(options, sent, out since, out waiter));
        if (waiter is not null)
            since = await limiter.WaitAsync(waiter, events, cancellationToken).ConfigureAwait(false);

        var attempts = sent.Attempts;
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // A timeout may have interrupted the body of a refusal. That request wasn't carried out, but the vendor counted it.
            var isCutOff = failure is OperationCanceledException or TimeoutRejectedException;
            if (sent.Attempts == attempts || (!sent.MayHaveArrived && !isCutOff))
                limiter.LeaveUnsent(options);
            else
                limiter.LeaveWithoutResponse(options, since);
            throw;
        }

        limiter.Leave(options, since, response);
        return response;
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
