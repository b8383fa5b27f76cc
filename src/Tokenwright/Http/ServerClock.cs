namespace Tokenwright.Http;

/// <summary>How far the vendor's clock is from our own, as its latest answer told by its <c>Date</c>.</summary>
internal sealed class ServerClock(TimeProvider timeProvider)
{
    private long _aheadTicks;

    /// <summary>How much the vendor's clock is ahead, to about a second; zero until an answer tells.</summary>
    public TimeSpan Ahead => new(Interlocked.Read(ref _aheadTicks));

    public void Read(HttpResponseMessage answer)
    {
        if (answer.Headers.Date is { } date)
            Interlocked.Exchange(ref _aheadTicks, (date - timeProvider.GetUtcNow()).Ticks);
    }
}
