using Microsoft.Extensions.Time.Testing;
using Tokenwright.Http;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>How long the client waits before a retry, and what limits the wait.</summary>
internal sealed class RetryWaitTests : ResilienceFixture
{
    [TestCase("3", 3)]
    [TestCase("Tue, 24 Nov 2026 00:00:07 GMT", 7)]
    [TestCase("Tuesday, 24-Nov-26 00:00:07 GMT", 7)]
    [TestCase("Tue Nov 24 00:00:07 2026", 7)]
    [TestCase("0", 0)]
    public async Task Retry_After_is_respected(string value, int seconds)
    {
        _vendor.Faults.Inject(Fault.Respond(VendorResponse.Empty(503).With("Retry-After", value)), "GET");
        using var client = Client();

        await client.ListAsync().ToListAsync();

        Assert.That(_clock.Waits, seconds == 0 ? Is.Empty : Is.EqualTo(new[] { TimeSpan.FromSeconds(seconds) }));
    }

    [Test]
    public async Task A_date_is_compared_with_the_responses_clock()
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
    public void A_wait_that_is_too_long_fails_at_once_and_is_reported(string value)
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
    public async Task The_option_limits_the_wait_before_a_retry()
    {
        _vendor.Faults.Inject(Fault.Respond(VendorResponse.Empty(503).With("Retry-After", "3600")), "GET");
        using var client = Client(options => options.MaxRetryAfter = TimeSpan.FromSeconds(3));

        await client.ListAsync().ToListAsync();

        Assert.That(_clock.Waits, Is.EqualTo(new[] { TimeSpan.FromSeconds(3) }));
    }

    [Test]
    public void A_backoff_is_between_50_and_150_percent_of_its_mean()
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

    // By chance, one of the ten parts is empty once in 10^44 runs.
    [Test]
    public void Backoffs_are_spread_evenly()
    {
        var parts = Enumerable.Range(0, 1000).GroupBy(_ => (int)((Backoff.Delay(0, TimeSpan.FromSeconds(1)).TotalSeconds - 0.5) * 10))
            .ToDictionary(part => part.Key, part => part.Count());

        Assert.That(parts.Keys, Is.EquivalentTo(Enumerable.Range(0, 10)));
        Assert.That(parts.Values, Has.All.InRange(20, 300));
    }

    [Test]
    public async Task Callers_that_fail_together_do_not_retry_together()
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
    public void The_total_timeout_limits_all_attempts()
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
    public async Task The_callers_token_cancels_a_wait()
    {
        var standing = new StandingClock();
        _vendor.Faults.Inject(Fault.Status(503), "GET", times: 10);
        using var client = Client(clock: standing);
        using var cancellation = new CancellationTokenSource();

        var call = client.ListAsync(cancellationToken: cancellation.Token).ToListAsync(CancellationToken.None);
        await standing.Waiting;
        await cancellation.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Count("GET"), Is.EqualTo(1));
    }

    /// <summary>A clock that stands still, and reports that something waits.</summary>
    private sealed class StandingClock : FakeTimeProvider
    {
        private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waiting => _waiting.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero)
                _waiting.TrySetResult();
            return timer;
        }
    }
}
