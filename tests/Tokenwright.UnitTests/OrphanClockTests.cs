using System.Text.Json.Nodes;

namespace Tokenwright.UnitTests;

/// <summary>That neither skew nor odd times of clocks lead to the token of somebody else.</summary>
internal sealed class OrphanClockTests : OrphanFixture
{
    [Test]
    public void No_skew_between_clocks_leads_to_a_stranger([Values(-10, 0, 10)] int minutes, [Values] DateHeader date)
    {
        foreach (var vendor in Vendors.Where(vendor => vendor.CreatedMember is not null))
        {
            foreach (var isCarriedOut in new[] { false, true })
            {
                var stage = Start(vendor, ahead: TimeSpan.FromMinutes(minutes));
                var stranger = stage.AddStranger(token => token.CreatedAt = _clock.GetUtcNow().AddMinutes(minutes));
                stage.LoseCreate(isCarriedOut);
                stage.Transport.AfterResponse = response => SetDate(response, date);

                var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphan);

                Assert.That(stage.Emulator.Tokens.Contains(stranger) && !stranger.IsRevoked, Is.True, vendor.Title);
                var isKnown = date == DateHeader.Right || (date == DateHeader.OfTheClient && minutes == 0);
                Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count), Is.EqualTo((isKnown && isCarriedOut, isCarriedOut ? 1 : 0)),
                    $"{vendor.Title}: {unknown.Message}");
            }
        }
    }

    [Test]
    public void A_missing_or_odd_time_of_creation_keeps_everything_as_it_is(
        [Values("null", "\"soon\"", "\"\"", "\"2026-11-24\"", "\"2026-11\"", "\"9999-12-31T23:59:59Z\"", "0", "\"0001-01-01T00:00:00Z\"",
            "{}")] string created)
    {
        foreach (var vendor in Vendors.Where(vendor => vendor.CreatedMember is not null))
        {
            var stage = Start(vendor);
            stage.LoseCreate();
            stage.Transport.AfterLoss = () => stage.Emulator.Tokens[^1].Extra = new() { [vendor.CreatedMember!] = JsonNode.Parse(created) };

            var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphanAndCreateAgain);

            Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count, stage.Creates), Is.EqualTo((false, 1, 1)),
                $"{vendor.Title}: {unknown.Message}");
            Assert.That(stage.Emulator.Tokens.Count(token => !token.IsRevoked), Is.EqualTo(1), vendor.Title);
        }
    }

    [TestCase("Fri, 31 Dec 9999 23:59:59 GMT")]
    [TestCase("Mon, 01 Jan 0001 00:00:00 GMT")]
    public void An_absurd_Date_is_no_clock(string date)
    {
        var stage = Start(Vendors[0]);
        stage.LoseCreate();
        stage.Transport.AfterResponse = response =>
        {
            response.Headers.Remove("Date");
            response.Headers.TryAddWithoutValidation("Date", date);
        };

        var unknown = Unknown(stage, UnknownOutcomeAction.RevokeOrphanAndCreateAgain);

        Assert.That((unknown.IsOrphanRevoked, unknown.Orphans.Count, stage.Creates), Is.EqualTo((false, 1, 1)));
        Assert.That(unknown.Message, Does.Contain("doesn't report its time"));
    }

    [TestCaseSource(nameof(FoundByKey))]
    public async Task A_key_of_the_call_s_own_needs_no_clock(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate();
        stage.Transport.AfterResponse = response => SetDate(response, DateHeader.Missing);

        Assert.That((await stage.Client.CreateAsync(vendor.Request)).Secret, Is.EqualTo(stage.Emulator.Tokens.Single().Secret));
    }

    [TestCaseSource(nameof(FoundByKey))]
    public void A_key_of_the_caller_s_needs_one(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate();
        stage.Transport.AfterResponse = response => SetDate(response, DateHeader.Missing);

        Assert.That(
            Unknown(stage, UnknownOutcomeAction.RevokeOrphanAndCreateAgain, new(vendor.Request) { Key = "k" }).IsOrphanRevoked, Is.False);
        Assert.That(stage.Emulator.Tokens.Count(token => !token.IsRevoked), Is.EqualTo(1));
    }

    private void SetDate(HttpResponseMessage response, DateHeader date)
    {
        if (date == DateHeader.Right)
            return;
        response.Headers.Remove("Date");
        if (date == DateHeader.OfTheClient)
            response.Headers.Date = _clock.GetUtcNow();
    }
}
