using System.Net.Http.Headers;

namespace Tokenwright.Http;

/// <summary>Reads how long a vendor asks to wait.</summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(int.MaxValue);

    /// <summary>The wait that an answer asks for; null if it asks for none that can be understood.</summary>
    /// <param name="header">The first value of a header of the answer, by name; null if the answer has none.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="now">The present by the own clock, for answers that don't tell their own time.</param>
    public static TimeSpan? Read(Func<string, string?> header, int status, DateTimeOffset now)
    {
        // Of a used-up quota, vendors that send the RateLimit headers may tell the wait by them alone, in seconds.
        var text = (header("Retry-After") ?? (status == 429 ? header("RateLimit-Reset") : null))?.Trim();
        if (string.IsNullOrEmpty(text))
            return null;
        if (text.All(char.IsAsciiDigit))
            return int.TryParse(text, out var seconds) ? TimeSpan.FromSeconds(seconds) : Longest;
        if (!RetryConditionHeaderValue.TryParse(text, out var value) || value.Date is not { } date)
            return null;

        // An instant is one of the vendor's clock, which its answer tells too.
        var wait = date - (Date(header("Date")) ?? now);
        return wait > Longest ? Longest : wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <inheritdoc cref="Read(Func{string, string?}, int, DateTimeOffset)"/>
    /// <param name="answer">The answer.</param>
    /// <param name="now">The present by the own clock, for answers that don't tell their own time.</param>
    public static TimeSpan? Read(HttpResponseMessage answer, DateTimeOffset now)
        => Read(name => answer.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null, (int)answer.StatusCode, now);

    // The parser of the header "Retry-After" knows every form of an HTTP date.
    private static DateTimeOffset? Date(string? text)
        => text is not null && RetryConditionHeaderValue.TryParse(text, out var value) ? value.Date : null;
}
