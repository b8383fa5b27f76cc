using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Tokenwright.Generated;

namespace Tokenwright.Http;

/// <content>Sends one attempt and reads its whole response. The returned response no longer uses the network.</content>
internal sealed partial class ConnectionHandler
{
    // An error contains a few sentences. More isn't worth the time to read it.
    private const int MaxErrorBytes = 256 * 1024;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<HttpResponseMessage> SendLimitedAsync(SentRequest sent, CallTimeout timeout)
    {
        sent.DropBody();
        if (_proxy is not null)
            await ReadProxyPasswordAsync(_proxy, sent, timeout).ConfigureAwait(false);
        var limiter = _rateLimit.Enter(sent, out var since, out var waiter);
        if (waiter is not null)
        {
            timeout.Limit(sent.Left, _options.TotalTimeout);
            since = await limiter.WaitAsync(waiter, _connection.Events, timeout.Token).ConfigureAwait(false);
        }

        var attempts = sent.Attempts;
        var isLogged = _connection.Events.AreAttemptsLogged;
        var start = isLogged ? Clock.GetTimestamp() : 0;
        HttpResponseMessage response;
        try
        {
            LimitAttempt(sent, timeout);
            var content = Prepare(sent, out var permit);
            try
            {
                response = await base.SendAsync(sent.Message, timeout.Token).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                sent.MayHaveArrived = MayHaveArrived(failure, permit);
                throw;
            }
            finally
            {
                permit?.Dispose();
                if (_guard == SendGuardKind.Content)
                    sent.Message.Content = content;
            }

            _connection.ServerClock.Read(response);
            ResponseBody? body;
            try
            {
                body = await ResponseBody.ReadAsync(response, LongestBody(response), timeout.Token).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                body = WithoutBody(response, failure);
            }

            Keep(body, response, sent);
            sent.MayHaveArrived = !Refusals.ProveNothingWasDone(response, body);
        }
        catch (Exception failure)
        {
            _rateLimit.Leave(limiter, since, sent, isAttempted: sent.Attempts > attempts, failure);
            var cause = failure is OperationCanceledException cancelled && timeout.IsOver ? timeout.Exceeded(cancelled) : failure;
            if (isLogged)
                _connection.Events.Failed(sent.Message, cause, Clock.GetElapsedTime(start));
            if (ReferenceEquals(cause, failure))
                throw;
            throw cause;
        }

        limiter.Leave(_options, since, response);
        if (isLogged)
            _connection.Events.Responded(sent.Message, (int)response.StatusCode, Clock.GetElapsedTime(start));
        return response;
    }

    // The rest of the total time can be shorter than the time of an attempt. Before the first wait, all of it is left.
    private void LimitAttempt(SentRequest sent, CallTimeout timeout)
    {
        var left = sent.Attempts == 0 && !timeout.IsLimited ? _options.TotalTimeout : sent.Left;
        if (left < _options.AttemptTimeout)
            timeout.Limit(left, _options.TotalTimeout);
        else
            timeout.Limit(_options.AttemptTimeout, _options.AttemptTimeout);
        timeout.Token.ThrowIfCancellationRequested();
    }

    // The framework can't wait for the password when it needs it. If it can't be read, nothing was sent.
    private ValueTask ReadProxyPasswordAsync(ConnectionProxy proxy, SentRequest sent, CallTimeout timeout)
    {
        timeout.Limit(sent.Left, _options.TotalTimeout);
        return proxy.ReadPasswordAsync(timeout.Token);
    }

    // Returns the content that the request has after the attempt.
    private HttpContent? Prepare(SentRequest sent, out SendPermit? permit)
    {
        var request = sent.Message;
        sent.Attempts++;
        sent.MayHaveArrived = true;

        // The framework repeats a request if the network connection ends without a response, unless it has begun to send a body. This is
        // acceptable only for reads. Other requests get a body to prevent it, because the number of times they were sent must be known. For
        // example, a revocation that doesn't find its token must know whether it was sent before.
        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head)
            request.Content ??= new ByteArrayContent([]);
        var content = request.Content;
        if (_guard == SendGuardKind.Content && content is not null && !sent.MayRetry)
            AllowOneSend(request, content, isFirst: sent.Attempts == 1);
        permit = _guard == SendGuardKind.Permits ? SendPermit.Issue(request, sent) : null;
        return content;
    }

    private void AllowOneSend(HttpRequestMessage request, HttpContent content, bool isFirst)
    {
        if (isFirst && content is ApiContent own)
            own.AllowOneSend(_transportName);
        else
            request.Content = new OneSendContent(content, _transportName);
    }

    private int LongestBody(HttpResponseMessage response)
        => response.IsSuccessStatusCode ? _options.MaxResponseBytes : Math.Min(_options.MaxResponseBytes, MaxErrorBytes);

    private static void Keep(ResponseBody? body, HttpResponseMessage response, SentRequest sent)
    {
        if (body is null)
            return;
        if (sent.Message is ApiRequest)
            sent.Keep(body);
        else
            response.Content = new BufferedContent(body, response.Content);
    }

    // Returns null if the body of an error can't be read, and throws for other bodies.
    private ResponseBody? WithoutBody(HttpResponseMessage response, Exception failure)
    {
        if (response.IsSuccessStatusCode || failure is OperationCanceledException)
        {
            response.Dispose();
            if (failure is OperationCanceledException)
                ExceptionDispatchInfo.Throw(failure);
            throw BodyFailure(response.StatusCode, failure);
        }

        // The status of an error is valid without the body, but it must still be known whether the body comes from the API.
        var source = response.Content;
        var type = source.Headers.ContentType;
        var isJson = type?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;
        response.Content = new ByteArrayContent(isJson ? "{}"u8.ToArray() : "…"u8.ToArray()) { Headers = { ContentType = type } };

        // The network connection is available for another request only after this.
        source.Dispose();
        return null;
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
                    $"The body of the response is larger than {_options.MaxResponseBytes} bytes " +
                        $"({nameof(ConnectionOptions.MaxResponseBytes)})."),
            HttpRequestException broken => (broken.HttpRequestError, "The body of the response broke off."),
            IOException => (HttpRequestError.ResponseEnded, "The body of the response broke off."),
            _ => (HttpRequestError.InvalidResponse, "The body of the response can't be decompressed."),
        };
        return CleanException.Own(new HttpRequestException(error, message, CleanException.OfResponse(cause), status));
    }
}
