using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Http;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>A rate limiter of 2 calls in 10 seconds, a clock that stands still, and calls that are told one by one.</summary>
internal abstract class RateLimiterFixture
{
    protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    protected static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    protected static readonly ConnectionEvents Events = new("Xms", "lab", null);

    protected XmsOptions Options { get; } = new() { CallsPerWindow = 2, CallWindow = TimeSpan.FromSeconds(10) };

    protected FakeTimeProvider Clock { get; private set; } = null!;

    protected VendorRateLimiter Limiter { get; private set; } = null!;

    [SetUp]
    public void Start()
    {
        Clock = NewClock();
        Limiter = new VendorRateLimiter(Clock);
        (Options.CallsPerWindow, Options.FollowRateLimitHeaders, Options.AttemptTimeout) = (2, true, TimeSpan.FromSeconds(10));
    }

    protected virtual FakeTimeProvider NewClock() => new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

    protected SentRequest Sent(TimeSpan? budget = null) => SentRequest.Begin(
        new HttpRequestMessage(HttpMethod.Get, "https://xms.example/"), () => [], budget ?? TimeSpan.FromSeconds(30), Clock);

    protected TimeSpan Enter()
    {
        Assert.That(Limiter.TryEnter(Options, Sent(), out var since, out var waiter), Is.True);
        Assert.That(waiter, Is.Null, "the call has to wait");
        return since;
    }

    protected RateLimitWaiter Wait(TimeSpan? budget = null)
    {
        Assert.That(Limiter.TryEnter(Options, Sent(budget), out _, out var waiter), Is.True);
        Assert.That(waiter, Is.Not.Null, "the call needn't wait");
        return waiter!;
    }

    protected void Leave(TimeSpan since, int status = 200, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        Limiter.Leave(Options, since, response);
    }
}
