namespace Tokenwright.FuzzTests;

/// <summary>
/// A clock on which nobody waits: a wait elapses immediately and advances the time. Timeouts never elapse, because the responses are
/// already there. The clock recognizes a timeout because it has exactly the connection's timeout.
/// </summary>
internal sealed class FuzzClock : TimeProvider
{
    /// <summary>The timeouts of connections on this clock. Every wait is shorter.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    private long _ticks = new DateTimeOffset(2026, 11, 25, 0, 0, 0, TimeSpan.Zero).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= TimeSpan.Zero && dueTime < Timeout)
        {
            Advance(dueTime);
            callback(state);
        }

        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
