using Microsoft.Extensions.Time.Testing;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>No quota, refusal or limit of a vendor delays calls for longer than the upper bound.</summary>
internal sealed class RateLimitBoundTests : RateLimitFixture
{
    private static readonly TestCaseData[] OddResets =
    [
        // The current time is 2026-11-24T00:00:00Z, which is 1795478400.
        Reset(40, "1795478440"),
        Reset(40, "1795478440000"),
        Reset(40, "1795478440000000"),
        Reset(40, "1795478440000000000"),
        Reset(40, "Tue, 24 Nov 2026 00:00:40 GMT"),
        Reset(0, "1795478400"),
        Reset(0, "1795478399"),
        Reset(0, "1000000000"),
        Reset(0, "0"),
        Reset(0, "-1"),
        Reset(0, "1.5"),
        Reset(0, "soon"),
        Reset(0, ""),
        Reset(0, "7, 8"),
        Reset(300, "301"),
        Reset(300, "999999999"),
        Reset(300, "2795478440"),
        Reset(300, "9223372036854775807"),
        Reset(300, "99999999999999999999"),
        Reset(300, "Fri, 31 Dec 9999 23:59:59 GMT"),

        // A point in time is one of the server's clock.
        Reset(40, "1577836840", "Wed, 01 Jan 2020 00:00:00 GMT"),
        Reset(0, "1577836840", "Thu, 01 Jan 2026 00:00:00 GMT"),
        Reset(300, "1577836840", "Mon, 01 Jan 0001 00:00:00 GMT"),
        Reset(40, "1795478440", "yesterday"),
    ];

    [TestCaseSource(nameof(OddResets))]
    [HangGuard]
    public async Task A_used_up_quota_delays_calls_until_its_reset_but_never_beyond_the_bound(string reset, string? date, int seconds)
    {
        var standing = new FakeTimeProvider(_clock.GetUtcNow());
        var response = VendorResponse.Json(200, "[]").With("RateLimit-Remaining", "0").With("RateLimit-Reset", reset);
        _vendor.Faults.Inject(Fault.Respond(date is null ? response : response.With("Date", date)), "GET");
        using var client = Client(calls: null, clock: standing);
        await client.ListAsync().ToListAsync();
        if (seconds > 0)
        {
            var exception = Assert.CatchAsync<TokenRateLimitedException>(async () => await client.ListAsync().ToListAsync())!;
            Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
            Assert.That(exception.Message, Does.Contain("RateLimit-Reset").And.Contain($"{seconds} s").And.Contain("Nothing was sent"));
            Assert.That(
                exception.Message.Contains("MaxRetryAfter", StringComparison.Ordinal), Is.EqualTo(seconds == 300), exception.Message);
            Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        }

        standing.Advance(TimeSpan.FromSeconds(seconds));

        Assert.That(await client.ListAsync().ToListAsync(), Is.Empty);
        Assert.That(_vendor.Requests, Has.Count.EqualTo(3));
    }

    [TestCase("1795478440", 40)]
    [TestCase("1795478440000", 40)]
    [TestCase("Tue, 24 Nov 2026 00:00:40 GMT", 40)]
    [TestCase("3600", 300)]
    [TestCase("99999999999999999999", 300)]
    [HangGuard]
    public async Task A_refusal_delays_calls_until_its_time_but_never_beyond_the_bound(string value, int seconds)
    {
        var standing = new FakeTimeProvider(_clock.GetUtcNow());
        _vendor.Faults.Inject(Fault.Respond(VendorResponse.Empty(429).With("Retry-After", value)), "GET");
        using var one = Client(clock: standing, follow: false);
        using var two = Client(clock: standing, follow: false);

        var refused = Assert.CatchAsync<TokenRateLimitedException>(async () => await one.ListAsync().ToListAsync())!;
        var held = Assert.CatchAsync<TokenRateLimitedException>(async () => await two.ListAsync().ToListAsync())!;

        Assert.That((refused.RetryAfter, held.RetryAfter), Is.EqualTo((TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds))));
        Assert.That(refused.Message, Does.Contain($"Retry-After: {value[..Math.Min(20, value.Length)]}"));
        Assert.That(held.Message, Does.Contain($"Retry-After: {value[..Math.Min(20, value.Length)]}"));
        foreach (var message in new[] { refused.Message, held.Message })
            Assert.That(
                message.Contains("limited to 300 s by MaxRetryAfter", StringComparison.Ordinal), Is.EqualTo(seconds == 300), message);
        standing.Advance(TimeSpan.FromSeconds(seconds));
        Assert.That(await two.ListAsync().ToListAsync(), Is.Empty);
    }

    [Test]
    [HangGuard]
    public async Task The_bound_is_an_option()
    {
        var standing = new FakeTimeProvider(_clock.GetUtcNow());
        _vendor.On("GET", List, Told(() => [("RateLimit-Remaining", "0"), ("RateLimit-Reset", "3600")]));
        using var hasty = Client(calls: null, clock: standing, change: options => options.MaxRetryAfter = TimeSpan.FromSeconds(2));
        using var patient = Client(calls: null, clock: standing, change: options => options.MaxRetryAfter = TimeSpan.FromHours(2));
        await patient.ListAsync().ToListAsync();

        Assert.That(async () => await patient.ListAsync().ToListAsync(),
            Throws.TypeOf<TokenRateLimitedException>().With.Property("RetryAfter").EqualTo(TimeSpan.FromHours(1)));
        var call = hasty.ListAsync().ToListAsync();
        Assert.That(call.IsCompleted, Is.False);
        standing.Advance(TimeSpan.FromSeconds(2));

        Assert.That(await call, Is.Empty, "what one client of a credential was told holds back another no longer than its own bound");
    }

    // If a server repeats the same value, one call tries again after each upper bound, not all calls together.
    [Test]
    [HangGuard]
    public async Task After_the_bound_one_call_is_sent_and_the_others_wait_for_its_response()
    {
        var standing = new FakeTimeProvider(_clock.GetUtcNow());
        var isUsedUp = true;
        _vendor.On("GET", List, Told(() => isUsedUp ? [("RateLimit-Remaining", "0"), ("RateLimit-Reset", "99999999")] : []));
        using var client = Client(calls: null, clock: standing, change: options => options.MaxRetryAfter = TimeSpan.FromSeconds(5));
        await client.ListAsync().ToListAsync();
        var calls = Enumerable.Range(0, 10).Select(_ => client.ListAsync().ToListAsync()).ToList();

        standing.Advance(TimeSpan.FromSeconds(5));
        await Task.WhenAny(calls);
        Assert.That(
            (calls.Count(call => call.IsCompleted), _vendor.Requests.Count), Is.EqualTo((1, 3)), "one was sent, and was told the same");

        isUsedUp = false;
        standing.Advance(TimeSpan.FromSeconds(5));
        await Task.WhenAll(calls);
        Assert.That(_vendor.Requests, Has.Count.EqualTo(12));
    }

    [TestCase("1;w=999999999")]
    [TestCase("1;w=86400")]
    [HangGuard]
    public async Task A_limit_from_a_header_delays_calls_no_longer_than_the_bound(string limit)
    {
        var standing = new FakeTimeProvider(_clock.GetUtcNow());
        _vendor.On("GET", List, Told(() => [("RateLimit-Limit", limit)]));
        using var client = Client(calls: null, clock: standing);
        await client.ListAsync().ToListAsync();

        for (var round = 0; round < 3; round++)
        {
            var exception = Assert.CatchAsync<TokenRateLimitedException>(async () => await client.ListAsync().ToListAsync())!;
            Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(5)));
            Assert.That(exception.Message, Does.Contain("RateLimit-Limit: 1;w=86400, limited to 300 s by MaxRetryAfter"));
            standing.Advance(TimeSpan.FromMinutes(5));
            Assert.That(await client.ListAsync().ToListAsync(), Is.Empty);
        }
    }

    private static TestCaseData Reset(int seconds, string reset, string? date = null)
        => new(reset, date, seconds) { TestName = $"Reset '{reset}' and date '{date}': {seconds} s" };

    private static Func<ReceivedRequest, VendorResponse> Told(Func<(string Name, string Value)[]> headers)
        => _ => headers().Aggregate(VendorResponse.Json(200, "[]"), (response, header) => response.With(header.Name, header.Value));
}
