using Tokenwright.Http;

namespace Tokenwright.UnitTests;

/// <summary>Where the SDK inserts guards into a program's transport.</summary>
internal sealed class GuardPlacementTests
{
    [Test]
    public void A_transport_of_the_framework_needs_no_guard()
    {
        foreach (var transport in new HttpMessageHandler[] { new SocketsHttpHandler(), new HttpClientHandler() })
        {
            using (transport)
            {
                Assert.That(SendGuardHandler.Guard(transport), Is.EqualTo(SendGuardKind.None));
            }
        }
    }

    [Test]
    public void A_transport_of_the_program_gets_bodies_that_it_can_send_only_once()
    {
        using var transport = Transport();

        Assert.That(SendGuardHandler.Guard(transport), Is.EqualTo(SendGuardKind.Content));
    }

    [Test]
    public void A_guard_is_added_below_each_handler_and_only_once()
    {
        foreach (var innermost in new HttpMessageHandler[] { new SocketsHttpHandler(), Transport() })
        {
            using var transport = Handler(Handler(innermost));
            for (var time = 0; time < 2; time++)
            {
                Assert.That(SendGuardHandler.Guard(transport), Is.EqualTo(SendGuardKind.Permits));

                Assert.That(Chain(transport), Is.EqualTo(new[]
                {
                    typeof(ActingHandler), typeof(SendGuardHandler), typeof(ActingHandler), typeof(SendGuardHandler), innermost.GetType(),
                }));
            }
        }
    }

    [Test]
    public void A_handler_without_an_inner_one_is_named()
    {
        using var transport = Handler(Handler(null));

        Assert.That(() => SendGuardHandler.Guard(transport), Throws.ArgumentException
            .With.Message.Contains($"'{typeof(ActingHandler).FullName}' of the transport has no inner handler")
            .And.Property("ParamName").EqualTo("transport"));
    }

    [Test]
    public async Task A_handler_that_already_sent_requests_is_named()
    {
        using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var transport = Handler(new SocketsHttpHandler());
        using var used = new HttpMessageInvoker(transport, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        (await used.SendAsync(request, default)).Dispose();

        Assert.That(() => SendGuardHandler.Guard(transport), Throws.ArgumentException
            .With.Message.Contains($"'{typeof(ActingHandler).FullName}' sent requests before")
            .And.Property("ParamName").EqualTo("transport").And.InnerException.TypeOf<InvalidOperationException>());
    }

    private static ActingHandler Handler(HttpMessageHandler? inner) => new(inner, (request, send) => send(request));

    private static ActingTransport Transport() => new((request, send) => send(request));

    private static IEnumerable<Type> Chain(HttpMessageHandler transport)
    {
        for (HttpMessageHandler? current = transport; current is not null; current = (current as DelegatingHandler)?.InnerHandler)
            yield return current.GetType();
    }
}
