using System.Globalization;

namespace Tokenwright.Http;

/// <summary>How far the vendor's clock is from our own, as its latest answer told by its <c>Date</c>.</summary>
internal sealed class ServerClock(TimeProvider timeProvider)
{
    private long _aheadTicks;
    private volatile string? _latest;

    /// <summary>How much the vendor's clock is ahead, to about a second; zero until an answer tells.</summary>
    public TimeSpan Ahead => new(Interlocked.Read(ref _aheadTicks));

    public void Read(HttpResponseMessage answer)
    {
        if (!answer.Headers.NonValidated.TryGetValues("Date", out var values) || values.ToString() is var text && text == _latest)
            return;

        // To a second's precision the next answers of the same second tell nothing more.
        _latest = text;
        if (DateOf(text, answer) is { } date)
            Interlocked.Exchange(ref _aheadTicks, (date - timeProvider.GetUtcNow()).Ticks);
    }

    // The form that the standard demands is read without making anything of it.
    private static DateTimeOffset? DateOf(string text, HttpResponseMessage answer)
        => DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : answer.Headers.Date;
}
