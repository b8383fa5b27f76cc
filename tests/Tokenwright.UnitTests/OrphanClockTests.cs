using System.Text.Json.Nodes;

namespace Tokenwright.UnitTests;

/// <summary>Neither clock skew nor invalid times lead to another user's token.</summary>
internal sealed class OrphanClockTests : OrphanFixture
{
    [Test]
    public void Clock_skew_does_not_lead_to_another_users_token([Values(-10, 0, 10)] int minutes, [Values] DateHeader date)
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
    public void A_token_with_a_missing_or_invalid_time_of_creation_is_not_revoked(
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
    public void An_absurd_Date_header_is_ignored(string date)
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
    public async Task A_generated_key_needs_no_server_time(OrphanVendor vendor)
    {
        var stage = Start(vendor);
        stage.LoseCreate();
        stage.Transport.AfterResponse = response => SetDate(response, DateHeader.Missing);

        Assert.That((await stage.Client.CreateAsync(vendor.Request)).Secret, Is.EqualTo(stage.Emulator.Tokens.Single().Secret));
    }

    [TestCaseSource(nameof(FoundByKey))]
    public void A_key_of_the_caller_needs_the_server_time(OrphanVendor vendor)
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
