namespace Tokenwright.RotationTests.Rotator;

/// <summary>The system's clock, ahead by a time that can be changed. So processes that share a world skip days together.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long _ahead;

    /// <summary>Gets or sets by how much it is ahead.</summary>
    public TimeSpan Ahead
    {
        get => new(Interlocked.Read(ref _ahead));
        set => Interlocked.Exchange(ref _ahead, value.Ticks);
    }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
