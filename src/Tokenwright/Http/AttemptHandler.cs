using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Tokenwright.Http;

/// <summary>
/// Sends one request and reads its whole answer, body included, within the attempt's time and the cap on its size. What comes out needs
/// no more of the network.
/// </summary>
internal sealed class AttemptHandler : DelegatingHandler
{
    private readonly Lazy<ResiliencePipeline<HttpResponseMessage>> _pipeline;
    private readonly int _maxResponseBytes;
    private readonly TimeProvider _timeProvider;
    private readonly ServerClock _serverClock;
    private readonly ConnectionEvents _events;

    public AttemptHandler(ConnectionOptions options, TimeProvider timeProvider, ServerClock serverClock, ConnectionEvents events, HttpMessageHandler inner)
        : base(inner)
    {
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
                _events.Answered(request, (int)response.StatusCode, _timeProvider.GetElapsedTime(start));
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

        // The framework itself sends a request again whose connection ends without an answer, unless it has begun to send a body. Only of a read need nobody know that: of any
        // other request it counts how often it was sent, and a revocation that finds nothing any more must know that it came before.
        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
            request.Content ??= new ByteArrayContent([]);
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsNotSent(exception))
        {
            sent.MayHaveArrived = false;
            throw;
        }

        _serverClock.Read(response);

        // A refusal, which its head alone tells: what was asked for was not done. A 408 comes from something that waited in vain, and may stand before a server that did it.
        if ((int)response.StatusCode is >= 300 and < 500 and not 408)
            sent.MayHaveArrived = false;
        try
        {
            await BufferedContent.FillAsync(response, _maxResponseBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!response.IsSuccessStatusCode && exception is not OperationCanceledException)
        {
            // The status of an error counts without its body. Whether that was the API's must still be seen.
            var type = response.Content.Headers.ContentType;
            var isJson = type?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;
            response.Content = new ByteArrayContent(isJson ? "{}"u8.ToArray() : "…"u8.ToArray()) { Headers = { ContentType = type } };
        }
        catch (Exception exception)
        {
            response.Dispose();
            if (exception is OperationCanceledException)
                throw;
            throw BodyFailure(response.StatusCode, exception);
        }

        return response;
    }

    // No connection came about, or a circuit breaker of the program's own let nothing through.
    private static bool IsNotSent(Exception failure) => failure is BrokenCircuitException or HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    // The status that had already arrived goes along: it tells a lost answer from a request that never got one.
    private HttpRequestException BodyFailure(HttpStatusCode status, Exception cause)
    {
        // Of a body that can't be decompressed, each decoder of the framework tells with an exception of another type.
        var (error, message) = cause switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                (HttpRequestError.ConfigurationLimitExceeded, $"The body of the answer is larger than {_maxResponseBytes} bytes ({nameof(ConnectionOptions.MaxResponseBytes)})."),
            HttpRequestException broken => (broken.HttpRequestError, "The body of the answer broke off."),
            IOException => (HttpRequestError.ResponseEnded, "The body of the answer broke off."),
            _ => (HttpRequestError.InvalidResponse, "The body of the answer can't be decompressed."),
        };
        return CleanException.Own(new HttpRequestException(error, message, CleanException.OfResponse(cause), status));
    }
}
