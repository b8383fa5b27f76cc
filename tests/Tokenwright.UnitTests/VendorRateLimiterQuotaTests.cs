using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>How a rate limiter follows the quota that the vendor reports.</summary>
internal sealed class VendorRateLimiterQuotaTests : VendorRateLimiterFixture
{
    // Nobody knows whether the vendor has already counted the calls in progress.
    [TestCase(0, 3)]
    [TestCase(1, 2)]
    [TestCase(2, 1)]
    [TestCase(3, 0)]
    [TestCase(5, 0)]
    [HangGuard]
    public void Calls_in_progress_count_against_the_remaining_quota(int underWay, int free)
    {
        _options.CallsPerWindow = null;
        var told = Enter();
        for (var call = 0; call < underWay; call++)
            Enter();
        Leave(told, 200, ("RateLimit-Remaining", "3"), ("RateLimit-Reset", "20"));

        for (var call = 0; call < free; call++)
            Enter();
        var waiting = Wait();

        Assert.That(waiting.Task.IsCompleted, Is.False);
        _clock.Advance(20 * Second);
        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public void The_quota_in_the_response_to_the_later_call_counts()
    {
        _options.CallsPerWindow = null;
        Leave(Enter(), 200, ("RateLimit-Remaining", "1"), ("RateLimit-Reset", "20"));
        _clock.Advance(1 * Second);
        Leave(Enter(), 200, ("RateLimit-Remaining", "5"), ("RateLimit-Reset", "20"));

        for (var call = 0; call < 5; call++)
            Enter();
        Assert.That(Wait().Task.IsCompleted, Is.False);
    }

    // Responses can arrive in another order than the requests.
    [Test]
    [HangGuard]
    public void Of_two_concurrent_responses_the_smaller_remaining_quota_counts()
    {
        _options.CallsPerWindow = null;
        var (one, other) = (Enter(), Enter());
        _clock.Advance(1 * Second);
        Leave(one, 200, ("RateLimit-Remaining", "1"), ("RateLimit-Reset", "20"));
        Leave(other, 200, ("RateLimit-Remaining", "2"), ("RateLimit-Reset", "20"));

        Enter();
        Assert.That(Wait().Task.IsCompleted, Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    [HangGuard]
    public void A_refusal_counts_for_connections_that_do_not_follow_the_headers_though_a_response_has_the_same_end(bool isOneResponse)
    {
        _options.CallsPerWindow = null;
        var (one, other) = (Enter(), Enter());
        _clock.Advance(Tick);
        (string, string)[] quota = [("RateLimit-Remaining", "0"), ("RateLimit-Reset", "10")];
        Leave(one, 429, isOneResponse ? [("Retry-After", "10"), .. quota] : [("Retry-After", "10")]);
        Leave(other, 200, isOneResponse ? [] : quota);

        _options.FollowRateLimitHeaders = false;
        var waiting = Wait();
        _clock.Advance(10 * Second);
        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public void A_call_without_a_response_may_have_used_a_part_of_the_quota()
    {
        _options.CallsPerWindow = null;
        var (told, lost) = (Enter(), Enter());
        Leave(told, 200, ("RateLimit-Remaining", "1"), ("RateLimit-Reset", "20"));
        _limiter.LeaveWithoutResponse(_options, lost);

        Assert.That(Wait().Task.IsCompleted, Is.False);
    }

    [Test]
    [HangGuard]
    public void The_next_call_waits_for_a_quota_that_a_call_in_progress_may_use_up()
    {
        _options.CallsPerWindow = null;
        Leave(Enter(), 200, ("RateLimit-Remaining", "1"), ("RateLimit-Reset", "299"));
        _clock.Advance(1 * Second);
        var underWay = Enter();
        var waiting = Wait();
        Assert.That(waiting.Task.IsCompleted, Is.False);

        Leave(underWay, 200, ("RateLimit-Remaining", "100"), ("RateLimit-Reset", "299"));

        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True, "more was left than it had looked like");
    }

    [Test]
    [HangGuard]
    public void Clients_that_ignore_headers_still_wait_after_a_refusal()
    {
        _options.CallsPerWindow = null;
        var careless = new XmsOptions { FollowRateLimitHeaders = false };
        Leave(Enter(), 200, ("RateLimit-Limit", "1;w=20"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "20"));

        Assert.That(_limiter.TryEnter(careless, Sent(), out var since, out var waiter), Is.True);
        Assert.That(waiter, Is.Null);
        Leave(since, 429, ("Retry-After", "20"));
        _limiter.TryEnter(careless, Sent(), out _, out waiter);
        Assert.That(waiter, Is.Not.Null);
    }

    [TestCase(200, "Retry-After", "20")]
    [TestCase(503, "Retry-After", "20")]
    [TestCase(429, "Retry-After", "0")]
    [TestCase(429, "Retry-After", "Mon, 23 Nov 2026 00:00:00 GMT")]
    [HangGuard]
    public void Other_responses_delay_no_call(int status, string header, string value)
    {
        Leave(Enter(), status, (header, value));

        Enter();
    }

    // Whatever happens to the call after the upper bound, the earlier report is outdated.
    [TestCase("RateLimit-Remaining", "0", "RateLimit-Reset", "99999999", "responded")]
    [TestCase("RateLimit-Remaining", "0", "RateLimit-Reset", "99999999", "without response")]
    [TestCase("RateLimit-Remaining", "0", "RateLimit-Reset", "99999999", "unsent")]
    [TestCase("RateLimit-Limit", "1;w=86400", "X-None", "0", "responded")]
    [TestCase("RateLimit-Limit", "1;w=86400", "X-None", "0", "without response")]
    [TestCase("RateLimit-Limit", "1;w=86400", "X-None", "0", "unsent")]
    [HangGuard]
    public void When_the_first_call_after_the_bound_has_completed_all_others_go(
        string header, string value, string other, string otherValue, string end)
    {
        _options.CallsPerWindow = null;
        Leave(Enter(), 200, (header, value), (other, otherValue));
        Assert.Throws<RateLimitException>(() => Wait());
        _clock.Advance(TimeSpan.FromMinutes(5));
        var first = Enter();
        var waiting = new[] { Wait(), Wait() };
        Assert.That(waiting.Any(waiter => waiter.Task.IsCompleted), Is.False);

        if (end == "responded")
            Leave(first);
        else if (end == "unsent")
            _limiter.LeaveUnsent(_options);
        else
            _limiter.LeaveWithoutResponse(_options, first);

        Assert.That(waiting.Select(waiter => waiter.Task.IsCompletedSuccessfully), Is.All.True);
        Enter();
    }
}
