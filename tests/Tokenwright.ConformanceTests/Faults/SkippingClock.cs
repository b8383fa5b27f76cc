using Microsoft.Extensions.Time.Testing;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>
/// A client's clock that skips waits. The timer of a cancellation token source, or of one of the guarded times, is a timeout: it fires only
/// when the test says so. Every other timer is a wait (a backoff, a rate limit, a pause between two searches): the time advances to its end
/// immediately. So the tests take no real time, and don't depend on the machine's speed.
/// </summary>
/// <param name="time">The time, shared with the vendor's side. The vendor's timers are neither timeouts nor waits.</param>
/// <param name="guards">The durations of timeouts.</param>
internal sealed class SkippingClock(FakeTimeProvider time, params IReadOnlyCollection<TimeSpan> guards) : TimeProvider
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private readonly Lock _lock = new();
    private readonly List<Timer> _guards = [];

    /// <summary>Gets or sets what to await shortly before a wait elapses: what the vendor's side must do by then.</summary>
    public Func<Task> BeforeWaking { get; set; } = () => Task.CompletedTask;

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, time.CreateTimer(callback, state, dueTime, period), state is CancellationTokenSource);
        Schedule(timer, dueTime);
        return timer;
    }

    /// <summary>Fires the timeout that is due next.</summary>
    public Task FireNextGuardAsync()
    {
        DateTimeOffset due;
        lock (_lock)
            due = _guards.Count > 0
                ? _guards.Min(guard => guard.Due) : throw new InvalidOperationException("Nothing guards the call: it could wait for ever.");
        return AdvanceAsync(due);
    }

    /// <summary>Advances the time.</summary>
    public Task AdvanceAsync(TimeSpan span) => AdvanceAsync(GetUtcNow() + span);

    // On another thread, because continuations of the wait run within the call.
    private Task AdvanceAsync(DateTimeOffset instant) => Task.Run(() => Advance(instant));

    private void Advance(DateTimeOffset instant)
    {
        // Only one caller may advance the time, even if several clocks share it.
        lock (time)
        {
            if (instant > time.GetUtcNow())
                time.SetUtcNow(instant);
        }
    }

    private void Schedule(Timer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            _guards.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;
            timer.Due = GetUtcNow() + dueTime;
            if (timer.IsTimeout || guards.Contains(dueTime))
                _guards.Add(timer);
            else if (dueTime > TimeSpan.Zero)
                _ = Task.Run(() => SkipAsync(timer, timer.Due)); // On another thread, because the caller must have started to wait.
        }
    }

    private async Task SkipAsync(Timer wait, DateTimeOffset due)
    {
        Advance(due - Moment);
        await BeforeWaking().ConfigureAwait(false);
        if (!wait.IsDisposed)
            Advance(due);
    }

    private sealed class Timer(SkippingClock clock, ITimer inner, bool isTimeout) : ITimer
    {
        public bool IsTimeout => isTimeout;

        public DateTimeOffset Due { get; set; }

        public bool IsDisposed { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Schedule(this, dueTime);
            return inner.Change(dueTime, period);
        }

        public void Dispose()
        {
            IsDisposed = true;
            lock (clock._lock)
                clock._guards.Remove(this);
            inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
