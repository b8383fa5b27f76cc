using Polly.CircuitBreaker;
using Polly.Timeout;
using Tokenwright.Http;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>Which calls a rate limiter lets through. The tests report each call to it.</summary>
internal sealed class VendorRateLimiterTests : VendorRateLimiterFixture
{
    [Test]
    [HangGuard]
    public void A_place_is_held_until_a_window_after_the_response()
    {
        var slow = Enter();
        _clock.Advance(5 * Second);
        Leave(Enter());
        var waiting = Wait();

        _clock.Advance(3 * Second);
        Leave(slow);
        _clock.Advance(TimeSpan.FromSeconds(6.999));
        Assert.That(waiting.Task.IsCompleted, Is.False, "the call that got its response first frees its place first");
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);

        var next = Wait();
        _clock.Advance(TimeSpan.FromSeconds(2.999));
        Assert.That(next.Task.IsCompleted, Is.False, "the vendor may have counted the other one right before its response");
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.That(next.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public void A_waiting_call_goes_when_the_place_of_the_abandoned_one_becomes_free()
    {
        _options.CallsPerWindow = 1;
        var lost = Enter();
        var waiting = Wait(TimeSpan.FromMinutes(1));
        _clock.Advance(1 * Second);
        _limiter.LeaveWithoutResponse(_options, lost);

        _clock.Advance((19 * Second) - Tick);
        Assert.That(waiting.Task.IsCompleted, Is.False);
        _clock.Advance(Tick);
        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public void While_responses_are_missing_no_other_call_goes_however_long_that_takes()
    {
        var first = Enter();
        Enter();
        var waiting = Wait(TimeSpan.FromDays(1));

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.That(waiting.Task.IsCompleted, Is.False);
        Leave(first);
        _clock.Advance(10 * Second);

        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);
    }

    // The request may still be in progress when its caller has given up.
    [Test]
    [HangGuard]
    public void An_abandoned_call_keeps_its_place_for_the_attempt_timeout_and_a_window()
    {
        Leave(Enter());
        var lost = Enter();
        _clock.Advance(1 * Second);
        _limiter.LeaveWithoutResponse(_options, lost);
        _clock.Advance(9 * Second);
        Leave(Enter());

        var waiting = Wait();
        _clock.Advance(TimeSpan.FromSeconds(9.999));
        Assert.That(waiting.Task.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True, "20 seconds after it was sent");
    }

    [Test]
    [HangGuard]
    public void A_call_that_was_certainly_not_sent_releases_its_place_at_once()
    {
        Leave(Enter());
        Enter();
        var waiting = Wait();

        _limiter.LeaveUnsent(_options);

        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public async Task When_a_waiter_gives_up_the_next_one_moves_up()
    {
        Leave(Enter());
        Leave(Enter());
        using var cancellation = new CancellationTokenSource();
        var impatient =
            Enumerable.Range(0, 5).Select(_ => _limiter.WaitAsync(Wait(TimeSpan.FromMinutes(1)), Events, cancellation.Token)).ToList();
        var patient = new[] { Wait(TimeSpan.FromMinutes(1)), Wait(TimeSpan.FromMinutes(1)) };

        await cancellation.CancelAsync();
        foreach (var call in impatient)
            Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        _clock.Advance(10 * Second);

        Assert.That(patient.Select(waiter => waiter.Task.IsCompletedSuccessfully), Is.All.True);
    }

    [Test]
    [HangGuard]
    public async Task When_a_waiter_gives_up_the_one_behind_it_goes_at_once_if_it_may()
    {
        var strict = new XmsOptions { CallsPerWindow = 1, CallWindow = TimeSpan.FromSeconds(10) };
        Enter();
        _limiter.TryEnter(strict, Sent(), out _, out var waiter);
        using var cancellation = new CancellationTokenSource();
        var impatient = _limiter.WaitAsync(waiter!, Events, cancellation.Token);
        var next = Wait();
        Assert.That(next.Task.IsCompleted, Is.False, "it came later");

        await cancellation.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());

        Assert.That(next.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public void A_call_goes_after_those_that_already_wait()
    {
        Leave(Enter());
        Leave(Enter());
        var waiters = Enumerable.Range(0, 5).Select(_ => Wait(TimeSpan.FromMinutes(1))).ToList();

        for (var window = 1; window <= 3; window++)
        {
            _clock.Advance(10 * Second);
            Assert.That(waiters.Select(waiter => waiter.Task.IsCompletedSuccessfully),
                Is.EqualTo(Enumerable.Range(0, 5).Select(index => index < window * 2)));
            foreach (var waiter in waiters.Skip((window - 1) * 2).Take(2))
                Leave(waiter.Task.Result);
        }
    }

    [TestCase(0, 10)]
    [TestCase(1, 10)]
    [TestCase(2, 20)]
    [TestCase(3, 20)]
    [TestCase(4, 30)]
    [HangGuard]
    public void A_call_whose_turn_certainly_comes_too_late_fails_at_once(int ahead, int seconds)
    {
        Leave(Enter());
        Leave(Enter());
        for (var waiter = 0; waiter < ahead; waiter++)
            Wait(TimeSpan.FromHours(1));

        var exception = Assert.Throws<RateLimitException>(() => Wait(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1)))!;

        Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
        Assert.That(exception.Message,
            Does.Contain("2 calls in 10 s (CallsPerWindow)").And.Contain($"in {seconds} s").And.EndsWith("Nothing was sent."));
        Assert.That(Wait(TimeSpan.FromSeconds(seconds)).Task.IsCompleted, Is.False);
    }

    [Test]
    [HangGuard]
    public void A_waiter_fails_as_soon_as_its_turn_certainly_comes_too_late()
    {
        var first = Enter();
        Leave(Enter());
        var waiting = _limiter.WaitAsync(Wait(11 * Second), Events, default);

        _clock.Advance(5 * Second);
        Leave(first, 429, ("Retry-After", "7"));

        var exception = Assert.CatchAsync<RateLimitException>(async () => await waiting)!;
        Assert.That(exception.RetryAfter, Is.EqualTo(7 * Second));
        Assert.That(exception.Message, Does.Contain("Retry-After: 7"));
    }

    [Test]
    [HangGuard]
    public void A_wait_that_uses_up_the_timeout_reports_the_rate_limit()
    {
        Enter();
        Enter();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30), _clock);
        var waiting = _limiter.WaitAsync(Wait(), Events, timeout.Token);

        _clock.Advance(30 * Second);

        var exception = Assert.CatchAsync<RateLimitException>(async () => await waiting)!;
        Assert.That(exception.Message,
            Does.Contain("CallsPerWindow").And.Contain("No place became free in the time that this call had. Nothing was sent."));
        Assert.That(exception.RetryAfter, Is.EqualTo(10 * Second));
    }

    private static readonly TestCaseData[] Ends =
    [
        new(true, false, new HttpRequestException(HttpRequestError.ConnectionError, "refused"), true)
            { TestName = "No connection came about: the place is free at once" },
        new(true, false, new BrokenCircuitException(), true)
            { TestName = "A circuit breaker let nothing through: the place is free at once" },
        new(false, true, new OperationCanceledException(), true)
            { TestName = "Cancelled before anything was sent: the place is free at once" },
        new(true, true, new HttpRequestException(HttpRequestError.ResponseEnded, "broken"), false)
            { TestName = "The connection broke: the place is held" },
        new(true, true, new OperationCanceledException(), false) { TestName = "Cancelled under way: the place is held" },
        new(true, true, new TimeoutRejectedException(), false) { TestName = "Timed out: the place is held" },
        new(true, false, new OperationCanceledException(), false)
            { TestName = "Cancelled within the body of a refusal: the place is held" },
        new(true, false, new TimeoutRejectedException(), false) { TestName = "Timed out within the body of a refusal: the place is held" },
    ];

    [TestCaseSource(nameof(Ends))]
    [HangGuard]
    public void A_place_is_released_only_if_the_vendor_certainly_counted_nothing(
        bool isAttempted, bool mayHaveArrived, Exception failure, bool isFree)
    {
        _options.CallsPerWindow = 1;
        var rateLimit = new ConnectionRateLimit(_options, () => "scope", _ => _limiter);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://xms.example/");
        var sent = SentRequest.Begin(request, () => [], TimeSpan.FromSeconds(30), _clock);
        var limiter = rateLimit.Enter(sent, out var since, out _);

        sent.MayHaveArrived = isAttempted && mayHaveArrived;
        rateLimit.Leave(limiter, since, sent, isAttempted, failure);

        if (isFree)
        {
            Enter();
            return;
        }

        var waiting = Wait();
        _clock.Advance(TimeSpan.FromSeconds(19.999));
        Assert.That(waiting.Task.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);
    }
}
