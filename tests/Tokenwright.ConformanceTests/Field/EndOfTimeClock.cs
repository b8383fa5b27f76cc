namespace Tokenwright.ConformanceTests.Field;

/// <summary>The system's clock, until it stands at the last instant that can be expressed. Its timers go on.</summary>
internal sealed class EndOfTimeClock : TimeProvider
{
    public bool IsAtEnd { get; set; }

    public override DateTimeOffset GetUtcNow() => IsAtEnd ? DateTimeOffset.MaxValue : base.GetUtcNow();
}
