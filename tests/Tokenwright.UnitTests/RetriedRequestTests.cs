using System.Net;
using Microsoft.Extensions.Time.Testing;
using Polly.Timeout;
using Tokenwright.Http;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>What happens to a request and its responses during retries.</summary>
internal sealed class RetriedRequestTests : ConnectionFixture
{
    private static readonly TimeSpan Total = TimeSpan.FromSeconds(24);

    private WaitSkippingClock _clock = null!;

    [SetUp]
    public void StartClock() => _clock = new WaitSkippingClock(TimeSpan.FromSeconds(10), Total);

    [Test]
    public async Task Responses_before_the_last_one_are_disposed()
    {
        var responses = new List<WatchedResponse>();
        using var client = Client(
            new ActingTransport((_, _) =>
            {
                Assert.That(responses, Has.All.Property(nameof(WatchedResponse.IsDisposed)).True, "before the next send");
                responses.Add(new WatchedResponse(responses.Count < 2 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.NotFound));
                return Task.FromResult<HttpResponseMessage>(responses[^1]);
            }),
            change: options => options.MaxRetries = 3,
            clock: _clock);

        using var response = await client.SendAsync(Read());

        Assert.That(response, Is.SameAs(responses[^1]));
        Assert.That(responses.Select(seen => seen.IsDisposed), Is.EqualTo(new[] { true, true, false }));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task It_is_remembered_that_an_attempt_may_have_been_carried_out(int failures)
    {
        _vendor.Faults.Inject(Fault.Status(503), "GET", times: failures);
        using var client = Client(Sockets(), change: options => options.MaxRetries = 3, clock: _clock);
        using var request = Read();

        using var response = await client.SendAsync(request);

        var sent = SentRequest.Of(request);
        Assert.That((sent.EarlierMayHaveArrived, sent.Attempts), Is.EqualTo((true, failures + 1)));
    }

    // Minutes of the connection's clock, but no time of the system's clock.
    [Test]
    public async Task The_attempt_timeout_and_the_total_timeout_use_the_connections_clock()
    {
        var (ofAttempt, inAll) = (TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
        var clock = new WaitSkippingClock(ofAttempt, inAll);
        Fault[] stalls = [Fault.Stall(), Fault.Stall()];
        foreach (var stall in stalls)
            _vendor.Faults.Inject(stall, "GET");
        using var client = Client(Sockets(), clock: clock, change: options
            => (options.AttemptTimeout, options.TotalTimeout, options.MaxRetries) = (ofAttempt, inAll, 3));

        var call = client.SendAsync(Read());
        await stalls[0].Happened;
        clock.Advance(ofAttempt);
        await stalls[1].Happened.WaitAsync(TimeSpan.FromMinutes(1));
        clock.Advance(inAll - ofAttempt);

        Assert.That(() => call.WaitAsync(TimeSpan.FromMinutes(1)),
            Throws.TypeOf<TimeoutRejectedException>().With.Property("Timeout").EqualTo(inAll));
    }

    [Test]
    public async Task The_servers_clock_is_read_from_each_response()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
        _vendor.Faults.Inject(Fault.Respond(VendorResponse.Empty(404).With("Date", "Tue, 24 Nov 2026 00:00:07 GMT")), "GET");
        using var client = Client(Sockets(), clock: clock);

        using var response = await client.SendAsync(Read());

        Assert.That(_serverClock.Ahead, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public void A_failure_that_shows_a_secret_is_replaced_and_any_other_is_rethrown()
    {
        const string secret = "q7Zk2Xw9Lm4Rt8Vb3Nc6";
        var failure = new InvalidOperationException("quiet");
        using var telling = Client(new ActingTransport((_, _) => throw new InvalidOperationException($"with {secret}")));
        using var quiet = Client(new ActingTransport((_, _) => throw failure));
        using var first = Read();
        using var second = Read();
        first.Headers.Add("X-Api-Key", secret);

        Assert.That(() => telling.SendAsync(first), Throws.TypeOf<RedactedException>().With.Message.EndsWith("with ***"));
        Assert.That(Assert.CatchAsync(() => quiet.SendAsync(second)), Is.SameAs(failure));
        Assert.That(failure.StackTrace, Does.Contain(nameof(ActingTransport)));
    }

    [TestCase(null)]
    [TestCase("the program's own")]
    public async Task A_request_names_the_program_or_else_the_SDK(string? own)
    {
        using var client = Client(Sockets());
        using var request = Read();
        if (own is not null)
            request.Headers.TryAddWithoutValidation("User-Agent", own);

        using var response = await client.SendAsync(request);

        Assert.That(_vendor.Requests.Single().Header("User-Agent"), own is null ? Does.StartWith("Tokenwright") : Is.EqualTo(own));
    }

    [Test]
    public async Task No_retry_waits_for_all_of_the_remaining_time()
    {
        _vendor.Faults.Inject(Fault.Respond(VendorResponse.Empty(503).With("Retry-After", "12")), "GET", times: 9);
        using var client = Client(Sockets(), change: options => (options.MaxRetries, options.TotalTimeout) = (3, Total), clock: _clock);

        using var response = await client.SendAsync(Read());

        Assert.That((response.StatusCode, Count("GET")), Is.EqualTo((HttpStatusCode.ServiceUnavailable, 2)));
        Assert.That(_clock.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(12) }));
    }

    [Test]
    public async Task The_log_counts_retries_and_says_how_long_they_wait()
    {
        using var log = new LineLog();
        _vendor.Faults.Inject(Fault.Respond(VendorResponse.Empty(503).With("Retry-After", "3")), "GET", times: 2);
        using var client = Client(Sockets(), change: options => options.MaxRetries = 3, clock: _clock, logs: log);

        using var response = await client.SendAsync(Read());

        Assert.That(log.Lines.Where(line => line.Contains("retried", StringComparison.Ordinal)), Is.EqualTo(new[]
        {
            $"SailPoint connection 'prod': GET {Path} failed (503) and is retried in 3 s (retry 1).",
            $"SailPoint connection 'prod': GET {Path} failed (503) and is retried in 3 s (retry 2).",
        }));
    }
}
