using System.Globalization;
using CsCheck;
using Tokenwright.Http;

namespace Tokenwright.UnitTests.Properties;

internal sealed class RetryAfterProperties
{
    private const long FirstInstant = 1_000_000_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(int.MaxValue);

    // The three forms of RFC 9110, and the form of mail with a zone. The years of the second form are those that two digits can express.
    private static readonly string[] Forms =
        ["ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];
    private static readonly Gen<string> Form = Gen.OneOf(Forms);

    private static readonly Gen<DateTimeOffset> Instant =
        Gen.Long[new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
            new DateTimeOffset(2029, 12, 31, 23, 59, 59, TimeSpan.Zero).ToUnixTimeSeconds()]
            .Select(DateTimeOffset.FromUnixTimeSeconds);

    private static readonly Gen<string> Seconds = Gen.OneOf(
        Gen.Long[0, 100_000].Select(value => value.ToString(CultureInfo.InvariantCulture)),
        Gen.Long[FirstInstant - 2, FirstInstant - 1].Select(value => value.ToString(CultureInfo.InvariantCulture)));

    private static readonly Gen<string> Digits = Gen.OneOf(
        Seconds,
        Gen.Long[FirstInstant, FirstInstant + 2].Select(value => value.ToString(CultureInfo.InvariantCulture)),
        Gen.Long[long.MaxValue - 2, long.MaxValue].Select(value => value.ToString(CultureInfo.InvariantCulture)),
        Gen.Char['0', '9'].Array[1, 60].Select(digits => new string(digits)));

    [Test]
    public void A_number_of_seconds_is_read_exactly()
        => Gen.Select(Seconds, Gen.OneOf("", " ", "\t"), Instant).Sample(
            (seconds, blank, now) =>
                Read($"{blank}{seconds}{blank}", null, now) == TimeSpan.FromSeconds(long.Parse(seconds, CultureInfo.InvariantCulture)),
            iter: 2000);

    [Test]
    public void More_seconds_never_give_a_shorter_wait()
        => Gen.Select(Seconds, Seconds).Sample(
            (one, other) => (Number(one) <= Number(other)) == (Read(one) <= Read(other)) || Read(one) == Read(other),
            iter: 2000);

    // Too large to be a wait: seconds, milliseconds, microseconds or nanoseconds since 1970.
    [Test]
    public void A_large_number_is_an_instant_of_the_servers_clock()
        => Gen.Select(Instant.Where(instant => instant.ToUnixTimeSeconds() >= FirstInstant), Instant, Instant,
            Gen.OneOf(1L, 1000L, 1_000_000L, 1_000_000_000L), Gen.Bool).Sample(
            (until, date, now, unit, hasDate) =>
                Read((until.ToUnixTimeSeconds() * unit).ToString(CultureInfo.InvariantCulture), hasDate ? Text(date, Forms[0]) : null, now)
                == NotNegative(until - (hasDate ? date : now)),
            iter: 2000);

    [Test]
    public void No_wait_is_longer_than_the_bound_and_the_message_names_the_bound()
        => Gen.Select(Digits, Instant, Gen.Long[0, TimeSpan.FromDays(1).Ticks]).Sample(
            (digits, now, bound) =>
            {
                var max = new TimeSpan(bound);
                var free = RetryAfter.Read(Headers(digits, null, null), 503, now, Longest)!.Value;
                var bounded = RetryAfter.Read(Headers(digits, null, null), 503, now, max)!.Value;
                return free.Wait <= max
                    ? bounded == free && bounded.ToString() == $"Retry-After: {bounded.Said}"
                    : (bounded.Wait, bounded.Bound) == (max, (TimeSpan?)max)
                        && bounded.ToString().EndsWith(" s by MaxRetryAfter", StringComparison.Ordinal);
            },
            iter: 2000);

    // The value is shown in messages, so it may contain only digits, or a date in one form.
    [Test]
    public void The_value_of_a_header_is_shown_as_digits_or_as_a_date()
        => Gen.Select(Gen.OneOf(Digits, Gen.Select(Instant, Form, Text)), Gen.OneOf("", " ", "\t"), Instant).Sample(
            (text, blank, now) => RetryAfter.Read(Headers($"{blank}{text}{blank}", null, null), 503, now, Longest)!.Value.Said is { } said
                && (char.IsAsciiDigit(text[0]) ? said == (text.Length > 20 ? text[..20] + "…" : text)
                    : DateTimeOffset.TryParseExact(said, "r", CultureInfo.InvariantCulture, default, out _)),
            iter: 1000);

    [Test]
    public void A_date_in_each_form_is_compared_with_the_responses_Date_header()
        => Gen.Select(Instant, Instant, Instant, Form, Form).Sample(
            (until, date, now, form, dateForm) => Read(Text(until, form), Text(date, dateForm), now) == NotNegative(until - date),
            iter: 2000);

    [Test]
    public void Without_a_Date_header_a_date_is_compared_with_the_local_clock()
        => Gen.Select(
            Instant, Instant, Form, Texts.All.Where(text => text.Length == 0 || !char.IsAsciiLetter(text.Trim().FirstOrDefault()))).Sample(
            (until, now, form, garbage) => Read(Text(until, form), null, now) == NotNegative(until - now)
                && Read(Text(until, form), garbage, now) == NotNegative(until - now),
            iter: 1000);

    [Test]
    public void A_later_date_never_gives_a_shorter_wait()
        => Gen.Select(Instant, Instant, Instant, Form).Sample(
            (one, other, now, form) => (one <= other ? Read(Text(one, form), null, now) <= Read(
                Text(other, form), null, now) : Read(Text(other, form), null, now) <= Read(Text(one, form), null, now)),
            iter: 1000);

    [Test]
    public void Any_value_gives_no_wait_or_a_wait_between_zero_and_the_maximum()
    {
        var text = Gen.OneOf(Texts.All, Digits, Texts.Damaged(Digits), Texts.Damaged(Gen.Select(Instant, Form, Text)),
            Gen.Select(Digits, seconds => $"-{seconds}"), Gen.Select(Digits, Digits, (whole, part) => $"{whole}.{part}"));
        var now = Gen.Long[DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks]
            .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
        var bound = Gen.Long[0, TimeSpan.FromDays(1).Ticks].Select(ticks => new TimeSpan(ticks));
        Gen.Select(text.Null(), text.Null(), text.Null(), now, Gen.Int[100, 599], bound).Sample(
            (retry, date, reset, time, status, max) =>
                Fits(RetryAfter.Read(Headers(retry, date, reset), status, time, max)?.Wait, max)
                    && Fits(RetryAfter.Read(Message(retry, date, reset, status), time, max)?.Wait, max),
            iter: 5000);
    }

    [Test]
    public void A_negative_number_or_one_with_a_fraction_is_no_wait()
        => Gen.Select(Digits, Gen.OneOf("-{0}", "+{0}", "{0}.5", "{0}s", "{0},{0}", "0x{0}", "{0} {0}")).Sample(
            (seconds, form) => Read(string.Format(CultureInfo.InvariantCulture, form, seconds)) is null,
            iter: 500);

    // Vendors with these headers may report the wait only in them. If the quota isn't used up, they don't mean a wait.
    [Test]
    public void The_reset_of_a_quota_counts_only_if_it_is_used_up_and_there_is_no_Retry_After()
        => Gen.Select(Seconds.Null(), Seconds, Gen.Int[200, 599]).Sample(
            (retry, reset, status) => RetryAfter.Read(Headers(retry, null, reset), status, default, Longest)?.Wait
                == (retry is not null ? Expected(retry) : status == 429 ? Expected(reset) : null),
            iter: 1000);

    private static TimeSpan? Read(string retry, string? date = null, DateTimeOffset now = default)
        => RetryAfter.Read(Headers(retry, date, null), 503, now, Longest)?.Wait;

    private static Func<string, string?> Headers(string? retry, string? date, string? reset) => name => name switch
    {
        "Retry-After" => retry,
        "Date" => date,
        "RateLimit-Reset" => reset,
        _ => null,
    };

    private static HttpResponseMessage Message(string? retry, string? date, string? reset, int status)
    {
        var message = new HttpResponseMessage((System.Net.HttpStatusCode)status);
        foreach (var name in new[] { "Retry-After", "Date", "RateLimit-Reset" })
        {
            if (Headers(retry, date, reset)(name) is { } value)
                message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private static string Text(DateTimeOffset instant, string form) => instant.ToString(form, CultureInfo.InvariantCulture);

    private static System.Numerics.BigInteger Number(string seconds)
        => System.Numerics.BigInteger.Parse(seconds, CultureInfo.InvariantCulture);

    private static TimeSpan? Expected(string seconds) => TimeSpan.FromSeconds((int)Number(seconds));

    private static TimeSpan NotNegative(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;

    private static bool Fits(TimeSpan? wait, TimeSpan max) => wait is null || (wait >= TimeSpan.Zero && wait <= max);
}
