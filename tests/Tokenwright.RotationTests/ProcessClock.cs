namespace Tokenwright.RotationTests;

/// <summary>
/// The clock as one process sees it. The SDK remembers by the clock which creates a process has under way, and a new process has none. A
/// short wait, such as that for another program to finish a file after a refusal, is over at once.
/// </summary>
internal sealed class ProcessClock(TimeProvider clock) : TimeProvider
{
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(200);

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => clock.CreateTimer(callback, state, dueTime == ShortWait ? TimeSpan.Zero : dueTime, period);
}
