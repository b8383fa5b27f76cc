using System.Net;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>Requests that a program's handlers retry: which are refused, with which message, and which are sent.</summary>
internal sealed class SendGuardTests : ConnectionFixture
{
    private const string Header = "Tokenwright-Attempt";
    private static readonly string Handler = typeof(ActingHandler).FullName!;

    [TestCase(false)]
    [TestCase(true)]
    public void A_second_send_of_a_write_is_refused_with_its_handler_and_the_first_status(bool isCopy)
    {
        using var client = Client(new ActingHandler(Sockets(), async (request, send) =>
        {
            var copy = isCopy ? Copy(request) : request;
            (await send(request)).Dispose();
            return await send(copy);
        }));

        var refused = Assert.ThrowsAsync<RepeatedSendException>(() => client.SendAsync(Write()))!;

        Assert.That((refused.Handler, refused.FirstStatus), Is.EqualTo((Handler, (HttpStatusCode?)HttpStatusCode.ServiceUnavailable)));
        Assert.That(refused.Message, Does.Contain($"'{Handler}'").And.Contain("second time, after the response HTTP 503. The second"));
        Assert.That(Count("POST"), Is.EqualTo(1));
    }

    [Test]
    public void A_second_send_after_a_failure_is_refused_without_a_status()
    {
        _vendor.Faults.Inject(Fault.Reset(), "POST");
        using var client = Client(new ActingHandler(Sockets(), async (request, send) =>
        {
            Assert.That(async () => await send(request), Throws.TypeOf<HttpRequestException>());
            return await send(request);
        }));

        var refused = Assert.ThrowsAsync<RepeatedSendException>(() => client.SendAsync(Write()))!;

        Assert.That((refused.Handler, refused.FirstStatus), Is.EqualTo((Handler, (HttpStatusCode?)null)));
        Assert.That(refused.Message, Does.Contain("a second time. The second request was not sent"));
        Assert.That(Count("POST"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_second_send_of_a_read_is_allowed()
    {
        using var client = Client(new ActingHandler(Sockets(), async (request, send) =>
        {
            (await send(request)).Dispose();
            return await send(request);
        }));

        using var response = await client.SendAsync(Read());

        Assert.That((response.StatusCode, Count("GET")), Is.EqualTo((HttpStatusCode.OK, 2)));
    }

    [Test]
    public void A_concurrent_second_write_is_refused_when_the_first_one_has_completed()
    {
        var isSecondOver = false;
        using var client = Client(new ActingHandler(Sockets(), async (request, send) =>
        {
            var entered = new TaskCompletionSource();
            var leave = new TaskCompletionSource();
            _vendor.On("POST", Path, _ =>
            {
                entered.SetResult();
                leave.Task.Wait(TimeSpan.FromMinutes(1));
                return VendorResponse.Json(500, "{}");
            });
            var copy = Copy(request);
            var first = send(request);
            await entered.Task;
            var second = send(copy);
            isSecondOver = second.IsCompleted;
            leave.SetResult();
            (await first).Dispose();
            return await second;
        }));

        var refused = Assert.ThrowsAsync<RepeatedSendException>(() => client.SendAsync(Write()))!;

        Assert.That((isSecondOver, refused.FirstStatus), Is.EqualTo((false, (HttpStatusCode?)HttpStatusCode.InternalServerError)));
        Assert.That(Count("POST"), Is.EqualTo(1));
    }

    [Test]
    public void Cancellation_stops_the_wait_of_the_second_write_for_the_first()
    {
        var stall = Fault.Stall();
        _vendor.Faults.Inject(stall, "POST");
        using var cancellation = new CancellationTokenSource();
        Exception? ofSecond = null;
        using var client = Client(new ActingHandler(Sockets(), async (request, send) =>
        {
            var copy = Copy(request);
            var first = send(request);
            await stall.Happened;
            var second = send(copy);
            await cancellation.CancelAsync();
            ofSecond = Assert.CatchAsync(() => second);
            return await first;
        }));

        Assert.That(() => client.SendAsync(Write(), cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(ofSecond, Is.InstanceOf<OperationCanceledException>());
    }

    [TestCase("POST", false)]
    [TestCase("PATCH", false)]
    [TestCase("GET", true)]
    [TestCase("HEAD", true)]
    [TestCase("OPTIONS", true)]
    [TestCase("PUT", true)]
    [TestCase("DELETE", true)]
    public void A_handlers_own_request_is_allowed_only_if_its_method_is_safe(string method, bool passes)
    {
        _vendor.On(method, "/own", VendorResponse.Empty(204));
        using var client = Client(new ActingHandler(Sockets(), async (_, send) =>
        {
            using var own = new HttpRequestMessage(new HttpMethod(method), new Uri(_vendor.BaseAddress, "own"));
            return await send(own);
        }));

        if (passes)
        {
            Assert.That(() => client.SendAsync(Write()), Throws.Nothing);
        }
        else
        {
            var refused = Assert.ThrowsAsync<RepeatedSendException>(() => client.SendAsync(Write()))!;
            Assert.That((refused.Handler, refused.FirstStatus), Is.EqualTo((Handler, (HttpStatusCode?)null)));
            Assert.That(refused.Message, Does.Contain($"'{Handler}'").And.Contain($"lacks the header {Header}"));
        }

        Assert.That(_vendor.Requests, Has.Count.EqualTo(passes ? 1 : 0));
    }

    [Test]
    public async Task A_copy_that_is_sent_after_the_attempt_has_completed_is_refused()
    {
        Func<Task>? sendLater = null;
        using var client = Client(new ActingHandler(Sockets(), async (request, send) =>
        {
            var copy = Copy(request);
            sendLater = () => send(copy);
            return await send(request);
        }));

        using var response = await client.SendAsync(Write());

        Assert.That(sendLater!, Throws.TypeOf<RepeatedSendException>().With.Message.Contains("lacks the header"));
        Assert.That(Count("POST"), Is.EqualTo(1));
    }

    [Test]
    public async Task Only_handlers_see_the_header_that_marks_an_attempt()
    {
        var seen = new List<string?>();
        using var client = Client(new ActingHandler(Sockets(), async (request, send) =>
        {
            seen.Add(request.Headers.GetValues(Header).Single());
            var response = await send(request);
            seen.Add(request.Headers.GetValues(Header).Single());
            return response;
        }));
        using var request = Write();

        using var response = await client.SendAsync(request);

        Assert.That(seen, Has.Count.EqualTo(2).And.All.EqualTo(seen[0]));
        Assert.That(_vendor.Requests.Single().Header(Header), Is.Null);
        Assert.That(request.Headers.Contains(Header), Is.False, "it ends with the attempt");
    }

    [Test]
    public void A_marking_header_that_the_caller_sets_is_replaced()
    {
        using var client = Client(new ActingHandler(Sockets(), (request, send) => send(request)));
        using var request = Write();
        request.Headers.TryAddWithoutValidation(Header, "0");

        Assert.That(() => client.SendAsync(request), Throws.Nothing);

        Assert.That(_vendor.Requests.Single().Header(Header), Is.Null);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_error_names_the_handler_that_sends_twice(bool isOuter)
    {
        Task<HttpResponseMessage> Pass(HttpRequestMessage request, Func<HttpRequestMessage, Task<HttpResponseMessage>> send)
            => send(request);
        async Task<HttpResponseMessage> Repeat(HttpRequestMessage request, Func<HttpRequestMessage, Task<HttpResponseMessage>> send)
        {
            (await send(request)).Dispose();
            return await send(request);
        }

        using var client = Client(new Outer(new ActingHandler(Sockets(), isOuter ? Pass : Repeat), isOuter ? Repeat : Pass));

        var refused = Assert.ThrowsAsync<RepeatedSendException>(() => client.SendAsync(Write()))!;

        Assert.That(refused.Handler, Is.EqualTo(isOuter ? typeof(Outer).FullName : Handler));
        Assert.That(Count("POST"), Is.EqualTo(1));
    }

    private static HttpRequestMessage Copy(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = new StringContent("copy") };
        foreach (var header in request.Headers)
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        return copy;
    }

    private sealed class Outer(
        HttpMessageHandler inner,
        Func<HttpRequestMessage, Func<HttpRequestMessage, Task<HttpResponseMessage>>, Task<HttpResponseMessage>> act)
        : ActingHandler(inner, act);
}
