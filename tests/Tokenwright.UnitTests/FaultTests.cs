using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>What a client sees on its socket when an emulator has faults.</summary>
[CancelAfter(600_000)]
internal sealed class FaultTests
{
    private readonly FakeTimeProvider _clock = new();
    private VendorServer _server = null!;
    private HttpClient _http = null!;
    private int _handled;

    [SetUp]
    public void Start()
    {
        _handled = 0;
        _server = new VendorServer(timeProvider: _clock);
        _server.On("GET", "/a", _ =>
        {
            Interlocked.Increment(ref _handled);
            return VendorResponse.Json(200, """{"a":1}""");
        });
        _http = new HttpClient { BaseAddress = _server.BaseAddress };
    }

    [TearDown]
    public void Stop()
    {
        _http.Dispose();
        _server.Dispose();
    }

    [Test]
    public async Task Without_faults_connections_stay_open_and_requests_are_recorded_exactly()
    {
        for (var i = 0; i < 3; i++)
            Assert.That(await _http.GetStringAsync("a?x=%2F&y=a+b"), Is.EqualTo("""{"a":1}"""));

        Assert.That(
            _server.Requests.Select(request => request.PathAndQuery).ToList(), Has.Count.EqualTo(3).And.All.EqualTo("/a?x=%2F&y=a+b"));
        Assert.That((_server.Requests[0].Query("x"), _server.Requests[0].Query("y"), _server.Requests[0].Query("z")),
            Is.EqualTo(("/", "a b", (string?)null)));
    }

    [Test]
    public async Task Responses_are_dated_by_the_servers_clock()
    {
        _server.Faults.Inject(Fault.Status(500));

        for (var i = 0; i < 2; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1.5));
            var response = await _http.GetAsync("a");
            Assert.That(response.Headers.GetValues("Date"), Is.EqualTo(new[] { _clock.GetUtcNow().ToString("r") }));
        }
    }

    [Test]
    public async Task A_delay_waits_by_the_servers_clock_and_then_responds()
    {
        _server.Faults.Inject(Fault.Delay(TimeSpan.FromMinutes(5)));
        var call = _http.GetStringAsync("a");
        await UntilAsync(() => _server.Requests.Count == 1);
        Assert.That(_handled, Is.Zero);

        // The wait may start a moment after the request was recorded.
        while (!call.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMinutes(5));
            await Task.Yield();
        }

        Assert.That(await call, Is.EqualTo("""{"a":1}"""));
    }

    [TestCase(0)]
    [TestCase(20)]
    [TestCase(60)]
    public async Task A_cut_lets_an_exact_number_of_bytes_through(int bytes)
    {
        _server.Faults.Inject(Fault.Cut(bytes));

        var (received, error) = await RawAsync();

        Assert.That((received.Length, error), Is.EqualTo((bytes, (SocketError?)null)));
        Assert.That("HTTP/1.1 200 OK\r\n".AsSpan(0, Math.Min(bytes, 17)).ToString(), Is.EqualTo(received[..Math.Min(bytes, 17)]));
        Assert.That(_handled, Is.EqualTo(1));
    }

    [TestCase(0)]
    [TestCase(20)]
    public async Task A_reset_resets_the_connection(int bytes)
    {
        _server.Faults.Inject(Fault.Reset(bytes));

        var (_, error) = await RawAsync();

        Assert.That(error, Is.EqualTo(SocketError.ConnectionReset));
        Assert.That(_handled, Is.EqualTo(1));
    }

    [TestCase(0)]
    [TestCase(20)]
    public async Task A_stall_sends_nothing_more_and_keeps_the_connection(int bytes)
    {
        _server.Faults.Inject(Fault.Stall(bytes));
        using var socket = await SendAsync();

        var received = await ReceiveAsync(socket, bytes);
        await UntilAsync(() => _handled == 1);

        Assert.That(received, Has.Length.EqualTo(bytes));
        Assert.That(socket.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead), Is.False, "neither bytes nor an end");
    }

    [Test]
    public async Task Faults_before_handling_prevent_the_request_from_being_carried_out()
    {
        _server.Faults.Inject(Fault.Cut().BeforeHandling());
        _server.Faults.Inject(Fault.Reset().BeforeHandling());
        _server.Faults.Inject(Fault.Status(503));

        Assert.That((await RawAsync()).Received, Is.Empty);
        Assert.That((await RawAsync()).Error, Is.EqualTo(SocketError.ConnectionReset));
        Assert.That((await _http.GetAsync("a")).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));

        Assert.That(_handled, Is.Zero);
        Assert.That(_server.Requests, Has.Count.EqualTo(3));
        Assert.That(() => Fault.Cut(5).BeforeHandling(), Throws.InvalidOperationException);
        Assert.That(() => Fault.Status(500).BeforeHandling(), Throws.InvalidOperationException);
    }

    [TestCase(0)]
    [TestCase(20)]
    public async Task A_fault_in_a_response_has_occurred_after_the_request_and_the_given_bytes(int bytes)
    {
        var handle = new TaskCompletionSource();
        _server.On("GET", "/a", _ =>
        {
            handle.Task.Wait(TimeSpan.FromSeconds(20));
            Interlocked.Increment(ref _handled);
            return VendorResponse.Json(200, """{"a":1}""");
        });
        var fault = Fault.Stall(bytes);
        _server.Faults.Inject(fault);
        using var socket = await SendAsync();
        await UntilAsync(() => _server.Requests.Count == 1);
        Assert.That(fault.Happened.IsCompleted, Is.False);

        handle.SetResult();
        await fault.Happened;

        Assert.That((_handled, socket.Available), Is.EqualTo((1, bytes)));
    }

    [Test]
    public async Task A_fault_after_the_end_of_a_response_does_not_occur()
    {
        var fault = Fault.Cut(10_000);
        _server.Faults.Inject(fault);

        Assert.That(await _http.GetStringAsync("a"), Is.EqualTo("""{"a":1}"""));

        Assert.That(fault.Happened.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_fault_before_handling_has_occurred_when_the_request_arrived()
    {
        var fault = Fault.Stall().BeforeHandling();
        _server.Faults.Inject(fault);
        using var socket = await SendAsync();

        await fault.Happened;

        Assert.That((_handled, socket.Available), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_delayed_request_is_carried_out_even_if_its_client_has_disconnected()
    {
        var fault = Fault.Delay(TimeSpan.FromMinutes(5));
        _server.Faults.Inject(fault);
        using (await SendAsync())
            await fault.Happened;

        while (!fault.Handled.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMinutes(5));
            await Task.Yield();
        }

        Assert.That(_handled, Is.EqualTo(1));
    }

    [TestCase(0, "")]
    [TestCase(4, "7\r\n{")]
    public async Task Bytes_can_be_counted_from_the_beginning_of_the_body(int bytes, string body)
    {
        _server.Faults.Inject(Fault.Cut(bytes).InBody());

        Assert.That((await RawAsync()).Received, Does.EndWith("\r\n\r\n" + body));
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task A_body_that_is_too_short_for_the_fault_is_sent_completely_and_uses_the_fault_up(int bytes)
    {
        _server.On("DELETE", "/a", VendorResponse.Empty(204));
        _server.Faults.Inject(Fault.Cut(bytes).InBody(), method: "DELETE");

        Assert.That(await StatusAsync(HttpMethod.Delete, "a"), Is.EqualTo(204));
        Assert.That(await _http.GetStringAsync("a"), Is.EqualTo("""{"a":1}"""));
    }

    [Test]
    public void Only_a_fault_that_breaks_the_vendors_response_can_be_in_its_body()
    {
        Assert.That(() => Fault.Status(500).InBody(), Throws.InvalidOperationException);
        Assert.That(() => Fault.Cut().BeforeHandling().InBody(), Throws.InvalidOperationException);
        Assert.That(() => Fault.Cut().InBody().BeforeHandling(), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Replacement_responses_can_depend_on_the_request_and_follow_its_handling()
    {
        var fault = Fault.Respond(request => VendorResponse.Bytes(504, [1, 2], "x/y").With("X-Path", request.Path)).AfterHandling();
        _server.Faults.Inject(fault);

        var response = await _http.GetAsync("a");

        Assert.That(
            (response.StatusCode, response.Headers.GetValues("X-Path").Single()), Is.EqualTo((HttpStatusCode.GatewayTimeout, "/a")));
        Assert.That((await response.Content.ReadAsByteArrayAsync(), response.Content.Headers.ContentType!.ToString()),
            Is.EqualTo((new byte[] { 1, 2 }, "x/y")));
        Assert.That((_handled, fault.Handled.IsCompleted, response.Headers.Date), Is.EqualTo((1, true, _clock.GetUtcNow())));
        Assert.That(() => Fault.Cut().AfterHandling(), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Connections_can_be_closed_and_opened_again()
    {
        using var socket = await SendAsync();
        await ReceiveAsync(socket, 20);

        _server.CloseConnections();

        while (await socket.ReceiveAsync(new byte[4096]) > 0)
        {
            // The rest of the response.
        }

        Assert.That(await _http.GetStringAsync("a"), Is.EqualTo("""{"a":1}"""));
    }

    [Test]
    public async Task Replacement_responses_replace_the_vendors()
    {
        _server.Faults.Inject(Fault.TooManyRequests(TimeSpan.FromSeconds(7)));
        _server.Faults.Inject(Fault.Respond(VendorResponse.Html(200, "<html/>")));

        var limited = await _http.GetAsync("a");
        var page = await _http.GetAsync("a");

        Assert.That(
            (limited.StatusCode, limited.Headers.RetryAfter!.Delta), Is.EqualTo((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7))));
        Assert.That(
            (page.Content.Headers.ContentType!.MediaType, await page.Content.ReadAsStringAsync()), Is.EqualTo(("text/html", "<html/>")));
    }

    [Test]
    public async Task Faults_affect_the_matching_calls_the_given_number_of_times()
    {
        _server.On("GET", "/b/1", VendorResponse.Empty(200));
        _server.On("POST", "/b/1", VendorResponse.Empty(200));
        _server.Faults.Inject(Fault.Status(500), method: "POST", path: "/b/*", times: 2);

        Assert.That(await StatusAsync(HttpMethod.Get, "b/1"), Is.EqualTo(200));
        Assert.That(await StatusAsync(HttpMethod.Get, "a"), Is.EqualTo(200));
        Assert.That(await StatusAsync(HttpMethod.Post, "b/1"), Is.EqualTo(500));
        Assert.That(await StatusAsync(HttpMethod.Post, "b/1"), Is.EqualTo(500));
        Assert.That(await StatusAsync(HttpMethod.Post, "b/1"), Is.EqualTo(200));
        _server.Faults.Inject(Fault.Status(500));
        _server.Faults.Clear();
        Assert.That(await StatusAsync(HttpMethod.Get, "a"), Is.EqualTo(200));
    }

    [Test]
    public async Task A_stopped_server_refuses_connections_and_closes_stalled_ones()
    {
        _server.Faults.Inject(Fault.Stall());
        var stalled = _http.GetAsync("a");
        await UntilAsync(() => _handled == 1);

        using var port = ClosedPort.Of(_server, _server.BaseAddress);

        Assert.That(async () => await stalled, Throws.TypeOf<HttpRequestException>());
        Assert.That(async () => await _http.GetAsync("a"),
            Throws.TypeOf<HttpRequestException>().With.Property("HttpRequestError").EqualTo(HttpRequestError.ConnectionError));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(20)));
            await Task.Yield();
        }
    }

    private async Task<int> StatusAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await _http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private async Task<Socket> SendAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _server.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /a HTTP/1.1\r\nHost: a\r\n\r\n"));
        return socket;
    }

    private static async Task<string> ReceiveAsync(Socket socket, int bytes)
    {
        var buffer = new byte[bytes];
        for (var received = 0; received < bytes;)
            received += await socket.ReceiveAsync(buffer.AsMemory(received));
        return Encoding.ASCII.GetString(buffer);
    }

    private async Task<(string Received, SocketError? Error)> RawAsync()
    {
        using var socket = await SendAsync();
        var all = new List<byte>();
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await socket.ReceiveAsync(buffer)) > 0)
                all.AddRange(buffer[..read]);
            return (Encoding.ASCII.GetString([.. all]), null);
        }
        catch (SocketException exception)
        {
            return (Encoding.ASCII.GetString([.. all]), exception.SocketErrorCode);
        }
    }
}
