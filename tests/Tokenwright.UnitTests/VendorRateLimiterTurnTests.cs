using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>When it is a call's turn, and the error for a call whose turn comes too late.</summary>
internal sealed class VendorRateLimiterTurnTests : VendorRateLimiterFixture
{
    // Two places become free after 10 and 13 seconds. The current time is the fourth second.
    [TestCase(0, 6)]
    [TestCase(1, 9)]
    [TestCase(2, 16)]
    [TestCase(3, 19)]
    [TestCase(4, 26)]
    [HangGuard]
    public void Earlier_calls_take_the_places_in_the_order_in_which_they_become_free(int ahead, int seconds)
    {
        Leave(Enter());
        _clock.Advance(3 * Second);
        Leave(Enter());
        _clock.Advance(1 * Second);
        for (var waiter = 0; waiter < ahead; waiter++)
            Wait(TimeSpan.FromHours(1));

        Assert.That(TooLate((seconds * Second) - Tick).RetryAfter, Is.EqualTo(seconds * Second));
        Assert.That(Wait(seconds * Second).Task.IsCompleted, Is.False);
    }

    // If both calls in progress completed now, their places would be free after one window.
    [TestCase(0, 10)]
    [TestCase(1, 10)]
    [TestCase(2, 20)]
    [HangGuard]
    public void A_call_fails_if_calls_in_progress_would_free_a_place_too_late_even_if_they_completed_now(int ahead, int seconds)
    {
        _clock.Advance(5 * Second);
        Enter();
        Enter();
        for (var waiter = 0; waiter < ahead; waiter++)
            Wait(TimeSpan.FromHours(1));

        Assert.That(TooLate((seconds * Second) - Tick).RetryAfter, Is.EqualTo(seconds * Second));
        Assert.That(Wait(seconds * Second).Task.IsCompleted, Is.False);
    }

    // The lost call keeps its place until 20 seconds: its attempt can take 10, and the window is 10.
    [TestCase(0, 10)]
    [TestCase(2, 20)]
    [HangGuard]
    public void A_call_in_progress_may_free_its_place_before_a_lost_one(int ahead, int seconds)
    {
        _limiter.LeaveWithoutResponse(_options, Enter());
        var underWay = Enter();
        for (var waiter = 0; waiter < ahead; waiter++)
            Wait(TimeSpan.FromHours(1));

        Assert.That(TooLate((seconds * Second) - Tick).RetryAfter, Is.EqualTo(seconds * Second));
        var waiting = Wait((seconds * Second) + (12 * Second));
        _clock.Advance(1 * Second);
        Leave(underWay);
        _clock.Advance((10 * Second) - Tick);
        Assert.That(waiting.Task.IsCompleted, Is.False);
        if (ahead > 0)
            return;
        _clock.Advance(Tick);
        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public void Without_calls_in_progress_the_place_of_a_lost_one_is_certainly_kept()
    {
        _options.CallsPerWindow = 1;
        _limiter.LeaveWithoutResponse(_options, Enter());

        Assert.That(TooLate((20 * Second) - Tick).RetryAfter, Is.EqualTo(20 * Second));
    }

    [Test]
    [HangGuard]
    public void The_number_of_remembered_calls_grows_with_the_vendors_limit()
    {
        _options.CallsPerWindow = null;
        Leave(Enter(), 200, ("RateLimit-Limit", "100;w=200"));
        for (var call = 1; call < 100; call++)
        {
            _clock.Advance(1 * Second);
            Leave(Enter());
        }

        Assert.That(TooLate(100 * Second).RetryAfter, Is.EqualTo(101 * Second));
    }

    [Test]
    [HangGuard]
    public void At_most_twice_as_many_calls_are_remembered_as_a_limit_allows()
    {
        _options.CallsPerWindow = 50;
        for (var call = 0; call < 1000; call++)
        {
            Leave(Enter());
            _clock.Advance(1 * Second);
            Assert.That(_limiter.RememberedCalls, Is.InRange(Math.Min(call + 1, 50), 100));
        }
    }

    [Test]
    [HangGuard]
    public void A_limit_from_a_header_applies_until_its_bound()
    {
        _options.CallsPerWindow = null;
        Leave(Enter(), 200, ("RateLimit-Limit", "2;w=60"));
        _clock.Advance(1 * Second);
        Leave(Enter());

        Assert.That(TooLate(58 * Second).RetryAfter, Is.EqualTo(59 * Second));
    }

    [Test]
    [HangGuard]
    public void Headers_to_a_connection_that_ignores_them_delay_no_call()
    {
        _options.CallsPerWindow = null;
        _options.FollowRateLimitHeaders = false;
        Leave(Enter(), 200, ("RateLimit-Limit", "1;w=20"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "20"));

        _options.FollowRateLimitHeaders = true;
        Enter();
    }

    // Both were in progress at the same time, and both report an empty quota.
    [TestCase("10", "20")]
    [TestCase("20", "10")]
    [HangGuard]
    public void Of_two_responses_with_the_same_remaining_quota_the_later_reset_counts(string first, string second)
    {
        _options.CallsPerWindow = null;
        var (one, other) = (Enter(), Enter());
        _clock.Advance(Tick);
        Leave(one, 200, ("RateLimit-Remaining", "0"), ("RateLimit-Reset", first));
        Leave(other, 200, ("RateLimit-Remaining", "0"), ("RateLimit-Reset", second));

        Assert.That(TooLate(15 * Second).RetryAfter, Is.EqualTo(20 * Second));
    }

    [Test]
    [HangGuard]
    public void The_smaller_remaining_quota_counts_even_if_its_reset_is_earlier()
    {
        _options.CallsPerWindow = null;
        var (one, other) = (Enter(), Enter());
        _clock.Advance(Tick);
        Leave(one, 200, ("RateLimit-Remaining", "1"), ("RateLimit-Reset", "20"));
        Leave(other, 200, ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "10"));

        Assert.That(TooLate(5 * Second).RetryAfter, Is.EqualTo(10 * Second));
    }

    [Test]
    [HangGuard]
    public void A_remaining_quota_does_not_raise_the_limit_of_the_options()
    {
        Leave(Enter());
        Leave(Enter(), 200, ("RateLimit-Remaining", "100"), ("RateLimit-Reset", "5"));

        Assert.That(TooLate(9 * Second).Message, Does.Contain("CallsPerWindow"));
    }

    // The limit of the options frees a place after 10 seconds.
    [TestCase("5", 10, "CallsPerWindow")]
    [TestCase("10", 10, "CallsPerWindow")]
    [TestCase("20", 20, "RateLimit-Reset: 20")]
    [HangGuard]
    public void Of_two_limits_the_error_names_the_one_that_lasts_longer(string reset, int seconds, string limit)
    {
        Leave(Enter());
        Leave(Enter(), 200, ("RateLimit-Remaining", "0"), ("RateLimit-Reset", reset));

        var exception = TooLate(4 * Second);

        Assert.That(exception.RetryAfter, Is.EqualTo(seconds * Second));
        Assert.That(exception.Message, Does.Contain(limit));
    }

    [TestCase("299", 299, false)]
    [TestCase("300", 300, false)]
    [TestCase("301", 300, true)]
    [HangGuard]
    public void Only_a_wait_beyond_the_bound_is_reported_as_limited(string wait, int seconds, bool isLimited)
    {
        Leave(Enter(), 429, ("Retry-After", wait));

        var exception = TooLate(30 * Second);

        Assert.That(exception.RetryAfter, Is.EqualTo(seconds * Second));
        Assert.That(exception.Message, Does.Contain(isLimited ? "limited to 300 s by MaxRetryAfter" : $"Retry-After: {wait})."));
    }

    [TestCase("1;w=299", 299, false)]
    [TestCase("1;w=300", 300, false)]
    [TestCase("1;w=301", 300, true)]
    [HangGuard]
    public void Only_a_window_beyond_the_bound_is_reported_as_limited(string policy, int seconds, bool isLimited)
    {
        Leave(Enter(), 200, ("RateLimit-Limit", policy));

        var exception = TooLate(30 * Second);

        Assert.That(exception.RetryAfter, Is.EqualTo(seconds * Second));
        Assert.That(exception.Message, Does.Contain(isLimited ? "limited to 300 s by MaxRetryAfter" : $"RateLimit-Limit: {policy})."));
    }

    // Two connections of one credential: the refused one waits for at most five minutes, the other one for at most one.
    [Test]
    [HangGuard]
    public void The_waiting_connections_own_bound_applies()
    {
        Leave(Enter(), 429, ("Retry-After", "200"));
        var hasty = new XmsOptions { MaxRetryAfter = TimeSpan.FromMinutes(1) };

        var exception = Assert.Throws<RateLimitException>(() => _limiter.TryEnter(hasty, Sent(), out _, out _))!;

        Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That(exception.Message, Does.Contain("Retry-After: 200, limited to 60 s by MaxRetryAfter"));
    }

    [TestCase(429, "Retry-After", "99999")]
    [TestCase(200, "RateLimit-Limit", "1;w=86400")]
    [HangGuard]
    public void The_error_of_a_call_that_waits_for_the_first_one_after_the_bound_explains_that(int status, string header, string value)
    {
        _options.CallsPerWindow = null;
        Leave(Enter(), status, (header, value));
        _clock.Advance(TimeSpan.FromMinutes(5));
        Enter();
        using var timeout = new CancellationTokenSource(30 * Second, _clock);
        var waiting = _limiter.WaitAsync(Wait(), Events, timeout.Token);

        _clock.Advance(30 * Second);

        var exception = Assert.CatchAsync<RateLimitException>(async () => await waiting)!;
        Assert.That(exception.Message, Does.Contain($"{header}: {value}, limited to 300 s by MaxRetryAfter"));
        Assert.That(exception.Message, Does.Contain("No place became free"));
        Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.Zero));
    }

    // Two connections of one credential: one gets the refusal, and the other one waits.
    [TestCase(60, 300)]
    [TestCase(300, 60)]
    [HangGuard]
    public void Of_the_bounds_of_two_connections_the_smaller_one_is_reported(int refused, int waits)
    {
        (_options.CallsPerWindow, _options.MaxRetryAfter) = (null, refused * Second);
        Leave(Enter(), 429, ("Retry-After", "99999"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        _options.MaxRetryAfter = waits * Second;
        Enter();
        using var timeout = new CancellationTokenSource(30 * Second, _clock);
        var waiting = _limiter.WaitAsync(Wait(), Events, timeout.Token);

        _clock.Advance(30 * Second);

        Assert.That(Assert.CatchAsync<RateLimitException>(async () => await waiting)!.Message,
            Does.Contain("Retry-After: 99999, limited to 60 s by MaxRetryAfter"));
    }

    [TestCase(0, "Nothing was sent.")]
    [TestCase(1, "It was not retried.")]
    [HangGuard]
    public void The_error_of_a_call_says_whether_anything_was_sent(int attempts, string told)
    {
        Leave(Enter());
        Leave(Enter());
        var sent = Sent(1 * Second);
        sent.Attempts = attempts;

        Assert.That(Assert.Throws<RateLimitException>(() => _limiter.TryEnter(_options, sent, out _, out _))!.Message, Does.EndWith(told));
    }

    private RateLimitException TooLate(TimeSpan budget) => Assert.Throws<RateLimitException>(() => Wait(budget))!;
}
