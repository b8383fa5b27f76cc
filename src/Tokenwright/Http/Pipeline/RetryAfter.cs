using System.Globalization;
using System.Net.Http.Headers;

namespace Tokenwright.Http;

/// <summary>How long a response asks to wait, and which of its headers says so.</summary>
/// <param name="Header">The header's name.</param>
/// <param name="Said">What it says, as digits or as a date, shortened.</param>
/// <param name="Wait">The wait, within the bound.</param>
/// <param name="Bound">The bound that was applied; null if the wait is what the header asks for.</param>
internal readonly record struct RetryAfter(string Header, string Said, TimeSpan Wait, TimeSpan? Bound)
{
    // A number from here on is no wait but an instant, in seconds since 1970; no server asks to wait for 31 years. Each further thousand is
    // a finer unit.
    private const long FirstInstant = 1_000_000_000;
    private const int MostDigitsShown = 20;

    /// <summary>Reads the wait that a response asks for; null if it asks for none that can be understood.</summary>
    /// <param name="header">Gets the first value of a header of the response, by name; null if the response has none.</param>
    /// <param name="status">The status of the response.</param>
    /// <param name="now">The time of the local clock, for responses that don't tell their own.</param>
    /// <param name="max">The longest wait; a longer one becomes this one.</param>
    public static RetryAfter? Read(Func<string, string?> header, int status, DateTimeOffset now, TimeSpan max)
        => Read("Retry-After", header("Retry-After"), header("Date"), now, max)

            // Servers that send the RateLimit headers may tell the wait for a new quota by them alone.
            ?? (status == 429 ? Read("RateLimit-Reset", header("RateLimit-Reset"), header("Date"), now, max) : null);

    /// <inheritdoc cref="Read(Func{string, string?}, int, DateTimeOffset, TimeSpan)"/>
    /// <param name="response">The response.</param>
    /// <param name="now">The time of the local clock, for responses that don't tell their own.</param>
    /// <param name="max">The longest wait; a longer one becomes this one.</param>
    public static RetryAfter? Read(HttpResponseMessage response, DateTimeOffset now, TimeSpan max)
        => Read(name => First(response, name), (int)response.StatusCode, now, max);

    /// <summary>Reads the wait that one value of a header asks for; null if it can't be understood.</summary>
    /// <param name="name">The header's name.</param>
    /// <param name="value">Its value; null for none.</param>
    /// <param name="date">The <c>Date</c> of the response; null for none.</param>
    /// <param name="now">The time of the local clock, for responses that don't tell their own.</param>
    /// <param name="max">The longest wait; a longer one becomes this one.</param>
    public static RetryAfter? Read(string name, string? value, string? date, DateTimeOffset now, TimeSpan max)
    {
        var text = value.AsSpan().Trim();
        if (text.IsEmpty)
            return null;
        if (!text.ContainsAnyExceptInRange('0', '9'))
        {
            var said = text.Length > MostDigitsShown ? $"{text[..MostDigitsShown]}…" : text.ToString();
            return Bounded(name, said, Seconds(text, date, now), max);
        }

        return DateOf(value) is { } instant
            ? Bounded(name, instant.ToString("r", CultureInfo.InvariantCulture), (instant - (DateOf(date) ?? now)).TotalSeconds, max)
            : null;
    }

    /// <summary>Gets the first value of a header of a response; null if it has none.</summary>
    public static string? First(HttpResponseMessage response, string name)
        => response.Headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Says which header asks for the wait, and which option shortened it.</summary>
    public override string ToString()
        => Bound is { } bound
            ? $"{Header}: {Said}, limited to {bound.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s by " +
            $"{nameof(ConnectionOptions.MaxRetryAfter)}" : $"{Header}: {Said}";

    private static RetryAfter Bounded(string name, string said, double seconds, TimeSpan max)
        => seconds > max.TotalSeconds ? new(name, said, max, max) : new(name, said, TimeSpan.FromSeconds(Math.Max(seconds, 0)), null);

    private static double Seconds(ReadOnlySpan<char> digits, string? date, DateTimeOffset now)
    {
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return double.PositiveInfinity;
        if (number < FirstInstant)
            return number;
        var unit = 1L;
        while (number / unit >= FirstInstant * 1000)
            unit *= 1000;

        // An instant is one of the server's clock, which its response tells too.
        return ((double)number / unit) - ((DateOf(date) ?? now) - DateTimeOffset.UnixEpoch).TotalSeconds;
    }

    // The parser of the header "Retry-After" knows every form of an HTTP date.
    private static DateTimeOffset? DateOf(string? text)
        => text is not null && RetryConditionHeaderValue.TryParse(text.Trim(), out var value) ? value.Date : null;
}
