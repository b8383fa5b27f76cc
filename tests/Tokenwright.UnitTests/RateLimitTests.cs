using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>The client respects the vendors' rate limits before the vendors refuse calls, across all clients of a credential.</summary>
internal sealed class RateLimitTests : RateLimitFixture
{
    [Test]
    [HangGuard]
    public async Task A_client_id_sends_at_most_100_calls_in_any_10_seconds()
    {
        using var one = Client();
        using var two = Client();

        for (var call = 0; call < 150; call++)
            await (call % 2 == 0 ? one : two).ListAsync().ToListAsync();

        var all = _vendor.Requests.Count;
        Assert.That(all, Is.EqualTo(152), "each client exchanges its credential once");
        for (var first = 0; first + 99 < _arrivals.Count; first++)
            Assert.That(
                _arrivals[first..].Count(arrival => arrival < _arrivals[first] + TimeSpan.FromSeconds(10)), Is.LessThanOrEqualTo(100));
        Assert.That(_clock.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(10) }),
            "the hundredth call is followed by one wait, and the next window lets the rest through");
    }

    [Test]
    [HangGuard]
    public async Task Other_credentials_versions_and_vendors_have_separate_limits()
    {
        _vendor.On("GET", "/v2026/personal-access-tokens", VendorResponse.Json(200, "[]"));
        _vendor.On("GET", "/v1/access-tokens/", VendorResponse.Json(200, """{"access_tokens":[]}"""));
        using var first = Client(calls: 2);
        using var otherId = Client(calls: 2, id: _clientId + " another");
        using var otherVersion = Client(calls: 2, version: "v2026");
        using var otherVendor =
            new XmsTokenClient("lab", new() { BaseAddress = new Uri(_vendor.BaseAddress, "v1"), AccessToken = new TokenSecret(_clientId),
            CallsPerWindow = 1, AttemptTimeout = AttemptTimeout, TotalTimeout = TotalTimeout }, new() { TimeProvider = _clock });

        foreach (var client in new ITokenClient[] { first, otherId, otherVersion, otherVendor })
            await client.ListAsync().ToListAsync();

        Assert.That(_clock.Waits, Is.Empty);
    }

    [Test]
    [HangGuard]
    public async Task A_call_whose_turn_comes_too_late_fails_at_once_and_is_not_sent()
    {
        using var client = Client(calls: 2, window: TimeSpan.FromMinutes(1));
        await client.ListAsync().ToListAsync();

        var exception = Assert.CatchAsync<TokenRateLimitedException>(async () => await client.ListAsync().ToListAsync())!;

        Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That((exception.IsTransient, exception.Status), Is.EqualTo((true, (System.Net.HttpStatusCode?)null)));
        Assert.That(exception.Message, Does.Contain("Nothing was sent"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    [HangGuard]
    public async Task A_wait_can_be_cancelled_and_its_place_goes_to_the_next()
    {
        var standing = new FakeTimeProvider(_clock.GetUtcNow());
        using var client = Client(calls: 2, clock: standing);
        await client.ListAsync().ToListAsync();
        using var cancellation = new CancellationTokenSource();

        var impatient = client.ListAsync(cancellationToken: cancellation.Token).ToListAsync(CancellationToken.None);
        var patient = client.ListAsync().ToListAsync();
        await cancellation.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(patient.IsCompleted, Is.False);
        standing.Advance(TimeSpan.FromSeconds(10));

        Assert.That(await patient, Is.Empty);
        Assert.That(_vendor.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    [HangGuard]
    public async Task Many_callers_share_the_limit()
    {
        var standing = new FakeTimeProvider(_clock.GetUtcNow());
        using var client = Client(calls: 10, clock: standing);
        await client.ListAsync().ToListAsync();

        // The exchange and this list are two of the first ten calls.
        var calls = Enumerable.Range(0, 28).Select(_ => client.ListAsync().ToListAsync()).ToList();
        foreach (var arrived in new[] { 8, 18, 28 })
        {
            await Task.WhenAll(calls.Take(arrived));
            Assert.That(
                _vendor.Requests, Has.Count.EqualTo(arrived + 2), "in the order in which they came, and no more than go into a window");
            standing.Advance(TimeSpan.FromSeconds(10));
        }
    }

    [Test]
    [HangGuard]
    public async Task Calls_wait_for_a_used_up_quota_if_the_vendor_reports_its_reset()
    {
        var remaining = 2;
        _vendor.On("GET", List,
            Noted(() => VendorResponse.Json(200, "[]").With("RateLimit-Remaining", $"{--remaining}").With("RateLimit-Reset", "7")));
        using var client = Client(calls: null);

        for (var call = 0; call < 2; call++)
            await client.ListAsync().ToListAsync();
        Assert.That(_clock.Waits, Is.Empty);
        await client.ListAsync().ToListAsync();

        Assert.That(_clock.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(7) }));
    }

    [Test]
    [HangGuard]
    public async Task The_limit_that_the_vendor_reports_is_respected()
    {
        _vendor.On("GET", List, Noted(() => VendorResponse.Json(200, "[]").With("RateLimit-Limit", "3;w=20")));
        using var client = Client(calls: null);

        for (var call = 0; call < 8; call++)
            await client.ListAsync().ToListAsync();

        // The exchange of the credential was the first call.
        Assert.That(
            _arrivals.Select(arrival => (arrival - _arrivals[0]).TotalSeconds), Is.EqualTo(new[] { 0.0, 0, 20, 20, 20, 40, 40, 40 }));
    }

    [Test]
    [HangGuard]
    public async Task Headers_are_ignored_if_that_is_configured()
    {
        _vendor.On("GET", List, Noted(() => VendorResponse.Json(200, "[]").With("RateLimit-Limit", "1;w=20")
            .With("RateLimit-Remaining", "0").With("RateLimit-Reset", "7")));
        using var client = Client(calls: null, follow: false);

        for (var call = 0; call < 3; call++)
            await client.ListAsync().ToListAsync();

        Assert.That(_clock.Waits, Is.Empty);
    }

    [TestCase("RateLimit-Remaining", "0")]
    [TestCase("RateLimit-Limit", "many;w=20")]
    [TestCase("RateLimit-Limit", "1")]
    [TestCase("RateLimit-Limit", ";w=")]
    [TestCase("RateLimit-Limit", "0;w=20")]
    [TestCase("RateLimit-Limit", "-1;w=20")]
    [TestCase("RateLimit-Limit", "1;w=99999999999999999999")]
    [TestCase("RateLimit-Limit", "99999999999999999999;w=20")]
    [TestCase("RateLimit", "limit=1, remaining=0, reset=999999999")]
    [TestCase("RateLimit", "\"default\";r=0;t=999999999")]
    [TestCase("RateLimit-Policy", "\"default\";q=1;w=999999999")]
    [TestCase("X-RateLimit-Remaining", "0")]
    [TestCase("X-RateLimit-Reset", "99999999999")]
    [TestCase("Retry-After", "3600")]
    [HangGuard]
    public async Task Headers_without_a_meaning_are_ignored(string name, string value)
    {
        _vendor.On("GET", List, Noted(() => VendorResponse.Json(200, "[]").With(name, value)));
        using var client = Client(calls: null);

        for (var call = 0; call < 3; call++)
            await client.ListAsync().ToListAsync();

        Assert.That(_clock.Waits, Is.Empty);
    }

    [Test]
    [HangGuard]
    public async Task After_a_429_all_clients_of_the_credential_wait()
    {
        _vendor.Faults.Inject(Fault.TooManyRequests(TimeSpan.FromSeconds(8)), "GET");
        using var one = Client(change: options => options.MaxRetries = 0);
        using var two = Client();

        Assert.That(async () => await one.ListAsync().ToListAsync(), Throws.TypeOf<TokenRateLimitedException>());
        await two.ListAsync().ToListAsync();

        Assert.That(_clock.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(8) }));
    }

    [Test]
    [HangGuard]
    public async Task A_wait_is_seen_in_the_metrics()
    {
        var waits = new List<double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) =>
            { if (instrument.Meter.Name == TokenwrightTelemetry.Name) listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "tokenwright.client.rate_limit.wait" && Tag(tags, "tokenwright.connection") == _clientId)
                waits.Add(value);
        });
        listener.Start();
        using var client = Client(calls: 2, name: _clientId);

        await client.ListAsync().ToListAsync();
        await client.ListAsync().ToListAsync();

        Assert.That(waits, Is.EqualTo(new[] { 10.0 }));
    }

    [Test]
    [HangGuard]
    public async Task The_limits_of_the_options_and_of_the_vendor_are_both_respected()
    {
        _vendor.On("GET", List, Noted(() => VendorResponse.Json(200, "[]").With("RateLimit-Limit", "4;w=30")));
        using var client = Client(calls: 2);

        for (var call = 0; call < 9; call++)
            await client.ListAsync().ToListAsync();

        // Two within 10 seconds, and four within 30. The exchange of the credential was the first call.
        Assert.That(
            _arrivals.Select(arrival => (arrival - _arrivals[0]).TotalSeconds), Is.EqualTo(new[] { 0.0, 10, 10, 30, 30, 40, 40, 60, 60 }));
    }

    private static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == name)
                return tag.Value?.ToString();
        }

        return null;
    }
}
