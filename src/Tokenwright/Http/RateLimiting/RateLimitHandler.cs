using Polly.Timeout;

namespace Tokenwright.Http;

/// <summary>Lets each attempt wait for a place in the rate limit of its credential.</summary>
/// <param name="options">The connection's limits.</param>
/// <param name="scope">Gets what the vendor counts the calls of the present credential by.</param>
/// <param name="limiterOf">Gets the rate limiter of a scope.</param>
/// <param name="events">Told of each wait.</param>
/// <param name="inner">Sends the attempt.</param>
internal sealed class RateLimitHandler(
    ConnectionOptions options, Func<string> scope, Func<string, VendorRateLimiter> limiterOf, ConnectionEvents events,
    HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // The scope that was asked for last, and its rate limiter.
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
            // What was cut off by time may be the body of a refusal: that was not carried out, but the vendor counted it.
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
