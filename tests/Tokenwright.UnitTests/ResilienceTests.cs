using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.CircuitBreaker;
using Tokenwright.SailPoint.Api;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>What is retried, when, and what is not.</summary>
internal sealed class ResilienceTests : ResilienceFixture
{
    [TestCase(408)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(502)]
    [TestCase(503)]
    [TestCase(504)]
    public async Task A_read_is_retried_after_a_transient_failure(int status)
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
    public void After_the_last_retry_the_exception_has_the_number_of_attempts()
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
    public void Other_failures_are_not_retried(int status)
    {
        _vendor.Faults.Inject(Fault.Status(status), "GET");
        using var client = Client();

        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.InstanceOf<TokenClientException>());

        Assert.That((Count("GET"), _clock.Waits.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Broken_connections_are_retried()
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
    public async Task An_attempt_that_hangs_is_retried()
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
    public async Task Deletes_and_replacements_are_retried()
    {
        _vendor.Faults.Inject(Fault.Status(503), "DELETE");
        _vendor.Faults.Inject(Fault.Status(503), "PATCH");
        using var client = Client();

        await client.RevokeAsync(X);
        await client.UpdateAsync(X, new() { Name = "m" });

        Assert.That((Count("DELETE"), Count("PATCH")), Is.EqualTo((2, 2)));
    }

    [Test]
    public void Operations_that_are_not_idempotent_are_not_retried()
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
    public void A_create_that_may_have_been_carried_out_is_not_retried(int status)
    {
        _vendor.Faults.Inject(Fault.Status(status), "POST", List);
        using var client = Client();

        Assert.That(() => client.CreateAsync(New), Throws.TypeOf<TokenOutcomeUnknownException>());

        Assert.That(Count("POST", List), Is.EqualTo(1));
    }

    [Test]
    public async Task A_create_that_exceeded_the_rate_limit_is_retried()
    {
        _vendor.Faults.Inject(Fault.TooManyRequests(TimeSpan.FromSeconds(3)), "POST", List);
        using var client = Client();

        Assert.That((await client.CreateAsync(New)).Secret.Reveal(), Is.EqualTo("s"));

        Assert.That(Count("POST", List), Is.EqualTo(2));
        Assert.That(_clock.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(3) }));
    }

    // A second session does no harm.
    [Test]
    public async Task An_exchange_of_the_credential_is_retried_for_any_operation()
    {
        _vendor.Faults.Inject(Fault.Status(503), "POST", "/oauth/token");
        using var client = Client();

        Assert.That((await client.CreateAsync(New)).Secret.Reveal(), Is.EqualTo("s"));

        Assert.That(
            (_vendor.Requests.Count(request => request.Path == "/oauth/token"), Count("POST", List), _clock.Waits.Count),
            Is.EqualTo((2, 1, 1)));
    }

    [Test]
    public void A_create_that_certainly_did_not_arrive_is_retried()
    {
        var address = _vendor.BaseAddress;
        using var client = new XmsTokenClient(
            "lab", new() { BaseAddress = new Uri(address, "v1"), AccessToken = new TokenSecret("own") }, new() { TimeProvider = _clock });
        using var port = ClosedPort.Of(_vendor, address);

        var exception =
            Assert.CatchAsync<TokenServiceUnavailableException>(() => client.CreateAsync(new() { Name = "n", Roles = [new("admin")] }))!;

        Assert.That(exception.Message, Does.Contain("Tried 4 times"));
    }

    [Test]
    public void Nothing_is_retried_if_retries_are_disabled()
    {
        _vendor.Faults.Inject(Fault.Status(503), "GET");
        using var client = Client(options => options.MaxRetries = 0);

        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenServiceUnavailableException>());
        Assert.That(Count("GET"), Is.EqualTo(1));
    }

    [Test]
    public void A_typed_client_on_its_own_retries_what_the_HTTP_method_allows()
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
    public async Task A_revocation_whose_response_was_lost_is_reported_as_done()
    {
        _vendor.Faults.Inject(Fault.Respond(VendorResponse.Empty(502)), "DELETE");
        _vendor.On("DELETE", Token, VendorResponse.Json(404, """{"detailCode":"404 Not found"}"""));
        using var client = Client();

        var revocation = await client.RevokeAsync(X);

        Assert.That((revocation.Outcome, Count("DELETE")), Is.EqualTo((RevocationOutcome.Deleted, 2)));
        Assert.That(revocation.Remark, Does.Contain("first attempt"));
    }

    // The framework itself would retry a request without a body after such a failure, and nobody would know of the first one.
    [Test]
    public async Task A_revocation_is_reported_as_done_after_a_connection_without_a_response()
    {
        _vendor.Faults.Inject(Fault.Cut(), "DELETE");
        _vendor.On("DELETE", Token, VendorResponse.Json(404, """{"detailCode":"404 Not found"}"""));
        using var client = Client();

        var revocation = await client.RevokeAsync(X);

        Assert.That((revocation.Outcome, Count("DELETE"), _clock.Waits.Count), Is.EqualTo((RevocationOutcome.Deleted, 2, 1)));
    }

    [Test]
    public async Task A_programs_circuit_breaker_sees_attempts_and_its_refusals_are_reported()
    {
        var breaker = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = _clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
            {
                MinimumThroughput = 3, // the exchange of the credential counts too
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
            Throws.TypeOf<TokenServiceUnavailableException>().With.Message.Contains("A handler of the program rejected the call"));

        // Certainly not sent, so the outcome is known.
        Assert.That(() => client.CreateAsync(New), Throws.TypeOf<TokenServiceUnavailableException>().With.Property("IsTransient").True);
        Assert.That((Count("GET"), Count("POST", List)), Is.EqualTo((2, 0)));
    }

    [Test]
    public async Task A_transport_of_the_programs_own_in_a_container_sends_a_create_once()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddTokenwright()
            .AddSailPoint("prod", options => (options.BaseAddress, options.ClientId, options.ClientSecret, options.MaxRetries) = (
                _vendor.BaseAddress, "repeating", new TokenSecret("secret"), 0))
            .Http.ConfigurePrimaryHttpMessageHandler(() => new ActingTransport(async (request, send) =>
            {
                (await send(request)).Dispose();
                return await send(request);
            }));
        await using var provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredKeyedService<ITokenClient>("prod").CreateAsync(New),
            Throws.InstanceOf<TokenClientException>().With.Message.Contains(typeof(ActingTransport).FullName));

        Assert.That(Count("POST", List), Is.EqualTo(1));
    }

    private sealed class BreakerHandler(ResiliencePipeline<HttpResponseMessage> breaker) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            => await breaker.ExecuteAsync(async token => await base.SendAsync(request, token), cancellationToken);
    }
}
