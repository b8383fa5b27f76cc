namespace Tokenwright.Http;

/// <summary>Lets each attempt wait for its turn in the pace of its credential.</summary>
/// <param name="options">The connection's numbers.</param>
/// <param name="scope">What the vendor counts the calls of the present credential by.</param>
/// <param name="paceOf">Gives the pace of a scope.</param>
/// <param name="events">Told how long a call is going to wait.</param>
/// <param name="inner">What sends the attempt.</param>
internal sealed class PacingHandler(ConnectionOptions options, Func<string> scope, Func<string, CallPace> paceOf, ConnectionEvents events, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // The scope that was asked for last, and its pace.
    private Tuple<string, CallPace>? _known;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = SentRequest.Of(request);
        CallPace pace;
        do
            pace = Pace();
        while (!await pace.EnterAsync(options.CallsPerWindow, options.CallWindow, sent, events, cancellationToken).ConfigureAwait(false));
        HttpResponseMessage? answer = null;
        try
        {
            return answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            pace.Leave(answer, options.FollowRateLimitHeaders);
        }
    }

    private CallPace Pace()
    {
        var present = scope();
        if (_known is { } known && known.Item1 == present && !known.Item2.IsRetired)
            return known.Item2;
        var pace = paceOf(present);
        _known = Tuple.Create(present, pace);
        return pace;
    }
}
