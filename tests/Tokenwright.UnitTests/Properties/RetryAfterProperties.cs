using System.Globalization;
using CsCheck;
using Tokenwright.Http;

namespace Tokenwright.UnitTests.Properties;

internal sealed class RetryAfterProperties
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(int.MaxValue);

    // The three forms of RFC 9110, and the one with a zone that mail has. The years of the second are the ones that two digits stand for.
    private static readonly string[] Forms = ["ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];
    private static readonly Gen<string> Form = Gen.OneOf(Forms);

    private static readonly Gen<DateTimeOffset> Instant =
        Gen.Long[new DateTimeOffset(1970, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), new DateTimeOffset(2029, 12, 31, 23, 59, 59, TimeSpan.Zero).ToUnixTimeSeconds()]
            .Select(DateTimeOffset.FromUnixTimeSeconds);

    private static readonly Gen<string> Seconds = Gen.OneOf(
        Gen.Long[0, 100_000].Select(value => value.ToString(CultureInfo.InvariantCulture)),
        Gen.Long[int.MaxValue - 2L, int.MaxValue + 2L].Select(value => value.ToString(CultureInfo.InvariantCulture)),
        Gen.Char['0', '9'].Array[1, 60].Select(digits => new string(digits)));

    [Test]
    public void Seconds_are_read_as_they_are_up_to_the_longest_wait()
        => Gen.Select(Seconds, Gen.OneOf("", " ", "\t")).Sample(
            (seconds, blank) => Read($"{blank}{seconds}{blank}") == Expected(seconds),
            iter: 2000);

    [Test]
    public void More_seconds_never_give_a_shorter_wait()
        => Gen.Select(Seconds, Seconds).Sample(
            (one, other) => (Number(one) <= Number(other)) == (Read(one) <= Read(other)) || Read(one) == Read(other),
            iter: 2000);

    [Test]
    public void A_date_in_each_form_is_as_far_away_as_it_is_from_the_answers_own_date()
        => Gen.Select(Instant, Instant, Instant, Form, Form).Sample(
            (until, date, now, form, dateForm) => Read(Text(until, form), Text(date, dateForm), now) == NotNegative(until - date),
            iter: 2000);

    [Test]
    public void Without_a_date_of_its_own_the_answer_is_taken_to_be_of_now()
        => Gen.Select(Instant, Instant, Form, Texts.All.Where(text => text.Length == 0 || !char.IsAsciiLetter(text.Trim().FirstOrDefault()))).Sample(
            (until, now, form, garbage) => Read(Text(until, form), null, now) == NotNegative(until - now) && Read(Text(until, form), garbage, now) == NotNegative(until - now),
            iter: 1000);

    [Test]
    public void A_later_date_never_gives_a_shorter_wait()
        => Gen.Select(Instant, Instant, Instant, Form).Sample(
            (one, other, now, form) => (one <= other ? Read(Text(one, form), null, now) <= Read(Text(other, form), null, now) : Read(Text(other, form), null, now) <= Read(Text(one, form), null, now)),
            iter: 1000);

    [Test]
    public void Whatever_stands_there_is_no_wait_or_one_that_is_neither_negative_nor_longer_than_the_longest()
    {
        var text = Gen.OneOf(Texts.All, Texts.Damaged(Seconds), Texts.Damaged(Gen.Select(Instant, Form, Text)), Gen.Select(Seconds, seconds => $"-{seconds}"), Gen.Select(Seconds, Seconds, (whole, part) => $"{whole}.{part}"));
        var now = Gen.Long[DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
        Gen.Select(text.Null(), text.Null(), text.Null(), now, Gen.Int[100, 599]).Sample(
            (retry, date, reset, time, status) => Fits(RetryAfter.Read(Headers(retry, date, reset), status, time)) && Fits(RetryAfter.Read(Message(retry, date, reset, status), time)),
            iter: 5000);
    }

    [Test]
    public void A_negative_number_or_one_with_a_fraction_is_no_wait()
        => Gen.Select(Seconds, Gen.OneOf("-{0}", "+{0}", "{0}.5", "{0}s", "{0},{0}", "0x{0}", "{0} {0}")).Sample(
            (seconds, form) => Read(string.Format(CultureInfo.InvariantCulture, form, seconds)) is null,
            iter: 500);

    // Vendors that send these headers may tell the wait by them alone; where the quota isn't used up, they say nothing of a wait.
    [Test]
    public void The_reset_of_a_quota_counts_only_where_it_is_used_up_and_nothing_else_is_said()
        => Gen.Select(Seconds.Null(), Seconds, Gen.Int[200, 599]).Sample(
            (retry, reset, status) => RetryAfter.Read(Headers(retry, null, reset), status, default) == (retry is not null ? Expected(retry) : status == 429 ? Expected(reset) : null),
            iter: 1000);

    private static TimeSpan? Read(string retry, string? date = null, DateTimeOffset now = default) => RetryAfter.Read(Headers(retry, date, null), 503, now);

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

    private static System.Numerics.BigInteger Number(string seconds) => System.Numerics.BigInteger.Parse(seconds, CultureInfo.InvariantCulture);

    private static TimeSpan? Expected(string seconds) => Number(seconds) >= int.MaxValue ? Longest : TimeSpan.FromSeconds((int)Number(seconds));

    private static TimeSpan NotNegative(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;

    private static bool Fits(TimeSpan? wait) => wait is null || (wait >= TimeSpan.Zero && wait <= Longest);
}
