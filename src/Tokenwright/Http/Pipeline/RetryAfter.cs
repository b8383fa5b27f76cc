using System.Globalization;
using System.Net.Http.Headers;

namespace Tokenwright.Http;

/// <summary>Describes how long a response asks the client to wait, and which header says so.</summary>
/// <param name="Header">The header's name.</param>
/// <param name="Said">The value of the header, as digits or as a date, shortened.</param>
/// <param name="Wait">The wait, limited to the maximum.</param>
/// <param name="Bound">The maximum if it shortened the wait; null if the wait is what the header asks for.</param>
internal readonly record struct RetryAfter(string Header, string Said, TimeSpan Wait, TimeSpan? Bound)
{
    // A number of at least this size isn't a wait but a time, in seconds since 1970, because no server asks for a wait of 31 years. A
    // number that is a thousand times larger has a finer unit.
    private const long FirstInstant = 1_000_000_000;
    private const int MostDigitsShown = 20;

    /// <summary>Reads the wait that a response asks for; null if it asks for none, or in an unknown form.</summary>
    /// <param name="header">Returns the first value of a response header by name; null if the response doesn't have it.</param>
    /// <param name="status">The status of the response.</param>
    /// <param name="now">The time of the local clock, for responses without a date.</param>
    /// <param name="max">The maximum wait. A longer one is shortened to it.</param>
    public static RetryAfter? Read(Func<string, string?> header, int status, DateTimeOffset now, TimeSpan max)
        => Read("Retry-After", header("Retry-After"), header("Date"), now, max)

            // Servers that send the RateLimit headers may specify the wait only there.
            ?? (status == 429 ? Read("RateLimit-Reset", header("RateLimit-Reset"), header("Date"), now, max) : null);

    /// <inheritdoc cref="Read(Func{string, string?}, int, DateTimeOffset, TimeSpan)"/>
    /// <param name="response">The response.</param>
    /// <param name="now">The time of the local clock, for responses without a date.</param>
    /// <param name="max">The maximum wait. A longer one is shortened to it.</param>
    public static RetryAfter? Read(HttpResponseMessage response, DateTimeOffset now, TimeSpan max)
        => Read(name => First(response, name), (int)response.StatusCode, now, max);

    /// <summary>Reads the wait from the value of a header; null if the value has an unknown form.</summary>
    /// <param name="name">The header's name.</param>
    /// <param name="value">The header's value; null for none.</param>
    /// <param name="date">The <c>Date</c> of the response; null for none.</param>
    /// <param name="now">The time of the local clock, for responses without a date.</param>
    /// <param name="max">The maximum wait. A longer one is shortened to it.</param>
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

    /// <summary>Gets the first value of a response header; null if the response doesn't have it.</summary>
    public static string? First(HttpResponseMessage response, string name)
        => response.Headers.NonValidated.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Returns the header that asks for the wait, and the option that shortened it.</summary>
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

        // The time is that of the server's clock, which the Date header of the response shows.
        return ((double)number / unit) - ((DateOf(date) ?? now) - DateTimeOffset.UnixEpoch).TotalSeconds;
    }

    // The parser of the Retry-After header supports every form of an HTTP date.
    private static DateTimeOffset? DateOf(string? text)
        => text is not null && RetryConditionHeaderValue.TryParse(text.Trim(), out var value) ? value.Date : null;
}
