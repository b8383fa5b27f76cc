using Microsoft.Extensions.Time.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>What happens to waiting calls when one of them gives up, and to the timers that wake them.</summary>
internal sealed class VendorRateLimiterQueueTests : VendorRateLimiterFixture
{
    private readonly XmsOptions _strict = new() { CallsPerWindow = 1, CallWindow = TimeSpan.FromSeconds(100) };

    private ObservedClock Observed => (ObservedClock)_clock;

    protected override FakeTimeProvider NewClock() => new ObservedClock();

    [Test]
    [HangGuard]
    public async Task When_a_waiter_gives_up_the_one_behind_it_goes_at_its_own_time()
    {
        Leave(Enter());
        Leave(Enter());
        _limiter.TryEnter(_strict, Sent(TimeSpan.FromMinutes(5)), out _, out var waiter);
        using var cancellation = new CancellationTokenSource();
        var impatient = _limiter.WaitAsync(waiter!, Events, cancellation.Token);
        var next = Wait();

        await cancellation.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(next.Task.IsCompleted, Is.False);
        _clock.Advance(10 * Second);

        Assert.That(next.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public void A_released_place_updates_when_the_next_waiter_may_go()
    {
        Leave(Enter());
        Enter();
        _options.CallsPerWindow = null;
        Enter();
        _limiter.TryEnter(_strict, Sent(TimeSpan.FromHours(1)), out _, out var waiter);

        _limiter.LeaveUnsent(_options);
        _limiter.LeaveUnsent(_options);
        Assert.That(waiter!.Task.IsCompleted, Is.False, "the call that was responded to holds its place");
        _clock.Advance(100 * Second);

        Assert.That(waiter.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public void A_clock_that_throws_at_the_start_of_a_wait_leaves_no_entry_in_the_queue()
    {
        Leave(Enter());
        Leave(Enter());
        var waiters = Enumerable.Range(0, 3).Select(_ => Wait(TimeSpan.FromMinutes(1))).ToList();

        Observed.FailAfter(reads: 0);
        Assert.That(async () => await _limiter.WaitAsync(waiters[0], Events, default), Throws.InvalidOperationException);
        _clock.Advance(10 * Second);

        Assert.That(waiters.Select(waiter => waiter.Task.IsCompletedSuccessfully), Is.EqualTo(new[] { false, true, true }));
    }

    [Test]
    [HangGuard]
    public void A_clock_that_throws_at_the_end_of_a_wait_releases_the_place()
    {
        Leave(Enter());
        Enter();
        var waiting = _limiter.WaitAsync(Wait(), Events, default);

        // One read of the clock for the released place, and one for the duration of the wait.
        Observed.FailAfter(reads: 1);
        _limiter.LeaveUnsent(_options);
        Assert.That(async () => await waiting, Throws.InvalidOperationException);

        Enter();
    }

    [Test]
    [HangGuard]
    public async Task A_call_that_was_let_through_and_then_cancelled_keeps_its_place()
    {
        Leave(Enter());
        Enter();
        var waiter = Wait();
        _limiter.LeaveUnsent(_options);

        await _limiter.WaitAsync(waiter, Events, new CancellationToken(canceled: true));

        Assert.That(Wait().Task.IsCompleted, Is.False);
    }

    // Timers of real clocks can ring a little too early.
    [Test]
    [HangGuard]
    public void A_timer_that_rings_too_early_is_started_again()
    {
        Leave(Enter());
        Leave(Enter());
        Observed.Early = Tick;
        var waiting = Wait();

        _clock.Advance((10 * Second) - Tick);
        Assert.That(waiting.Task.IsCompleted, Is.False);
        _clock.Advance(Tick);

        Assert.That(waiting.Task.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    [HangGuard]
    public async Task No_timer_is_left_when_nobody_waits()
    {
        Leave(Enter());
        Leave(Enter());
        using var cancellation = new CancellationTokenSource();
        var impatient = _limiter.WaitAsync(Wait(), Events, cancellation.Token);
        Assert.That(Observed.Timers, Is.EqualTo(1));
        await cancellation.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Observed.Timers, Is.Zero, "the one who waited gave up");

        var patient = Wait();
        _clock.Advance(10 * Second);
        Assert.That((patient.Task.IsCompletedSuccessfully, Observed.Timers), Is.EqualTo((true, 0)), "the one who waited went");
    }

    // The clock may need time to create a timer, and the waiting call may have gone by then.
    [Test]
    [HangGuard]
    public async Task A_timer_that_is_created_too_late_is_disposed()
    {
        Leave(Enter());
        Leave(Enter());
        _limiter.TryEnter(_strict, Sent(TimeSpan.FromMinutes(5)), out _, out var waiter);
        using var cancellation = new CancellationTokenSource();
        var impatient = _limiter.WaitAsync(waiter!, Events, cancellation.Token);
        var strict = Observed.Timers;
        var lenient = Wait();

        // The timer of the second call is being created while that call is let through.
        Observed.WhileCreating = () => _limiter.WaitAsync(lenient, Events, new CancellationToken(canceled: true));
        await cancellation.CancelAsync();
        Assert.That(async () => await impatient, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => lenient.Task, Throws.InstanceOf<OperationCanceledException>());

        Assert.That((strict, Observed.Timers), Is.EqualTo((1, 0)));
    }

    /// <summary>A clock that counts its timers, and can throw.</summary>
    private sealed class ObservedClock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero))
    {
        private int _timers;
        private int? _readsLeft;

        public int Timers => Volatile.Read(ref _timers);

        public Action? WhileCreating { get; set; }

        /// <summary>Gets or sets how much too early the next timer rings.</summary>
        public TimeSpan Early { get; set; }

        public void FailAfter(int reads) => _readsLeft = reads;

        public override long GetTimestamp()
        {
            if (_readsLeft-- != 0)
                return base.GetTimestamp();
            _readsLeft = null;
            throw new InvalidOperationException("The clock fails.");
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new CountedTimer(this, base.CreateTimer(callback, state, dueTime - Early, period));
            Early = TimeSpan.Zero;
            if (WhileCreating is { } interrupt)
            {
                WhileCreating = null;
                interrupt();
            }

            return timer;
        }

        private sealed class CountedTimer : ITimer
        {
            private readonly ObservedClock _clock;
            private readonly ITimer _inner;
            private int _isDisposed;

            public CountedTimer(ObservedClock clock, ITimer inner)
            {
                (_clock, _inner) = (clock, inner);
                Interlocked.Increment(ref clock._timers);
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => _inner.Change(dueTime, period);

            public void Dispose()
            {
                if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                    Interlocked.Decrement(ref _clock._timers);
                _inner.Dispose();
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
