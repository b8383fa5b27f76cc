using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.CircuitBreaker;
using Tokenwright.Http;
using Tokenwright.SailPoint;
using Tokenwright.SailPoint.Api;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>What is sent again, when, and what is not.</summary>
internal sealed class ResilienceTests
{
    private const string List = "/v2025/personal-access-tokens";
    private const string Token = "/v2025/personal-access-tokens/x";

    private static readonly TokenReference X = TokenReference.ById("x");
    private static readonly CreateTokenRequest New = new() { Name = "n", Expiry = TokenExpiry.Never };

    private WaitSkippingClock _clock = null!;
    private VendorServer _vendor = null!;

    [SetUp]
    public void Start()
    {
        _clock = new WaitSkippingClock();
        _vendor = new VendorServer(timeProvider: _clock);
        _vendor.On("POST", "/oauth/token", VendorResponse.Json(200, """{"access_token":"at"}"""));
        _vendor.On("GET", List, VendorResponse.Json(200, "[]"));
        _vendor.On("DELETE", Token, VendorResponse.Empty(204));
        _vendor.On("PATCH", Token, VendorResponse.Json(200, """{"id":"x"}"""));
        _vendor.On("POST", List, VendorResponse.Json(200, """{"id":"x","secret":"s"}"""));
    }

    [TearDown]
    public void Stop() => _vendor.Dispose();

    [TestCase(408)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(502)]
    [TestCase(503)]
    [TestCase(504)]
    public async Task A_read_is_sent_again_after_a_failure_that_may_pass(int status)
    {
        _vendor.Faults.Inject(Fault.Status(status), "GET", times: 3);
        using var client = Client();

        Assert.That(await client.ListAsync().ToListAsync(), Is.Empty);

        Assert.That(Count("GET"), Is.EqualTo(4));
        Assert.That(_clock.Waits, Has.Count.EqualTo(3));
        for (var retry = 0; retry < 3; retry++)
            Assert.That(_clock.Waits[retry].TotalSeconds, Is.InRange(0.4 * Math.Pow(2, retry), 1.2 * Math.Pow(2, retry)), $"wait {retry}");
    }

    [Test]
    public void After_the_last_retry_the_failure_is_thrown_and_says_how_often_it_was_tried()
    {
        _vendor.Faults.Inject(Fault.Status(503), "GET", times: 4);
        using var client = Client();

        var exception = Assert.CatchAsync<TokenServiceUnavailableException>(async () => await client.ListAsync().ToListAsync())!;

        Assert.That((exception.Status, exception.IsTransient), Is.EqualTo(((HttpStatusCode?)HttpStatusCode.ServiceUnavailable, true)));
        Assert.That(exception.Message, Does.Contain("Tried 4 times"));
        Assert.That(Count("GET"), Is.EqualTo(4));
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(409)]
    [TestCase(501)]
    [TestCase(505)]
    public void Other_failures_are_not_sent_again(int status)
    {
        _vendor.Faults.Inject(Fault.Status(status), "GET");
        using var client = Client();

        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.InstanceOf<TokenClientException>());

        Assert.That((Count("GET"), _clock.Waits.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Broken_connections_are_tried_again()
    {
        _vendor.Faults.Inject(Fault.Reset(), "GET");
        _vendor.Faults.Inject(Fault.Cut(40), "GET");
        _vendor.Faults.Inject(Fault.Cut().BeforeHandling(), "GET");
        using var client = Client();

        Assert.That(await client.ListAsync().ToListAsync(), Is.Empty);

        Assert.That(Count("GET"), Is.GreaterThanOrEqualTo(4),
            "the framework itself sends once more what ends without a response on a connection that was used before");
        Assert.That(_clock.Waits, Is.Not.Empty);
    }

    [Test]
    public async Task An_attempt_that_hangs_is_tried_again()
    {
        var stall = Fault.Stall(60);
        _vendor.Faults.Inject(stall, "GET");
        using var client = Client();

        var call = client.ListAsync().ToListAsync();
        await stall.Happened;
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.That(await call, Is.Empty);
        Assert.That(Count("GET"), Is.EqualTo(2));
    }

    [Test]
    public async Task Deleting_and_replacing_are_sent_again()
    {
        _vendor.Faults.Inject(Fault.Status(503), "DELETE");
        _vendor.Faults.Inject(Fault.Status(503), "PATCH");
        using var client = Client();

        await client.RevokeAsync(X);
        await client.UpdateAsync(X, new() { Name = "m" });

        Assert.That((Count("DELETE"), Count("PATCH")), Is.EqualTo((2, 2)));
    }

    [Test]
    public void What_done_twice_differs_from_done_once_is_not_sent_again()
    {
        _vendor.Faults.Inject(Fault.Status(503), "PATCH");
        using var client = Client();

        Assert.That(
            () => client.UpdateAsync(
                X, new() { Raw = new List<JsonPatchOperation> { new() { Op = "add", Path = "/scope/-", Value = "s" } } }),
            Throws.TypeOf<TokenServiceUnavailableException>());

        Assert.That(Count("PATCH"), Is.EqualTo(1));
    }

    [TestCase(500)]
    [TestCase(502)]
    [TestCase(503)]
    [TestCase(504)]
    [TestCase(408)]
    public void A_create_that_may_have_been_carried_out_is_not_sent_again(int status)
    {
        _vendor.Faults.Inject(Fault.Status(status), "POST", List);
        using var client = Client();

        Assert.That(() => client.CreateAsync(New), Throws.TypeOf<TokenOutcomeUnknownException>());

        Assert.That(Count("POST", List), Is.EqualTo(1));
    }

    [Test]
    public async Task A_create_that_was_refused_as_one_call_too_many_is_sent_again()
    {
        _vendor.Faults.Inject(Fault.TooManyRequests(TimeSpan.FromSeconds(3)), "POST", List);
        using var client = Client();

        Assert.That((await client.CreateAsync(New)).Secret.Reveal(), Is.EqualTo("s"));

        Assert.That(Count("POST", List), Is.EqualTo(2));
        Assert.That(_clock.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(3) }));
    }

    [Test]
    public void A_create_that_surely_did_not_arrive_is_tried_again()
    {
        var address = _vendor.BaseAddress;
        using var client = new XmsTokenClient(
            "lab", new() { BaseAddress = new Uri(address, "v1"), AccessToken = new TokenSecret("own") }, timeProvider: _clock);
        _vendor.Dispose();

        var exception =
            Assert.CatchAsync<TokenServiceUnavailableException>(() => client.CreateAsync(new() { Name = "n", Roles = [new("admin")] }))!;

        Assert.That(exception.Message, Does.Contain("Tried 4 times"));
    }

    [TestCase("3", 3)]
    [TestCase("Tue, 24 Nov 2026 00:00:07 GMT", 7)]
    [TestCase("Tuesday, 24-Nov-26 00:00:07 GMT", 7)]
    [TestCase("Tue Nov 24 00:00:07 2026", 7)]
    [TestCase("0", 0)]
    public async Task Retry_After_is_heeded(string value, int seconds)
    {
        _vendor.Faults.Inject(Fault.Respond(VendorResponse.Empty(503).With("Retry-After", value)), "GET");
        using var client = Client();

        await client.ListAsync().ToListAsync();

        Assert.That(_clock.Waits, seconds == 0 ? Is.Empty : Is.EqualTo(new[] { TimeSpan.FromSeconds(seconds) }));
    }

    [Test]
    public async Task A_date_counts_by_the_clock_of_the_response()
    {
        _vendor.Faults.Inject(
            Fault.Respond(VendorResponse.Empty(503).With("Retry-After", "Wed, 01 Jan 2020 00:00:05 GMT")
                .With("Date", "Wed, 01 Jan 2020 00:00:00 GMT")), "GET");
        using var client = Client();

        await client.ListAsync().ToListAsync();

        Assert.That(_clock.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(5) }));
    }

    [TestCase("31")]
    [TestCase("3600")]
    [TestCase("99999999999999999999")]
    [TestCase("Tue, 24 Nov 2026 01:00:00 GMT")]
    public void A_wait_that_does_not_fit_fails_at_once_and_is_told(string value)
    {
        _vendor.Faults.Inject(Fault.Respond(VendorResponse.Empty(429).With("Retry-After", value)), "GET");
        using var client = Client();

        var exception = Assert.CatchAsync<TokenRateLimitedException>(async () => await client.ListAsync().ToListAsync())!;

        Assert.That(exception.RetryAfter, Is.GreaterThan(TimeSpan.FromSeconds(30)));
        Assert.That((Count("GET"), _clock.Waits.Count), Is.EqualTo((1, 0)));
    }

    [TestCase("1795478405", 5)]
    [TestCase("1795478405000", 5)]
    [TestCase("1795478399", 0)]
    public async Task A_large_number_in_Retry_After_is_an_instant(string value, int seconds)
    {
        _vendor.Faults.Inject(Fault.Respond(VendorResponse.Empty(503).With("Retry-After", value)), "GET");
        using var client = Client();

        await client.ListAsync().ToListAsync();

        Assert.That(_clock.Waits, seconds == 0 ? Is.Empty : Is.EqualTo(new[] { TimeSpan.FromSeconds(seconds) }));
    }

    [Test]
    public async Task A_retry_waits_no_longer_than_the_option_says()
    {
        _vendor.Faults.Inject(Fault.Respond(VendorResponse.Empty(503).With("Retry-After", "3600")), "GET");
        using var client = Client(options => options.MaxRetryAfter = TimeSpan.FromSeconds(3));

        await client.ListAsync().ToListAsync();

        Assert.That(_clock.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(3) }));
    }

    [Test]
    public void A_backoff_lies_anywhere_between_half_and_one_and_a_half_of_its_mean()
    {
        var first = TimeSpan.FromSeconds(0.8);
        for (var retry = 0; retry <= 10; retry++)
        {
            var mean = first * Math.Pow(2, retry);
            Assert.That(Backoff.Delay(retry, first, 0), Is.EqualTo(mean * 0.5));
            Assert.That(Backoff.Delay(retry, first, 0.5), Is.EqualTo(mean));
            Assert.That(Backoff.Delay(retry, first, Math.BitDecrement(1.0)), Is.EqualTo(mean * 1.5).Within(TimeSpan.FromTicks(1)));
        }

        Assert.That(Backoff.Delay(int.MaxValue, TimeSpan.FromDays(1), Math.BitDecrement(1.0)), Is.GreaterThan(TimeSpan.FromDays(1_000_000)),
            "and it doesn't overflow");
    }

    // By chance one of the ten parts is empty once in 10^44 runs.
    [Test]
    public void Backoffs_are_spread_evenly()
    {
        var parts = Enumerable.Range(0, 1000).GroupBy(_ => (int)((Backoff.Delay(0, TimeSpan.FromSeconds(1)).TotalSeconds - 0.5) * 10))
            .ToDictionary(part => part.Key, part => part.Count());

        Assert.That(parts.Keys, Is.EquivalentTo(Enumerable.Range(0, 10)));
        Assert.That(parts.Values, Has.All.InRange(20, 300));
    }

    [Test]
    public async Task Callers_that_fail_together_do_not_come_back_together()
    {
        using var client = Client();

        for (var call = 0; call < 20; call++)
        {
            _vendor.Faults.Inject(Fault.Status(503), "GET");
            await client.ListAsync().ToListAsync();
        }

        Assert.That(_clock.Waits.Distinct().Count(), Is.GreaterThan(10));
    }

    [Test]
    public void The_total_time_bounds_all_attempts()
    {
        _vendor.Faults.Inject(Fault.Respond(VendorResponse.Empty(503).With("Retry-After", "12")), "GET", times: 10);
        using var client = Client();
        var start = _clock.GetUtcNow();

        Assert.That(async () => await client.ListAsync().ToListAsync(),
            Throws.TypeOf<TokenServiceUnavailableException>().With.Property("RetryAfter").EqualTo(TimeSpan.FromSeconds(12)));

        Assert.That(_clock.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromSeconds(24)));
        Assert.That(Count("GET"), Is.EqualTo(3));
    }

    [Test]
    public void Nothing_is_sent_again_where_that_is_switched_off()
    {
        _vendor.Faults.Inject(Fault.Status(503), "GET");
        using var client = Client(options => options.MaxRetries = 0);

        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenServiceUnavailableException>());
        Assert.That(Count("GET"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_wait_ends_with_the_callers_token()
    {
        var standing = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(_clock.GetUtcNow());
        var fault = Fault.Status(503);
        _vendor.Faults.Inject(fault, "GET", times: 10);
        using var client = Client(clock: standing);
        using var cancellation = new CancellationTokenSource();

        var call = client.ListAsync(cancellationToken: cancellation.Token).ToListAsync(CancellationToken.None);
        await fault.Happened;
        await cancellation.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Count("GET"), Is.EqualTo(1));
    }

    [Test]
    public void A_typed_client_on_its_own_sends_again_what_its_method_allows()
    {
        _vendor.Faults.Inject(Fault.Status(503), "GET");
        _vendor.Faults.Inject(Fault.Status(503), "POST", List);
        using var client = Client();
        var typed = (ISailPointApiClient)client.GetService(typeof(ISailPointApiClient))!;

        Assert.That(async () => await typed.ListPersonalAccessTokensAsync("v2025"), Throws.Nothing);
        Assert.That(async () => await typed.CreatePersonalAccessTokenAsync("v2025", new() { Name = "n" }),
            Throws.TypeOf<ApiException>().With.Property("StatusCode").EqualTo(503));

        Assert.That((Count("GET"), Count("POST", List)), Is.EqualTo((2, 1)));
    }

    [Test]
    public async Task A_revocation_whose_response_was_lost_is_found_done()
    {
        _vendor.Faults.Inject(Fault.Respond(VendorResponse.Empty(502)), "DELETE");
        _vendor.On("DELETE", Token, VendorResponse.Json(404, """{"detailCode":"404 Not found"}"""));
        using var client = Client();

        var revocation = await client.RevokeAsync(X);

        Assert.That((revocation.Outcome, Count("DELETE")), Is.EqualTo((RevocationOutcome.Deleted, 2)));
        Assert.That(revocation.Remark, Does.Contain("first attempt"));
    }

    // What ends so on a request without a body, the framework would send again by itself, and nobody would know of the first one.
    [Test]
    public async Task A_revocation_is_found_done_also_where_the_connection_ended_without_an_response()
    {
        _vendor.Faults.Inject(Fault.Cut(), "DELETE");
        _vendor.On("DELETE", Token, VendorResponse.Json(404, """{"detailCode":"404 Not found"}"""));
        using var client = Client();

        var revocation = await client.RevokeAsync(X);

        Assert.That((revocation.Outcome, Count("DELETE"), _clock.Waits.Count), Is.EqualTo((RevocationOutcome.Deleted, 2, 1)));
    }

    [Test]
    public async Task A_circuit_breaker_of_the_programs_own_sees_attempts_and_its_refusals_are_told()
    {
        var breaker = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = _clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                MinimumThroughput = 3, // the exchange of the credential is one
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>().HandleResult(response => (int)response.StatusCode >= 500),
            })
            .Build();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddTokenwright()
            .AddSailPoint("prod", options => (options.BaseAddress, options.ClientId, options.ClientSecret, options.MaxRetries) = (
                _vendor.BaseAddress, "breaking", new TokenSecret("secret"), 0))
            .Http.AddHttpMessageHandler(() => new BreakerHandler(breaker));
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ITokenClient>("prod");
        _vendor.Faults.Inject(Fault.Status(503), "GET", times: 2);

        for (var call = 0; call < 2; call++)
            Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenServiceUnavailableException>());
        Assert.That(async () => await client.ListAsync().ToListAsync(),
            Throws.TypeOf<TokenServiceUnavailableException>().With.Message.Contains("not let through"));

        // Surely not sent, so nothing is unknown.
        Assert.That(() => client.CreateAsync(New), Throws.TypeOf<TokenServiceUnavailableException>().With.Property("IsTransient").True);
        Assert.That((Count("GET"), Count("POST", List)), Is.EqualTo((2, 0)));
    }

    private int Count(string method, string? path = null) => _vendor.Requests.Count(
        request => request.Method == method && request.Path != "/oauth/token" && (path is null || request.Path == path));

    private SailPointTokenClient Client(Action<SailPointOptions>? change = null, TimeProvider? clock = null)
    {
        var options = new SailPointOptions { BaseAddress = _vendor.BaseAddress, ClientId = "id "
            + TestContext.CurrentContext.Test.ID.ToString(CultureInfo.InvariantCulture), ClientSecret = new TokenSecret("secret") };
        change?.Invoke(options);
        return new SailPointTokenClient("prod", options, timeProvider: clock ?? _clock);
    }

    private sealed class BreakerHandler(ResiliencePipeline<HttpResponseMessage> breaker) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            => await breaker.ExecuteAsync(async token => await base.SendAsync(request, token), cancellationToken);
    }
}
