using System.Net;
using Polly;
using Polly.Timeout;

namespace Tokenwright.Http;

/// <summary>
/// Sends one request and reads its whole response within the timeout and the size limit of an attempt. The returned response no longer uses
/// the network.
/// </summary>
internal sealed class AttemptHandler : DelegatingHandler
{
    // An error contains a few sentences. More isn't worth the time to read it.
    private const int MaxErrorBytes = 256 * 1024;

    private readonly Lazy<ResiliencePipeline<HttpResponseMessage>> _pipeline;
    private readonly int _maxResponseBytes;
    private readonly TimeProvider _timeProvider;
    private readonly ServerClock _serverClock;
    private readonly ConnectionEvents _events;
    private readonly bool _isGuarded;

    /// <summary>Initializes a new instance of the <see cref="AttemptHandler"/> class.</summary>
    /// <param name="options">The limits of the connection.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="serverClock">Reads the time of each response.</param>
    /// <param name="events">Records each attempt.</param>
    /// <param name="inner">The handler that sends the request.</param>
    /// <param name="isGuarded">Whether a <see cref="SendGuardHandler"/> is below, which passes only marked requests.</param>
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

        // The framework repeats a request if the network connection ends without a response, unless it has begun to send a body. This is
        // acceptable only for reads. Other requests get a body to prevent it, because the number of times they were sent must be known. For
        // example, a revocation that doesn't find its token must know whether it was sent before.
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

            // The status of an error is valid without the body, but it must still be known whether the body comes from the API.
            var source = response.Content;
            var type = source.Headers.ContentType;
            var isJson = type?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;
            response.Content = new ByteArrayContent(isJson ? "{}"u8.ToArray() : "…"u8.ToArray()) { Headers = { ContentType = type } };

            // The network connection is available for another request only after this.
            source.Dispose();
        }

        sent.MayHaveArrived = !Refusals.ProveNothingWasDone(response);
        return response;
    }

    // What the guard saw is more reliable than an exception from a handler of the program.
    private static bool MayHaveArrived(Exception failure, SendPermit? permit) => permit switch
    {
        null => !HttpFailures.IsNotSent(failure),
        { IsUsed: true } => !permit.IsUndelivered,
        _ => !HttpFailures.IsHeldBack(failure),
    };

    // The received status is passed on. It distinguishes a lost response from a request without any response.
    private HttpRequestException BodyFailure(HttpStatusCode status, Exception cause)
    {
        // Each decoder of the framework throws another type of exception for a body that can't be decompressed.
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
