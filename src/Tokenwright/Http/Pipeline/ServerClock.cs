using System.Globalization;

namespace Tokenwright.Http;

/// <summary>How far the server's clock is from the local one, as its latest response told by its <c>Date</c>.</summary>
internal sealed class ServerClock(TimeProvider timeProvider)
{
    private const long Unknown = long.MinValue;

    // No clock that a connection could be made with is further off: what tells more is no clock.
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(1);

    private long _aheadTicks = Unknown;
    private volatile string? _latest;

    /// <summary>
    /// Gets how much the server's clock is ahead, to about a second; null as long as no response told it, or where the latest one told
    /// nothing that can be.
    /// </summary>
    public TimeSpan? Ahead => Interlocked.Read(ref _aheadTicks) is var ticks && ticks == Unknown ? null : new(ticks);

    public void Read(HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues("Date", out var values) || values.ToString() is var text && text == _latest)
            return;

        // To a second's precision the next responses of the same second tell nothing more.
        _latest = text;
        if (DateOf(text, response) is { } date)
            Interlocked.Exchange(
                ref _aheadTicks, date - timeProvider.GetUtcNow() is var ahead && ahead.Duration() <= MostAhead ? ahead.Ticks : Unknown);
    }

    // The form that the standard requires is read without making anything of it.
    private static DateTimeOffset? DateOf(string text, HttpResponseMessage response)
        => DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date : response.Headers.Date;
}
