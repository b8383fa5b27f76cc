using System.Net;
using System.Net.Sockets;
using Polly.CircuitBreaker;
using Tokenwright.Http;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>Whether a failed request may have been carried out, according to the guard below the program's handlers.</summary>
internal sealed class ArrivalTests : ConnectionFixture
{
    [TestCase(HttpRequestError.NameResolutionError, false)]
    [TestCase(HttpRequestError.ConnectionError, false)]
    [TestCase(HttpRequestError.SecureConnectionError, false)]
    [TestCase(HttpRequestError.ProxyTunnelError, false)]
    [TestCase(HttpRequestError.ResponseEnded, true)]
    [TestCase(HttpRequestError.Unknown, true)]
    public void The_exception_of_the_transport_shows_whether_the_request_was_sent(HttpRequestError error, bool mayHaveArrived)
    {
        using var client = Client(new ActingTransport((_, _) => throw new HttpRequestException(error)));

        Assert.That(MayHaveArrived(client, Write()), Is.EqualTo((mayHaveArrived, false)));
    }

    [Test]
    public void A_refused_connection_shows_that_nothing_was_sent_even_without_a_guard()
    {
        using var refusing = Client(Sockets(), Nobody());
        using var resetting = Client(Sockets());
        _vendor.Faults.Inject(Fault.Reset(), "POST");

        Assert.That(MayHaveArrived(refusing, Write()), Is.EqualTo((false, false)));
        Assert.That(MayHaveArrived(resetting, Write()), Is.EqualTo((true, false)));
    }

    // Whatever exception a handler throws instead.
    [TestCase(true)]
    [TestCase(false)]
    public void The_guard_has_priority_over_the_exception_of_a_handler(bool isReached)
    {
        using var client = Client(new ActingHandler(Sockets(), async (request, send) =>
        {
            try
            {
                using var response = await send(request);
            }
            catch (HttpRequestException)
            {
                // The handler throws its own exception.
            }

            throw isReached ? new HttpRequestException(HttpRequestError.ConnectionError) : new IOException("a handler's own");
        }), isReached ? null : Nobody());

        Assert.That(MayHaveArrived(client, Write()), Is.EqualTo((isReached, false)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void If_a_handler_sent_nothing_only_its_own_refusal_shows_that(bool isRefusal)
    {
        using var client = Client(new ActingHandler(
            Sockets(), (_, _) => throw (isRefusal ? new BrokenCircuitException("open") : new IOException("a handler's own"))));

        Assert.That(MayHaveArrived(client, Write()), Is.EqualTo((!isRefusal, false)));
        Assert.That(_vendor.Requests, Is.Empty);
    }

    // A read, which a handler may retry.
    [TestCase(true, true, true, false)]
    [TestCase(true, false, false, true)]
    [TestCase(false, false, false, false)]
    [TestCase(true, true, true, true)]
    [TestCase(true, true, true, true, false)]
    [TestCase(true, true, true, false, false)]
    public void Every_send_of_an_attempt_counts(bool mayHaveArrived, bool earlier, params bool[] reached)
    {
        var left = new Queue<bool>(reached);
        using var client = Client(new ActingHandler(
            new ActingTransport((_, _) => throw new HttpRequestException(
                left.Dequeue() ? HttpRequestError.ResponseEnded : HttpRequestError.ConnectionError)),
            async (request, send) =>
            {
                while (left.Count > 1)
                    Assert.That(() => send(request), Throws.TypeOf<HttpRequestException>());
                return await send(request);
            }));

        Assert.That(MayHaveArrived(client, Read()), Is.EqualTo((mayHaveArrived, earlier)));
    }

    private static (bool LastAttempt, bool Earlier) MayHaveArrived(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            Assert.CatchAsync(() => client.SendAsync(request));
            var sent = SentRequest.Of(request);
            return (sent.MayHaveArrived, sent.EarlierMayHaveArrived);
        }
    }

    // An address that refuses connections: its socket is bound but doesn't listen.
    private Uri Nobody()
    {
        var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Opened(bound);
        return new Uri($"http://127.0.0.1:{((IPEndPoint)bound.LocalEndPoint!).Port}/");
    }
}
