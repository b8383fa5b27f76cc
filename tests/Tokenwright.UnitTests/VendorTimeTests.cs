using Tokenwright.Adapters;

namespace Tokenwright.UnitTests;

internal sealed class VendorTimeTests
{
    [TestCase("2017-07-11T18:45:37.098Z", "2017-07-11T18:45:37.0980000Z")]
    [TestCase("2026-09-07T14:50:03.000+0000", "2026-09-07T14:50:03.0000000Z")]
    [TestCase("2026-09-07T14:50:03.5-0130", "2026-09-07T16:20:03.5000000Z")]
    [TestCase("2020-12-30T10:30:51.675098636+08:00", "2020-12-30T02:30:51.6750986Z")]
    [TestCase("2023-01-04T18:58:17.486584Z", "2023-01-04T18:58:17.4865840Z")]
    [TestCase("2012-04-23T18:25Z", "2012-04-23T18:25:00.0000000Z")]
    [TestCase("2012-04-23T18:25:01", "2012-04-23T18:25:01.0000000Z")]
    [TestCase("2012-04-23 18:25:01 +02", "2012-04-23T16:25:01.0000000Z")]
    [TestCase("2012-04-23", "2012-04-23T00:00:00.0000000Z")]
    [TestCase("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.0000000Z")]
    [TestCase("1795379827077", "2026-11-22T20:37:07.0770000Z")]
    [TestCase("1795379827", "2026-11-22T20:37:07.0000000Z")]
    [TestCase("1767323045123.0", "2026-01-02T03:04:05.1230000Z")]
    [TestCase("1767323045123.4567", "2026-01-02T03:04:05.1234567Z")]
    [TestCase("1767323045.123", "2026-01-02T03:04:05.1230000Z")]
    [TestCase("1.767323045123e12", "2026-01-02T03:04:05.1230000Z")]
    [TestCase("1767323045123E0", "2026-01-02T03:04:05.1230000Z")]
    [TestCase("1767323045123456", "2026-01-02T03:04:05.1234560Z")]
    [TestCase("1767323045123456.0", "2026-01-02T03:04:05.1234560Z")]
    [TestCase("1767323045123456789", "2026-01-02T03:04:05.1234567Z")]
    [TestCase("253402300799999", "9999-12-31T23:59:59.9990000Z", Description = "Milliseconds, up to the end of the calendar.")]
    [TestCase("2020-01-02T03:04:05.000 UTC", "2020-01-02T03:04:05.0000000Z")]
    [TestCase("2020-01-02T03:04:05.000UTC", "2020-01-02T03:04:05.0000000Z")]
    [TestCase("2020-01-02T03:04:05 GMT", "2020-01-02T03:04:05.0000000Z")]
    [TestCase("2020-01-02 03:04:05 Z", "2020-01-02T03:04:05.0000000Z")]
    [TestCase("2027-01-02T03:04:05Z[UTC]", "2027-01-02T03:04:05.0000000Z")]
    [TestCase("2027-01-02T03:04:05+01:00[Europe/Berlin]", "2027-01-02T02:04:05.0000000Z")]
    [TestCase("2027-01-02T03:04:05.5-03:00[America/Argentina/Buenos_Aires][u-ca=iso8601]", "2027-01-02T06:04:05.5000000Z")]
    [TestCase("2027-01-02 03:04:05.5 +0100 CET", "2027-01-02T02:04:05.5000000Z")]
    [TestCase("2027-01-02 03:04:05 +0000 UTC", "2027-01-02T03:04:05.0000000Z")]
    [TestCase("Sat, 02 Jan 2027 03:04:05 GMT", "2027-01-02T03:04:05.0000000Z")]
    [TestCase(" 2012-04-23T18:25:01Z ", "2012-04-23T18:25:01.0000000Z")]
    public void Times_that_vendors_send_are_read(string text, string expected)
    {
        Assert.That(VendorTime.TryParse(text, out var time), Is.True);
        Assert.That(time.UtcDateTime.ToString("O"), Is.EqualTo(expected));
        Assert.That(time.Offset, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("6 Months from created date")]
    [TestCase("2012-13-01")]
    [TestCase("2012-02-30T00:00:00Z")]
    [TestCase("2012-04-23T25:00:00Z")]
    [TestCase("2012-04-23T18:25:01+99:00")]
    [TestCase("0001-01-01T00:00:00+10:00")]
    [TestCase("9223372036854775807")]
    [TestCase("23.04.2012")]
    [TestCase("05/06/2027")]
    [TestCase("1.2.2027")]
    [TestCase("2027-01-02T03:04:05[Europe/Berlin]", Description = "A zone's name alone: the clock is set back once a year.")]
    [TestCase("2027-01-02T03:04:05+01:00[!Europe/London]", Description = "A zone that must be understood.")]
    [TestCase("2027-01-02T03:04:05+01:00[]")]
    [TestCase("2027-01-02T03:04:05+01:00[Europe/Berlin")]
    [TestCase("2027-01-02T03:04:05 CET", Description = "Names like these mean several zones.")]
    [TestCase("2027-01-02T03:04:05 GMT+1", Description = "Ahead of GMT by ISO, behind it by POSIX.")]
    [TestCase("2027-01-02T03:04:05 UTC+02:00")]
    [TestCase("2027-01-02T03:04:05 +0100 cet")]
    [TestCase("2027-01-02T03:04:05+01:")]
    [TestCase("Sat, 02 Jan 2027 03:04:05 CET")]
    [TestCase("8640000000000000", Description = "The end of JavaScript's calendar, or a time in microseconds.")]
    [TestCase("100000000000000000")]
    [TestCase("1e400")]
    [TestCase("1.2.3")]
    [TestCase("NaN")]
    [TestCase("0x10")]
    [TestCase("٢٠١٢-٠٤-٢٣", Description = "Digits, but not those of ISO 8601.")]
    [TestCase("2012-04-23T18:25:01.５Z")]
    public void Other_text_is_not_a_time(string? text)
        => Assert.That(VendorTime.TryParse(text, out _), Is.False);

    [TestCase(100_000_000_000, "5138-11-16T09:46:40.0000000Z", TestName = "The largest number of seconds")]
    [TestCase(100_000_000_001, "1973-03-03T09:46:40.0010000Z", TestName = "The smallest number of milliseconds")]
    [TestCase(253_402_300_800_000, "1978-01-11T21:31:40.8000000Z", TestName = "The smallest number of microseconds")]
    [TestCase(7_258_118_400_000_000, "2200-01-01T00:00:00.0000000Z", TestName = "The largest number of microseconds")]
    [TestCase(253_402_300_799_999_000, "1978-01-11T21:31:40.7999990Z", TestName = "The smallest number of nanoseconds")]
    [TestCase(7_258_118_400_000_000_000, "2200-01-01T00:00:00.0000000Z", TestName = "The largest number of nanoseconds")]
    [TestCase(0, "1970-01-01T00:00:00.0000000Z")]
    [TestCase(-1, "1969-12-31T23:59:59.0000000Z")]
    public void The_size_of_a_number_shows_its_unit(long number, string expected)
        => Assert.That(VendorTime.FromEpoch(number)!.Value.UtcDateTime.ToString("O"), Is.EqualTo(expected));

    [Test]
    public void Numbers_out_of_the_calendars_range_are_no_time()
    {
        Assert.That(VendorTime.FromEpoch(null), Is.Null);
        Assert.That(VendorTime.FromEpoch(long.MaxValue), Is.Null);
        Assert.That(VendorTime.FromEpoch(long.MinValue), Is.Null);
        Assert.That(VendorTime.FromEpoch(7_258_118_400_000_001), Is.Null);
        Assert.That(VendorTime.FromEpoch(253_402_300_799_998_999), Is.Null);
        Assert.That(VendorTime.FromEpoch(7_258_118_400_000_000_001), Is.Null);
        Assert.That(VendorTime.FromEpochMilliseconds(8_640_000_000_000_000), Is.Null);
    }
}
