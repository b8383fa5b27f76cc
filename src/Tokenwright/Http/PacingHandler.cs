namespace Tokenwright.Http;

/// <summary>Lets each attempt wait for its turn in the pace of its credential.</summary>
/// <param name="options">The connection's numbers.</param>
/// <param name="pace">The pace of the credential that the connection has now.</param>
/// <param name="events">Told how long a call is going to wait.</param>
/// <param name="inner">What sends the attempt.</param>
internal sealed class PacingHandler(ConnectionOptions options, Func<CallPace> pace, ConnectionEvents events, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = SentRequest.Of(request);
        var shared = pace();
        await shared.EnterAsync(options.CallsPerWindow, options.CallWindow, sent, events, cancellationToken).ConfigureAwait(false);
        HttpResponseMessage? answer = null;
        try
        {
            return answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            shared.Leave(answer, options.FollowRateLimitHeaders);
        }
    }
}
