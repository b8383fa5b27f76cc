using System.Net;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Tokenwright.Http;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>Which calls a rate limiter lets through, told call by call.</summary>
internal sealed class VendorRateLimiterTests : RateLimiterFixture
{
    [Test]
    [HangGuard]
    public void A_place_is_held_until_a_window_after_the_response()
    {
        var slow = Enter();
        Clock.Advance(5 * Second);
        Leave(Enter());
        var waiting = Wait();

        Clock.Advance(3 * Second);
        Leave(slow);
        Clock.Advance(TimeSpan.FromSeconds(6.999));
        Assert.That(waiting.Task.IsCompleted, Is.False, "the call that got its response first frees its place first");
        Clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);

        var next = Wait();
        Clock.Advance(TimeSpan.FromSeconds(2.999));
        Assert.That(next.Task.IsCompleted, Is.False, "the vendor may have counted the other one right before its response");
        Clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.That(next.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public void While_responses_are_missing_nobody_else_goes_however_long_that_takes()
    {
        var first = Enter();
        Enter();
        var waiting = Wait(TimeSpan.FromDays(1));

        Clock.Advance(TimeSpan.FromHours(1));
        Assert.That(waiting.Task.IsCompleted, Is.False);
        Leave(first);
        Clock.Advance(10 * Second);

        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);
    }

    // The request may be under way still when its caller has given up.
    [Test]
    [HangGuard]
    public void The_place_of_a_call_that_was_given_up_is_held_as_long_as_its_attempt_could_have_taken_and_a_window_more()
    {
        Leave(Enter());
        var lost = Enter();
        Clock.Advance(1 * Second);
        Limiter.LeaveWithoutResponse(Options, lost);
        Clock.Advance(9 * Second);
        Leave(Enter());

        var waiting = Wait();
        Clock.Advance(TimeSpan.FromSeconds(9.999));
        Assert.That(waiting.Task.IsCompleted, Is.False);
        Clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True, "20 seconds after it was sent");
    }

    [Test]
    [HangGuard]
    public void A_call_that_was_surely_not_sent_gives_its_place_back_at_once()
    {
        Leave(Enter());
        Enter();
        var waiting = Wait();

        Limiter.LeaveUnsent(Options);

        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public async Task A_waiter_that_gives_up_leaves_its_place_in_the_queue_to_the_next()
    {
        Leave(Enter());
        Leave(Enter());
        using var cancellation = new CancellationTokenSource();
        var impatient =
            Enumerable.Range(0, 5).Select(_ => Limiter.WaitAsync(Wait(TimeSpan.FromMinutes(1)), Events, cancellation.Token)).ToList();
        var patient = new[] { Wait(TimeSpan.FromMinutes(1)), Wait(TimeSpan.FromMinutes(1)) };

        await cancellation.CancelAsync();
        foreach (var call in impatient)
            Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        Clock.Advance(10 * Second);

        Assert.That(patient.Select(waiter => waiter.Task.IsCompletedSuccessfully), Is.All.True);
    }

    [Test]
    [HangGuard]
    public async Task Whom_a_waiter_that_gives_up_held_up_goes_at_once()
    {
        var strict = new XmsOptions { CallsPerWindow = 1, CallWindow = TimeSpan.FromSeconds(10) };
        Enter();
        Limiter.TryEnter(strict, Sent(), out _, out var waiter);
        using var cancellation = new CancellationTokenSource();
        var impatient = Limiter.WaitAsync(waiter!, Events, cancellation.Token);
        var next = Wait();
        Assert.That(next.Task.IsCompleted, Is.False, "it came later");

        await cancellation.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());

        Assert.That(next.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public void A_call_that_others_wait_before_goes_after_them()
    {
        Leave(Enter());
        Leave(Enter());
        var waiters = Enumerable.Range(0, 5).Select(_ => Wait(TimeSpan.FromMinutes(1))).ToList();

        for (var window = 1; window <= 3; window++)
        {
            Clock.Advance(10 * Second);
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
    public void A_call_whose_turn_surely_comes_too_late_fails_at_once(int ahead, int seconds)
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
    public async Task A_waiter_fails_as_soon_as_its_turn_surely_comes_too_late()
    {
        var first = Enter();
        Leave(Enter());
        var waiting = Limiter.WaitAsync(Wait(11 * Second), Events, default);

        Clock.Advance(5 * Second);
        Leave(first, 429, ("Retry-After", "7"));

        var exception = Assert.CatchAsync<RateLimitException>(async () => await waiting)!;
        Assert.That(exception.RetryAfter, Is.EqualTo(7 * Second));
        Assert.That(exception.Message, Does.Contain("Retry-After: 7"));
        await Task.CompletedTask;
    }

    [Test]
    [HangGuard]
    public async Task A_wait_that_takes_all_the_time_of_its_call_tells_of_the_rate_limit()
    {
        Enter();
        Enter();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30), Clock);
        var waiting = Limiter.WaitAsync(Wait(), Events, timeout.Token);

        Clock.Advance(30 * Second);

        var exception = Assert.CatchAsync<RateLimitException>(async () => await waiting)!;
        Assert.That(exception.Message,
            Does.Contain("CallsPerWindow").And.Contain("No place became free in the time that this call had. Nothing was sent."));
        Assert.That(exception.RetryAfter, Is.EqualTo(10 * Second));
        await Task.CompletedTask;
    }

    // The vendor has not counted yet what is under way, or has: nobody knows.
    [TestCase(0, 3)]
    [TestCase(1, 2)]
    [TestCase(2, 1)]
    [TestCase(3, 0)]
    [TestCase(5, 0)]
    [HangGuard]
    public void Calls_under_way_count_against_what_remains(int underWay, int free)
    {
        Options.CallsPerWindow = null;
        var told = Enter();
        for (var call = 0; call < underWay; call++)
            Enter();
        Leave(told, 200, ("RateLimit-Remaining", "3"), ("RateLimit-Reset", "20"));

        for (var call = 0; call < free; call++)
            Enter();
        var waiting = Wait();

        Assert.That(waiting.Task.IsCompleted, Is.False);
        Clock.Advance(20 * Second);
        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public void What_the_response_to_a_later_call_says_of_the_quota_counts()
    {
        Options.CallsPerWindow = null;
        Leave(Enter(), 200, ("RateLimit-Remaining", "1"), ("RateLimit-Reset", "20"));
        Clock.Advance(1 * Second);
        Leave(Enter(), 200, ("RateLimit-Remaining", "5"), ("RateLimit-Reset", "20"));

        for (var call = 0; call < 5; call++)
            Enter();
        Assert.That(Wait().Task.IsCompleted, Is.False);
    }

    // Responses overtake each other.
    [Test]
    [HangGuard]
    public void Of_two_responses_to_calls_of_the_same_time_the_one_that_leaves_less_counts()
    {
        Options.CallsPerWindow = null;
        var (one, other) = (Enter(), Enter());
        Clock.Advance(1 * Second);
        Leave(one, 200, ("RateLimit-Remaining", "1"), ("RateLimit-Reset", "20"));
        Leave(other, 200, ("RateLimit-Remaining", "2"), ("RateLimit-Reset", "20"));

        Enter();
        Assert.That(Wait().Task.IsCompleted, Is.False);
    }

    [Test]
    [HangGuard]
    public void A_call_without_a_response_may_have_used_a_part_of_the_quota()
    {
        Options.CallsPerWindow = null;
        var (told, lost) = (Enter(), Enter());
        Leave(told, 200, ("RateLimit-Remaining", "1"), ("RateLimit-Reset", "20"));
        Limiter.LeaveWithoutResponse(Options, lost);

        Assert.That(Wait().Task.IsCompleted, Is.False);
    }

    [Test]
    [HangGuard]
    public void A_quota_that_a_call_under_way_uses_up_is_waited_for_and_does_not_fail_the_next_one()
    {
        Options.CallsPerWindow = null;
        Leave(Enter(), 200, ("RateLimit-Remaining", "1"), ("RateLimit-Reset", "299"));
        Clock.Advance(1 * Second);
        var underWay = Enter();
        var waiting = Wait();
        Assert.That(waiting.Task.IsCompleted, Is.False);

        Leave(underWay, 200, ("RateLimit-Remaining", "100"), ("RateLimit-Reset", "299"));

        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True, "more was left than it had looked like");
    }

    [Test]
    [HangGuard]
    public void Clients_that_do_not_follow_headers_wait_after_a_refusal_all_the_same()
    {
        Options.CallsPerWindow = null;
        var careless = new XmsOptions { FollowRateLimitHeaders = false };
        Leave(Enter(), 200, ("RateLimit-Limit", "1;w=20"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "20"));

        Assert.That(Limiter.TryEnter(careless, Sent(), out var since, out var waiter), Is.True);
        Assert.That(waiter, Is.Null);
        Leave(since, 429, ("Retry-After", "20"));
        Limiter.TryEnter(careless, Sent(), out _, out waiter);
        Assert.That(waiter, Is.Not.Null);
    }

    [TestCase(200, "Retry-After", "20")]
    [TestCase(503, "Retry-After", "20")]
    [TestCase(429, "Retry-After", "0")]
    [TestCase(429, "Retry-After", "Mon, 23 Nov 2026 00:00:00 GMT")]
    [HangGuard]
    public void Other_responses_hold_nobody_back(int status, string header, string value)
    {
        Leave(Enter(), status, (header, value));

        Enter();
    }

    // Whatever becomes of the call that goes after the bound: what the response said before is over.
    [TestCase("RateLimit-Remaining", "0", "RateLimit-Reset", "99999999", "responded")]
    [TestCase("RateLimit-Remaining", "0", "RateLimit-Reset", "99999999", "without response")]
    [TestCase("RateLimit-Remaining", "0", "RateLimit-Reset", "99999999", "unsent")]
    [TestCase("RateLimit-Limit", "1;w=86400", "X-None", "0", "responded")]
    [TestCase("RateLimit-Limit", "1;w=86400", "X-None", "0", "without response")]
    [TestCase("RateLimit-Limit", "1;w=86400", "X-None", "0", "unsent")]
    [HangGuard]
    public void When_the_call_that_went_after_the_bound_has_ended_all_others_go(
        string header, string value, string other, string otherValue, string end)
    {
        Options.CallsPerWindow = null;
        Leave(Enter(), 200, (header, value), (other, otherValue));
        Assert.Throws<RateLimitException>(() => Wait());
        Clock.Advance(TimeSpan.FromMinutes(5));
        var first = Enter();
        var waiting = new[] { Wait(), Wait() };
        Assert.That(waiting.Any(waiter => waiter.Task.IsCompleted), Is.False);

        if (end == "responded")
            Leave(first);
        else if (end == "unsent")
            Limiter.LeaveUnsent(Options);
        else
            Limiter.LeaveWithoutResponse(Options, first);

        Assert.That(waiting.Select(waiter => waiter.Task.IsCompletedSuccessfully), Is.All.True);
        Enter();
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
    public void A_place_is_given_back_only_if_the_vendor_surely_counted_nothing(
        bool isAttempted, bool mayHaveArrived, Exception failure, bool isFree)
    {
        Options.CallsPerWindow = 1;
        using var handler =
            new RateLimitHandler(Options, () => "scope", _ => Limiter, Events, new FailingHandler(isAttempted, mayHaveArrived, failure));
        using var invoker = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://xms.example/");
        SentRequest.Begin(request, () => [], TimeSpan.FromSeconds(30), Clock);

        Assert.That(async () => await invoker.SendAsync(request, default), Throws.Exception.SameAs(failure));

        if (isFree)
        {
            Enter();
            return;
        }

        var waiting = Wait();
        Clock.Advance(TimeSpan.FromSeconds(19.999));
        Assert.That(waiting.Task.IsCompleted, Is.False);
        Clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);
    }

    // What an attempt leaves behind.
    private sealed class FailingHandler(bool isAttempted, bool mayHaveArrived, Exception failure) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var sent = SentRequest.Of(request);
            if (isAttempted)
                (sent.Attempts, sent.MayHaveArrived) = (sent.Attempts + 1, mayHaveArrived);
            return Task.FromException<HttpResponseMessage>(failure);
        }
    }
}
