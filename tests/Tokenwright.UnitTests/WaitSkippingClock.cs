using Microsoft.Extensions.Time.Testing;

namespace Tokenwright.UnitTests;

/// <summary>
/// A clock that stands still and skips every wait immediately, so that retries and rate limits take no real time. It doesn't skip the
/// connection's timeouts, because they are for calls that hang.
/// </summary>
internal sealed class WaitSkippingClock : TimeProvider
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
    private readonly HashSet<TimeSpan> _timeouts;
    private readonly Lock _lock = new();
    private readonly List<TimeSpan> _waits = [];

    public WaitSkippingClock(params TimeSpan[] timeouts)
        => _timeouts = timeouts is [] ? [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)] : [.. timeouts];

    /// <summary>Gets the waits so far.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_lock)
                return [.. _waits];
        }
    }

    public override TimeZoneInfo LocalTimeZone => _time.LocalTimeZone;

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override long GetTimestamp() => _time.GetTimestamp();

    public void Advance(TimeSpan by) => _time.Advance(by);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = _time.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && state is not CancellationTokenSource && !_timeouts.Contains(dueTime))
        {
            lock (_lock)
                _waits.Add(dueTime);
            var until = GetUtcNow() + dueTime;
            _ = Task.Run(() => JumpTo(until));
        }

        return timer;
    }

    private void JumpTo(DateTimeOffset instant)
    {
        lock (_lock)
        {
            if (instant > _time.GetUtcNow())
                _time.SetUtcNow(instant);
        }
    }
}
