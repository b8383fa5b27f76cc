using System.Net;
using Polly;
using Polly.Timeout;

namespace Tokenwright.Http;

/// <summary>
/// Sends one request and reads its whole response, body included, within the attempt's time and the cap on its size. What comes out needs
/// no more of the network.
/// </summary>
internal sealed class AttemptHandler : DelegatingHandler
{
    // An error has a few sentences to say. More is not worth the time to read it.
    private const int MaxErrorBytes = 256 * 1024;

    private readonly Lazy<ResiliencePipeline<HttpResponseMessage>> _pipeline;
    private readonly int _maxResponseBytes;
    private readonly TimeProvider _timeProvider;
    private readonly ServerClock _serverClock;
    private readonly ConnectionEvents _events;
    private readonly bool _isGuarded;

    /// <summary>Initializes the handler.</summary>
    /// <param name="options">The connection's numbers.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="serverClock">Takes the time of each response.</param>
    /// <param name="events">Told of each attempt.</param>
    /// <param name="inner">What sends the request.</param>
    /// <param name="isGuarded">Whether there is a <see cref="SendGuardHandler"/> below, which lets only marked requests pass.</param>
    public AttemptHandler(
        ConnectionOptions options, TimeProvider timeProvider, ServerClock serverClock, ConnectionEvents events, HttpMessageHandler inner,
        bool isGuarded)
        : base(inner)
    {
        _isGuarded = isGuarded;
        _maxResponseBytes = options.MaxResponseBytes;
        _timeProvider = timeProvider;
        _serverClock = serverClock;
        _events = events;
        _pipeline = new(() => new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = timeProvider }
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.AttemptTimeout })
            .Build());
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isLogged = _events.AreAttemptsLogged;
        var start = isLogged ? _timeProvider.GetTimestamp() : 0;
        try
        {
            var response = await _pipeline.Value.ExecuteAsync(
                static (state, token) => state.Handler.SendAndBufferAsync(state.Request, token),
                (Handler: this, Request: request),
                cancellationToken).ConfigureAwait(false);
            if (isLogged)
                _events.Responded(request, (int)response.StatusCode, _timeProvider.GetElapsedTime(start));
            return response;
        }
        catch (Exception failure) when (isLogged)
        {
            _events.Failed(request, failure, _timeProvider.GetElapsedTime(start));
            throw;
        }
    }

    private async ValueTask<HttpResponseMessage> SendAndBufferAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = SentRequest.Of(request);
        sent.Attempts++;
        sent.MayHaveArrived = true;

        // The framework itself sends a request again whose connection ends without a response, unless it has begun to send a body. Only of
        // a read need nobody know that: of any other request it counts how often it was sent, and a revocation that finds nothing any more
        // must know that it came before.
        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
            request.Content ??= new ByteArrayContent([]);
        HttpResponseMessage response;
        using (var permit = _isGuarded ? SendPermit.Issue(request, sent) : null)
        {
            try
            {
                response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                sent.MayHaveArrived = MayHaveArrived(failure, permit);
                throw;
            }
        }

        _serverClock.Read(response);

        var isSuccess = response.IsSuccessStatusCode;
        try
        {
            await BufferedContent.FillAsync(response, isSuccess ? _maxResponseBytes : Math.Min(_maxResponseBytes, MaxErrorBytes),
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            if (isSuccess || failure is OperationCanceledException)
            {
                response.Dispose();
                if (failure is OperationCanceledException)
                    throw;
                throw BodyFailure(response.StatusCode, failure);
            }

            // The status of an error counts without its body. Whether the body was the API's must still be seen.
            var source = response.Content;
            var type = source.Headers.ContentType;
            var isJson = type?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;
            response.Content = new ByteArrayContent(isJson ? "{}"u8.ToArray() : "…"u8.ToArray()) { Headers = { ContentType = type } };

            // Only now is the connection free for another request.
            source.Dispose();
        }

        sent.MayHaveArrived = !Refusals.ProveNothingWasDone(response);
        return response;
    }

    // What the guard saw of the transport counts more than an exception that handlers of the program may have made of it.
    private static bool MayHaveArrived(Exception failure, SendPermit? permit) => permit switch
    {
        null => !HttpFailures.IsNotSent(failure),
        { IsUsed: true } => !permit.IsUndelivered,
        _ => !HttpFailures.IsHeldBack(failure),
    };

    // The status that had already arrived goes along: it tells a lost response from a request that never got one.
    private HttpRequestException BodyFailure(HttpStatusCode status, Exception cause)
    {
        // Of a body that can't be decompressed, each decoder of the framework tells with an exception of another type.
        var (error, message) = cause switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                (HttpRequestError.ConfigurationLimitExceeded,
                    $"The body of the response is larger than {_maxResponseBytes} bytes ({nameof(ConnectionOptions.MaxResponseBytes)})."),
            HttpRequestException broken => (broken.HttpRequestError, "The body of the response broke off."),
            IOException => (HttpRequestError.ResponseEnded, "The body of the response broke off."),
            _ => (HttpRequestError.InvalidResponse, "The body of the response can't be decompressed."),
        };
        return CleanException.Own(new HttpRequestException(error, message, CleanException.OfResponse(cause), status));
    }
}
