using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Polly;
using Polly.Timeout;

namespace Tokenwright.Http;

/// <summary>Classifies failures of HTTP calls: whether the request was sent, and whether a retry can help.</summary>
internal static class HttpFailures
{
    /// <summary>
    /// Determines whether a failure of the transport means that the request did not reach the vendor, because no connection was
    /// established.
    /// </summary>
    /// <param name="failure">The exception of the transport.</param>
    public static bool IsNotSent(Exception failure) => failure is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };

    /// <summary>
    /// Determines whether a handler of the program, such as an open circuit breaker or a rate limiter, refused to send the request.
    /// </summary>
    /// <param name="failure">The exception of the handler.</param>
    public static bool IsHeldBack(Exception failure) => failure is ExecutionRejectedException and not TimeoutRejectedException;

    /// <summary>Determines whether a retry can help after a failure.</summary>
    /// <param name="failure">The exception of the attempt. A cancellation counts as one that the caller did not request.</param>
    public static bool IsTransient(Exception failure) => failure switch
    {
        HttpRequestException broken => broken.HttpRequestError switch
        {
            HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.UserAuthenticationError => false,

            // The proxy refused to open a tunnel, and this is its status. Without a status, the proxy couldn't be reached.
            HttpRequestError.ProxyTunnelError => broken.StatusCode is not { } status || IsTransient((int)status),

            // An untrusted certificate stays untrusted, but a handshake that ended early can succeed the next time.
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
    /// Determines whether a status means a failure that may be temporary: a timeout, an exceeded rate limit, or an error of a server or
    /// gateway (500 and above, including nonstandard ones). The exceptions are 501 and 505, with which the server says that it never
    /// supports the request.
    /// </summary>
    /// <param name="status">The status of the response.</param>
    public static bool IsTransient(int status) => status is 408 or 429
        or (>= 500 and < 600 and not (int)HttpStatusCode.NotImplemented and not (int)HttpStatusCode.HttpVersionNotSupported);
}
