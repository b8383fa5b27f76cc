namespace Tokenwright.ConformanceTests.Field;

/// <summary>The system's clock, which can be set to the last instant that can be expressed. Its timers still run.</summary>
internal sealed class EndOfTimeClock : TimeProvider
{
    public bool IsAtEnd { get; set; }

    public override DateTimeOffset GetUtcNow() => IsAtEnd ? DateTimeOffset.MaxValue : base.GetUtcNow();
}
