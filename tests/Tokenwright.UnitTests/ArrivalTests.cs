using System.Net;
using System.Net.Sockets;
using Polly.CircuitBreaker;
using Tokenwright.Http;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>Whether a request that failed may have been carried out, as the guard below a program's handlers saw it.</summary>
internal sealed class ArrivalTests : ConnectionFixture
{
    [TestCase(HttpRequestError.NameResolutionError, false)]
    [TestCase(HttpRequestError.ConnectionError, false)]
    [TestCase(HttpRequestError.SecureConnectionError, false)]
    [TestCase(HttpRequestError.ProxyTunnelError, false)]
    [TestCase(HttpRequestError.ResponseEnded, true)]
    [TestCase(HttpRequestError.Unknown, true)]
    public void What_the_transport_fails_with_tells_whether_it_was_sent(HttpRequestError error, bool mayHaveArrived)
    {
        using var client = Client(new ActingTransport((_, _) => throw new HttpRequestException(error)));

        Assert.That(MayHaveArrived(client, Write()), Is.EqualTo((mayHaveArrived, false)));
    }

    [Test]
    public void Without_a_guard_a_connection_that_is_refused_tells_it_too()
    {
        using var refusing = Client(Sockets(), Nobody());
        using var resetting = Client(Sockets());
        _vendor.Faults.Inject(Fault.Reset(), "POST");

        Assert.That(MayHaveArrived(refusing, Write()), Is.EqualTo((false, false)));
        Assert.That(MayHaveArrived(resetting, Write()), Is.EqualTo((true, false)));
    }

    // Whatever a handler makes of the failure.
    [TestCase(true)]
    [TestCase(false)]
    public void What_the_guard_saw_counts_more_than_the_exception_of_a_handler(bool isReached)
    {
        using var client = Client(new ActingHandler(Sockets(), async (request, send) =>
        {
            try
            {
                using var response = await send(request);
            }
            catch (HttpRequestException)
            {
                // Its own comes in its place.
            }

            throw isReached ? new HttpRequestException(HttpRequestError.ConnectionError) : new IOException("a handler's own");
        }), isReached ? null : Nobody());

        Assert.That(MayHaveArrived(client, Write()), Is.EqualTo((isReached, false)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Where_a_handler_sent_nothing_only_a_refusal_of_its_own_tells_that(bool isRefusal)
    {
        using var client = Client(new ActingHandler(
            Sockets(), (_, _) => throw (isRefusal ? new BrokenCircuitException("open") : new IOException("a handler's own"))));

        Assert.That(MayHaveArrived(client, Write()), Is.EqualTo((!isRefusal, false)));
        Assert.That(_vendor.Requests, Is.Empty);
    }

    // A read that a handler sends again, and may.
    [TestCase(true, true, true, false)]
    [TestCase(true, false, false, true)]
    [TestCase(false, false, false, false)]
    [TestCase(true, true, true, true)]
    [TestCase(true, true, true, true, false)]
    [TestCase(true, true, true, false, false)]
    public void Of_several_sends_in_one_attempt_each_counts(bool mayHaveArrived, bool earlier, params bool[] reached)
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

    // An address whose connections are refused: its socket is bound, and nobody listens.
    private Uri Nobody()
    {
        var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Opened(bound);
        return new Uri($"http://127.0.0.1:{((IPEndPoint)bound.LocalEndPoint!).Port}/");
    }
}
