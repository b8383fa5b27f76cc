using System.Globalization;
using Tokenwright.Http;

namespace Tokenwright.UnitTests;

/// <summary>The limits between the meanings of a header with a wait.</summary>
internal sealed class RetryAfterTests
{
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(1);

    [TestCase(429, "3", "5", "Retry-After", 3)]
    [TestCase(429, null, "5", "RateLimit-Reset", 5)]
    [TestCase(429, "soon", "5", "RateLimit-Reset", 5)]
    [TestCase(429, null, null, null, null)]
    [TestCase(503, null, "5", null, null)]
    [TestCase(503, "3", "5", "Retry-After", 3)]
    public void The_reset_of_a_quota_counts_if_it_is_used_up_and_there_is_no_Retry_After(
        int status, string? retry, string? reset, string? header, int? seconds)
    {
        using var response = new HttpResponseMessage((System.Net.HttpStatusCode)status);
        foreach (var (name, value) in new[] { ("Retry-After", retry), ("RateLimit-Reset", reset) })
        {
            if (value is not null)
                response.Headers.TryAddWithoutValidation(name, value);
        }

        var asked = RetryAfter.Read(response, DateTimeOffset.UnixEpoch, Max);

        Assert.That((asked?.Header, asked?.Wait.TotalSeconds), Is.EqualTo((header, (double?)seconds)));
    }

    [TestCase("59", 59, "Retry-After: 59")]
    [TestCase("60", 60, "Retry-After: 60")]
    [TestCase("61", 60, "Retry-After: 61, limited to 60 s by MaxRetryAfter")]
    [TestCase("12345678901234567890", 60, "Retry-After: 12345678901234567890, limited to 60 s by MaxRetryAfter")]
    [TestCase("123456789012345678901", 60, "Retry-After: 12345678901234567890…, limited to 60 s by MaxRetryAfter")]
    public void Only_a_wait_beyond_the_maximum_is_shortened(string value, int seconds, string told)
    {
        var asked = Read(value, DateTimeOffset.UnixEpoch);

        Assert.That((asked.Wait, asked.ToString()), Is.EqualTo((TimeSpan.FromSeconds(seconds), told)));
    }

    // The first value is a billion seconds after 1970. Each factor of a thousand is a finer unit.
    [TestCase("999999999", 60)]
    [TestCase("1000000000", 5)]
    [TestCase("999999999999", 60)]
    [TestCase("1000000000000", 5)]
    [TestCase("1000000000000000", 5)]
    [TestCase("1000000000000000000", 5)]
    public void A_number_from_a_billion_on_is_an_instant(string value, int seconds)
        => Assert.That(Read(value, DateTimeOffset.Parse("2001-09-09T01:46:35Z", CultureInfo.InvariantCulture)).Wait,
            Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    private static RetryAfter Read(string value, DateTimeOffset now) => RetryAfter.Read("Retry-After", value, null, now, Max)!.Value;
}
