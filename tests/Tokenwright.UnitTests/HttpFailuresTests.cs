using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Tokenwright.Http;

namespace Tokenwright.UnitTests;

/// <summary>Which failures of HTTP calls are transient, and which show that nothing was sent.</summary>
internal sealed class HttpFailuresTests
{
    private static IEnumerable<TestCaseData> Failures()
    {
        static HttpRequestException Http(HttpRequestError error, Exception? cause = null, HttpStatusCode? status = null)
            => new(error, null, cause, status);
        static TestCaseData Case(string name, Exception failure, bool isTransient) => new TestCaseData(failure, isTransient).SetName(name);

        yield return Case("a response that is larger than allowed", Http(HttpRequestError.ConfigurationLimitExceeded), false);
        yield return Case("an authentication that failed", Http(HttpRequestError.UserAuthenticationError), false);
        yield return Case("a response that ended early", Http(HttpRequestError.ResponseEnded), true);
        yield return Case("a failure that nobody named", Http(HttpRequestError.Unknown), true);
        yield return Case("a proxy that is not reached", Http(HttpRequestError.ProxyTunnelError), true);
        yield return Case("a proxy that is busy", Http(HttpRequestError.ProxyTunnelError, null, HttpStatusCode.BadGateway), true);
        yield return Case("a proxy that refuses", Http(HttpRequestError.ProxyTunnelError, null, HttpStatusCode.ProxyAuthenticationRequired),
            false);
        yield return Case("a handshake without a cause", Http(HttpRequestError.SecureConnectionError), true);
        yield return Case("a handshake that broke off", Http(HttpRequestError.SecureConnectionError, new IOException()), true);
        yield return Case("a handshake that broke off within the authentication",
            Http(HttpRequestError.SecureConnectionError, new AuthenticationException("a", new IOException())), true);
        yield return Case("a certificate that is not trusted",
            Http(HttpRequestError.SecureConnectionError, new AuthenticationException("a")), false);
        yield return Case("a certificate that is not trusted for a cause",
            Http(HttpRequestError.SecureConnectionError, new AuthenticationException("a", new ArgumentException("b"))), false);
        yield return Case("a name that nobody knows", Http(HttpRequestError.NameResolutionError, new SocketException()), true);
        yield return Case("a name that is none", Http(HttpRequestError.NameResolutionError, new ArgumentException("a")), false);
        yield return Case("a timeout of an attempt", new TimeoutRejectedException("a"), true);
        yield return Case("a cancellation that nobody asked for", new TaskCanceledException(), true);
        yield return Case("a broken stream", new IOException(), true);
        yield return Case("a broken socket", new SocketException(), true);
        yield return Case("an open circuit breaker", new BrokenCircuitException(), false);
        yield return Case("a failure of the program", new InvalidOperationException(), false);
    }

    [TestCaseSource(nameof(Failures))]
    public void A_retry_is_useful_if_the_failure_is_transient(Exception failure, bool isTransient)
        => Assert.That(HttpFailures.IsTransient(failure), Is.EqualTo(isTransient));

    [TestCase(407, false)]
    [TestCase(408, true)]
    [TestCase(409, false)]
    [TestCase(428, false)]
    [TestCase(429, true)]
    [TestCase(430, false)]
    [TestCase(499, false)]
    [TestCase(500, true)]
    [TestCase(501, false)]
    [TestCase(502, true)]
    [TestCase(504, true)]
    [TestCase(505, false)]
    [TestCase(506, true)]
    [TestCase(520, true)]
    [TestCase(599, true)]
    [TestCase(600, false)]
    public void Certain_statuses_are_transient(int status, bool isTransient)
        => Assert.That(HttpFailures.IsTransient(status), Is.EqualTo(isTransient));

    [Test]
    public void A_timeout_is_not_a_refusal_to_send()
    {
        Assert.That(HttpFailures.IsHeldBack(new BrokenCircuitException()), Is.True);
        Assert.That(HttpFailures.IsHeldBack(new TimeoutRejectedException()), Is.False);
        Assert.That(HttpFailures.IsHeldBack(new IOException()), Is.False);
    }

    [Test]
    public void A_request_without_a_connection_was_not_sent()
    {
        var notSent = Enum.GetValues<HttpRequestError>().Where(error => HttpFailures.IsNotSent(new HttpRequestException(error)));

        Assert.That(notSent, Is.EquivalentTo(new[]
        {
            HttpRequestError.NameResolutionError, HttpRequestError.ConnectionError, HttpRequestError.SecureConnectionError,
            HttpRequestError.ProxyTunnelError,
        }));
        Assert.That(HttpFailures.IsNotSent(new IOException()), Is.False);
    }
}
