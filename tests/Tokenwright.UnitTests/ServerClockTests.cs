using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.Http;

namespace Tokenwright.UnitTests;

/// <summary>What responses show about the server's clock.</summary>
internal sealed class ServerClockTests
{
    private const int Day = 24 * 60 * 60;

    private FakeTimeProvider _clock = null!;
    private ServerClock _server = null!;

    [SetUp]
    public void Start()
    {
        _clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
        _server = new ServerClock(_clock);
    }

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(-5)]
    [TestCase(Day)]
    [TestCase(-Day)]
    public void The_Date_header_shows_how_far_ahead_it_is(int seconds)
    {
        Read(After(seconds));

        Assert.That(_server.Ahead, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [TestCase(Day + 1)]
    [TestCase(-Day - 1)]
    public void A_time_that_differs_by_more_than_a_day_is_ignored(int seconds)
    {
        Assert.That(_server.Ahead, Is.Null, "nothing was told yet");

        Read(After(5));
        Read(After(seconds));

        Assert.That(_server.Ahead, Is.Null);
    }

    [TestCase(null)]
    [TestCase("soon")]
    public void A_response_without_a_time_changes_nothing(string? date)
    {
        Read(After(5));
        Read(date);

        Assert.That(_server.Ahead, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [TestCase("Tue, 24 Nov 2026 00:00:07 GMT")]
    [TestCase("Tuesday, 24-Nov-26 00:00:07 GMT")]
    [TestCase("Tue Nov 24 00:00:07 2026")]
    public void A_Date_is_read_in_all_forms_of_the_standard(string date)
    {
        Read(date);

        Assert.That(_server.Ahead, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public void Of_responses_within_a_second_the_first_one_counts()
    {
        var first = After(5);
        Read(first);
        _clock.Advance(TimeSpan.FromMilliseconds(900));
        Read(first);
        Assert.That(_server.Ahead, Is.EqualTo(TimeSpan.FromSeconds(5)));

        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Read(After(8));
        Assert.That(_server.Ahead, Is.EqualTo(TimeSpan.FromSeconds(8)));
    }

    private string After(int seconds) => _clock.GetUtcNow().AddSeconds(seconds).ToString("r", CultureInfo.InvariantCulture);

    private void Read(string? date)
    {
        using var response = new HttpResponseMessage();
        if (date is not null)
            response.Headers.TryAddWithoutValidation("Date", date);
        _server.Read(response);
    }
}
