using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Polly;
using Polly.Timeout;

namespace Tokenwright.Http;

/// <summary>Classifies failures of HTTP calls: which of them mean that nothing was sent, and which of them a retry can heal.</summary>
internal static class HttpFailures
{
    /// <summary>
    /// Gets whether a failure of the transport means that the request did not reach the vendor: no connection was established.
    /// </summary>
    /// <param name="failure">What the transport threw.</param>
    public static bool IsNotSent(Exception failure) => failure is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    /// <summary>Gets whether a handler of the program refused to send the request: an open circuit breaker, a rate limiter.</summary>
    /// <param name="failure">What the handler threw.</param>
    public static bool IsHeldBack(Exception failure) => failure is ExecutionRejectedException and not TimeoutRejectedException;

    /// <summary>Gets whether a retry can heal a failure.</summary>
    /// <param name="failure">What the attempt threw. A cancellation is taken for one that the caller did not ask for.</param>
    public static bool IsTransient(Exception failure) => failure switch
    {
        HttpRequestException broken => broken.HttpRequestError switch
        {
            HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.UserAuthenticationError => false,

            // The status of a proxy that refused to open a tunnel: without one, the proxy itself could not be reached.
            HttpRequestError.ProxyTunnelError => broken.StatusCode is not { } status || IsTransient((int)status),

            // A certificate that is not trusted stays so. A connection that ended during the handshake may come about the next time.
            HttpRequestError.SecureConnectionError =>
                broken.InnerException is not AuthenticationException { InnerException: not IOException },
            HttpRequestError.NameResolutionError => broken.InnerException is not ArgumentException,
            _ => true,
        },
        TimeoutRejectedException or OperationCanceledException or IOException or SocketException => true,
        ExecutionRejectedException => false,
        _ => false,
    };

    /// <summary>
    /// Gets whether a status tells of a failure that may pass: a timeout, a used-up rate limit, or any fault of a server or gateway (500
    /// and above, also those that no standard names) except 501 and 505, which say that the server never does it.
    /// </summary>
    /// <param name="status">The status of the response.</param>
    public static bool IsTransient(int status) => status is 408 or 429
        or (>= 500 and < 600 and not (int)HttpStatusCode.NotImplemented and not (int)HttpStatusCode.HttpVersionNotSupported);
}
