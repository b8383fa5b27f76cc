using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Http;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>The base of the tests of a rate limiter, which report each call to it.</summary>
internal abstract class VendorRateLimiterFixture
{
    protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    protected static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    protected static readonly ConnectionEvents Events = new("Xms", "lab", null);
    protected readonly XmsOptions _options = new() { CallsPerWindow = 2, CallWindow = TimeSpan.FromSeconds(10) };
    protected FakeTimeProvider _clock = null!;
    protected VendorRateLimiter _limiter = null!;

    [SetUp]
    public void Start()
    {
        _clock = NewClock();
        _limiter = new VendorRateLimiter(_clock);
        (_options.CallsPerWindow, _options.FollowRateLimitHeaders, _options.AttemptTimeout) = (2, true, TimeSpan.FromSeconds(10));
        _options.MaxRetryAfter = TimeSpan.FromMinutes(5);
    }

    protected virtual FakeTimeProvider NewClock() => new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

    protected SentRequest Sent(TimeSpan? budget = null) => SentRequest.Begin(
        new HttpRequestMessage(HttpMethod.Get, "https://xms.example/"), () => [], budget ?? TimeSpan.FromSeconds(30), _clock);

    protected TimeSpan Enter()
    {
        Assert.That(_limiter.TryEnter(_options, Sent(), out var since, out var waiter), Is.True);
        Assert.That(waiter, Is.Null, "the call has to wait");
        return since;
    }

    protected RateLimitWaiter Wait(TimeSpan? budget = null)
    {
        Assert.That(_limiter.TryEnter(_options, Sent(budget), out _, out var waiter), Is.True);
        Assert.That(waiter, Is.Not.Null, "the call needn't wait");
        return waiter!;
    }

    protected void Leave(TimeSpan since, int status = 200, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        _limiter.Leave(_options, since, response);
    }
}
