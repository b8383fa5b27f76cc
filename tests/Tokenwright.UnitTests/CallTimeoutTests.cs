using Microsoft.Extensions.Time.Testing;
using Polly.Timeout;
using Tokenwright.Http;

namespace Tokenwright.UnitTests;

/// <summary>When the time of a request is over, and when an instance is used again for another request.</summary>
internal sealed class CallTimeoutTests
{
    // Other tests use instances at the same time, so a single new one proves nothing.
    private const int Many = 200;

    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    // Another test can take an instance in the meantime, but not always.
    [Test]
    public void An_instance_is_used_again_after_a_whole_response_and_not_after_a_failure([Values] bool isComplete)
    {
        var times = 0;
        for (var i = 0; i < Many; i++)
        {
            var first = CallTimeout.Begin(TimeProvider.System, default, default);
            var token = first.Token;
            first.Limit(Long, Long);
            if (isComplete)
                first.Complete();
            first.Dispose();
            using var second = CallTimeout.Begin(TimeProvider.System, default, default);
            times += second.Token == token ? 1 : 0;
            Assert.That((second.IsLimited, second.Token.IsCancellationRequested), Is.EqualTo((false, false)));
        }

        Assert.That(times, isComplete ? Is.GreaterThan(0) : Is.Zero);
    }

    [Test]
    public void A_caller_that_cancels_after_its_request_does_not_cancel_another_one()
    {
        using var caller = new CancellationTokenSource();
        using var owner = new CancellationTokenSource();
        var first = CallTimeout.Begin(TimeProvider.System, caller.Token, owner.Token);
        first.Complete();
        first.Dispose();
        var others = Enumerable.Range(0, Many).Select(_ => CallTimeout.Begin(TimeProvider.System, default, default)).ToList();

        caller.Cancel();
        owner.Cancel();

        Assert.That(others.Select(other => other.Token.IsCancellationRequested), Is.All.False);
        others.ForEach(other => other.Dispose());
    }

    [Test]
    public void A_cancelled_instance_is_not_used_again_even_after_a_whole_response([Values] bool isOwner)
    {
        using var source = new CancellationTokenSource();
        var first = CallTimeout.Begin(TimeProvider.System, isOwner ? default : source.Token, isOwner ? source.Token : default);
        source.Cancel();
        Assert.That((first.Token.IsCancellationRequested, first.IsOver), Is.EqualTo((true, false)), "nobody waited too long");
        first.Complete();
        first.Dispose();

        var others = Enumerable.Range(0, Many).Select(_ => CallTimeout.Begin(TimeProvider.System, default, default)).ToList();

        Assert.That(others.Select(other => other.Token.IsCancellationRequested), Is.All.False);
        others.ForEach(other => other.Dispose());
    }

    [Test]
    public void The_last_limit_counts_and_is_never_shorter_than_the_time_that_is_left()
    {
        var clock = new FakeTimeProvider();
        using var timeout = CallTimeout.Begin(clock, default, default);
        timeout.Limit(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        timeout.Limit(TimeSpan.FromMilliseconds(2999.2), TimeSpan.FromSeconds(5));

        clock.Advance(TimeSpan.FromMilliseconds(2999.5));
        Assert.That(timeout.IsOver, Is.False);
        clock.Advance(TimeSpan.FromMilliseconds(0.5));
        Assert.That(timeout.IsOver, Is.True);
        Assert.That(
            ((TimeoutRejectedException)timeout.Exceeded(new OperationCanceledException())).Timeout, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void Without_time_left_it_is_over_at_once([Values(0, -1)] int left)
    {
        using var timeout = CallTimeout.Begin(new FakeTimeProvider(), default, default);

        timeout.Limit(TimeSpan.FromSeconds(left), TimeSpan.FromSeconds(30));

        Assert.That(timeout.IsOver, Is.True);
    }

    // The timer of an instance isn't set again for each request. This test waits for the system's clock, because only then is an instance
    // used again.
    [Test]
    public void A_short_limit_after_a_long_one_ends_in_time_and_a_long_one_after_a_short_one_does_not_end_early()
    {
        var longer = CallTimeout.Begin(TimeProvider.System, default, default);
        longer.Limit(TimeSpan.FromMilliseconds(40), Long);
        longer.Complete();
        longer.Dispose();
        using var reused = CallTimeout.Begin(TimeProvider.System, default, default);
        reused.Limit(Long, Long);
        using var shorter = CallTimeout.Begin(TimeProvider.System, default, default);
        shorter.Limit(Long, Long);
        shorter.Limit(TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(80));

        Assert.That(shorter.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That((shorter.IsOver, reused.IsOver, reused.Token.IsCancellationRequested), Is.EqualTo((true, false, false)));
    }

    [Test]
    public void A_limit_that_ends_while_requests_begin_and_complete_cancels_only_its_own_request()
    {
        var ended = 0;
        Parallel.For(0, 4, _ =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                using var timeout = CallTimeout.Begin(TimeProvider.System, default, default);
                Assert.That(timeout.Token.IsCancellationRequested, Is.False, "nothing has limited it yet");
                timeout.Limit(TimeSpan.FromMilliseconds(i % 3), Long);
                if (timeout.Token.IsCancellationRequested)
                    Interlocked.Increment(ref ended);
                else
                    timeout.Complete();
            }
        });

        Assert.That(ended, Is.GreaterThan(0), "those without time");
    }

    [Test]
    public void An_owner_that_has_cancelled_ends_only_its_own_requests()
    {
        using var owner = new CancellationTokenSource();
        for (var i = 0; i < Many; i++)
        {
            var kept = CallTimeout.Begin(TimeProvider.System, default, owner.Token);
            kept.Complete();
            kept.Dispose();
        }

        owner.Cancel();

        using var own = CallTimeout.Begin(TimeProvider.System, default, owner.Token);
        var others = Enumerable.Range(0, Many).Select(_ => CallTimeout.Begin(TimeProvider.System, default, default)).ToList();
        Assert.That((own.Token.IsCancellationRequested, own.IsOver), Is.EqualTo((true, false)));
        Assert.That(others.Select(other => other.Token.IsCancellationRequested), Is.All.False);
        others.ForEach(other => other.Dispose());
    }
}
