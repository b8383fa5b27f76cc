using System.Net;
using System.Runtime.CompilerServices;
using Tokenwright.Adapters;
using Tokenwright.Generated;

namespace Tokenwright.Http;

/// <summary>
/// Sends a request of a connection: with the credential, within the rate limit and the timeouts, and with retries after failures that may
/// be temporary if a retry does no harm. The whole response is read before it is returned.
/// </summary>
/// <remarks>
/// There is one asynchronous method for each decision: <c>SendTrackedAsync</c> decides about retries, <c>SendOnceAsync</c> about the
/// credential, and <c>SendLimitedAsync</c> about the rate limit and the result of one attempt. A request that succeeds at once uses no
/// Polly pipeline.
/// </remarks>
internal sealed partial class ConnectionHandler : DelegatingHandler
{
    private readonly VendorConnection _connection;
    private readonly RequestCredential? _credential;
    private readonly ConnectionOptions _options;
    private readonly ConnectionRateLimit _rateLimit;
    private readonly SendGuardKind _guard;
    private readonly string _transportName;
    private readonly string _userAgent;
    private readonly ConnectionProxy? _proxy;
    private readonly Func<IEnumerable<TokenSecret>> _secrets;

    // The secret with which a request succeeded last, and which needs no acknowledgement any more.
    private TokenSecret? _acknowledged;

    /// <summary>Initializes a new instance of the <see cref="ConnectionHandler"/> class.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="credential">The credential of the requests; null for anonymous requests.</param>
    /// <param name="options">The timeouts and limits of the connection.</param>
    /// <param name="rateLimit">The rate limit of the connection.</param>
    /// <param name="userAgent">The user agent of requests that have none.</param>
    /// <param name="transport">The handler that sends requests.</param>
    /// <param name="guard">How the transport is prevented from sending a request twice.</param>
    public ConnectionHandler(
        VendorConnection connection, RequestCredential? credential, ConnectionOptions options, ConnectionRateLimit rateLimit,
        string userAgent, HttpMessageHandler transport, SendGuardKind guard)
        : base(transport)
    {
        _connection = connection;
        _credential = credential;
        _options = options;
        _rateLimit = rateLimit;
        _userAgent = userAgent;
        _guard = guard;
        _secrets = () => connection.SeenSecrets;
        var innermost = OwnTransport.Innermost(transport);
        _transportName = SendGuardHandler.NameOf(innermost);
        _proxy = innermost is SocketsHttpHandler { Proxy: ConnectionProxy { IsAuthenticated: true } proxy } ? proxy : null;
    }

    /// <summary>Gets the timeouts and limits of the connection.</summary>
    public ConnectionOptions Options => _options;

    /// <summary>Gets the connection.</summary>
    public VendorConnection Connection => _connection;

    private TimeProvider Clock => _connection.TimeProvider;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Headers.NonValidated.Contains("User-Agent"))
            request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        var sent = SentRequest.Begin(request, _secrets, _options.TotalTimeout, Clock);
        var sending = SendOnceAsync(sent, cancellationToken);
        if (!sending.IsCompletedSuccessfully)
            return SendTrackedAsync(sending, sent, cancellationToken);
        var response = sending.Result;
        return HttpFailures.IsTransient((int)response.StatusCode)
            ? SendTrackedAsync(new(response), sent, cancellationToken) : Task.FromResult(response);
    }

    private async Task<HttpResponseMessage> SendTrackedAsync(
        ValueTask<HttpResponseMessage> sending, SentRequest sent, CancellationToken cancellationToken)
    {
        try
        {
            HttpResponseMessage response;
            try
            {
                response = await sending.ConfigureAwait(false);
            }
            catch (Exception failure) when (MayRetry(HttpFailures.IsTransient(failure), sent, cancellationToken))
            {
                return await Retries.SendAsync(this, sent, failure, cancellationToken).ConfigureAwait(false);
            }

            return MayRetry(HttpFailures.IsTransient((int)response.StatusCode), sent, cancellationToken)
                ? await Retries.SendAsync(this, sent, response, cancellationToken).ConfigureAwait(false) : response;
        }
        catch (Exception exception)
        {
            sent.DropBody();

            // Callers of a typed client get this exception without further conversion.
            var clean = CleanException.Of(exception, SecretRedactor.Of(sent.Message));
            if (ReferenceEquals(clean, exception))
                throw;
            throw clean;
        }
    }

    private bool MayRetry(bool isTransient, SentRequest sent, CancellationToken cancellationToken)
        => isTransient && _options.MaxRetries > 0 && sent.IsRetryHarmless
            && !cancellationToken.IsCancellationRequested && !sent.OwnerToken.IsCancellationRequested;

    /// <summary>Sends a request without a retry. It is sent twice only if its credential was refused and has changed.</summary>
    /// <param name="sent">The request.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<HttpResponseMessage> SendOnceAsync(SentRequest sent, CancellationToken cancellationToken)
    {
        using var timeout = CallTimeout.Begin(Clock, cancellationToken, sent.OwnerToken);
        try
        {
            timeout.Token.ThrowIfCancellationRequested();
            HttpResponseMessage response;
            if (_credential is null || sent.Message is ApiRequest { IsAnonymous: true })
            {
                response = await SendLimitedAsync(sent, timeout).ConfigureAwait(false);
            }
            else
            {
                var reading = _credential.GetSecretAsync(timeout.Token);
                if (!reading.IsCompleted)
                    timeout.Limit(sent.Left, _options.TotalTimeout);
                var secret = await reading.ConfigureAwait(false);
                Apply(sent, secret);
                response = await SendLimitedAsync(sent, timeout).ConfigureAwait(false);
                if (response.StatusCode == HttpStatusCode.Unauthorized)
                    response = await SendRenewedAsync(response, secret, sent, timeout).ConfigureAwait(false);
                else if (!ReferenceEquals(secret, _acknowledged))
                    await AcknowledgeAsync(secret, response).ConfigureAwait(false);
            }

            timeout.Complete();
            return response;
        }
        catch (OperationCanceledException cancelled) when (timeout.IsOver)
        {
            throw timeout.Exceeded(cancelled);
        }
    }

    // After a 401, the request is sent once more if the credential has changed. If the credential comes from a file, this method waits a
    // moment, so that a program that writes the file can finish.
    private async ValueTask<HttpResponseMessage> SendRenewedAsync(
        HttpResponseMessage response, TokenSecret secret, SentRequest sent, CallTimeout timeout)
    {
        timeout.Limit(sent.Left, _options.TotalTimeout);
        TokenSecret renewed;
        try
        {
            _credential!.Refused(secret);

            // A 401 that doesn't come from the API doesn't prove that the request wasn't carried out.
            if (sent is { MayRetry: false, MayHaveArrived: true })
                return response;
            renewed = await _credential.GetSecretAsync(timeout.Token).ConfigureAwait(false);
            if (renewed.Equals(secret) && await _connection.AwaitSecretFilesAsync(secret, timeout.Token).ConfigureAwait(false))
                renewed = await _credential.GetSecretAsync(timeout.Token).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }

        if (renewed.Equals(secret))
            return response;
        sent.EarlierMayHaveArrived |= sent.MayHaveArrived;
        response.Dispose();
        Apply(sent, renewed);
        response = await SendLimitedAsync(sent, timeout).ConfigureAwait(false);
        await AcknowledgeAsync(renewed, response).ConfigureAwait(false);
        return response;
    }

    // A page of HTML isn't the API's, whatever its status.
    private async ValueTask AcknowledgeAsync(TokenSecret secret, HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType != "text/html"
            && _credential!.OwnSecretOf(secret) is { } own && await _connection.AcknowledgeAsync(own).ConfigureAwait(false))
            _acknowledged = secret;
    }

    private void Apply(SentRequest sent, TokenSecret secret)
    {
        // The secret is added first, so that it is redacted if applying it fails.
        sent.Add(secret);
        _credential!.Apply(sent.Message, secret);
    }
}
