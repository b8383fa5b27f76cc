using System.Globalization;

namespace Tokenwright.Http;

/// <summary>
/// Tracks the difference between the server's clock and the local one, according to the <c>Date</c> of the latest response.
/// </summary>
internal sealed class ServerClock(TimeProvider timeProvider)
{
    private const long Unknown = long.MinValue;

    // A connection can't be established with a larger difference, so such a value isn't from a clock.
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(1);

    private long _aheadTicks = Unknown;
    private volatile string? _latest;

    /// <summary>
    /// Gets how far the server's clock is ahead, to about a second; null before the first response, or if the latest one had no plausible
    /// date.
    /// </summary>
    public TimeSpan? Ahead => Interlocked.Read(ref _aheadTicks) is var ticks && ticks == Unknown ? null : new(ticks);

    public void Read(HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues("Date", out var values) || values.ToString() is var text && text == _latest)
            return;

        // The value has the precision of a second, so further responses in the same second add nothing.
        _latest = text;
        if (DateOf(text, response) is { } date)
            Interlocked.Exchange(
                ref _aheadTicks, date - timeProvider.GetUtcNow() is var ahead && ahead.Duration() <= MostAhead ? ahead.Ticks : Unknown);
    }

    // The standard form of a date is parsed without an allocation.
    private static DateTimeOffset? DateOf(string text, HttpResponseMessage response)
        => DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date : response.Headers.Date;
}
