using Tokenwright.Rotation;

namespace Tokenwright.RotationTests;

internal sealed class GateTests
{
    private static readonly DateTimeOffset Published = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    private static readonly GateFacts Open = new()
    {
        Now = Published.AddDays(3),
        Generation = 5,
        PublishedAt = Published,
        Overlap = TimeSpan.FromDays(1),
        Idle = TimeSpan.FromDays(1),
        ExchangedLifetime = TimeSpan.FromHours(12),
        Granularity = TimeSpan.FromDays(1),
        Consumers = ["a", "b"],
        Acknowledgements = [Acknowledged("a", 5), Acknowledged("b", 6)],
        Uses = [new(4, IsGone: false, IsKnown: true, Published.AddHours(-1))],
    };

    [Test]
    public void It_opens_when_every_condition_is_met_and_says_why()
    {
        var decision = RotationGate.Decide(Open);

        Assert.That(decision.IsOpen, decision.Text);
        Assert.That(decision.Text, Does.Contain("'a' acknowledged generation 5").And.Contain("'b' acknowledged generation 6")
            .And.Contain("overlap").And.Contain("exchanged").And.Contain("last use recorded at 2026-11-23 23:00:00Z"));
    }

    [Test]
    public void It_stays_closed_until_each_consumer_acknowledged_this_generation()
    {
        RotationAcknowledgement[][] all = [[], [Acknowledged("a", 5)], [Acknowledged("a", 5), Acknowledged("b", 4)]];
        foreach (var acknowledgements in all)
        {
            var decision = RotationGate.Decide(Open with { Now = Published.AddYears(1), Acknowledgements = acknowledgements });

            Assert.That(decision.IsOpen, Is.False);
            Assert.That(decision.Text, Does.Contain("'b' has not acknowledged generation 5."));
            Assert.That(decision.WaitsForOthers);
        }
    }

    [Test]
    public void It_stays_closed_during_the_overlap()
        => AssertOpensAt(Open with { ExchangedLifetime = TimeSpan.Zero, Granularity = null }, Published.AddDays(1));

    [Test]
    public void It_stays_closed_as_long_as_a_credential_exchanged_before_the_last_acknowledgement_can_live()
        => AssertOpensAt(
            Open with { Granularity = null, Acknowledgements = [Acknowledged("a", 5), Acknowledged("b", 5, Published.AddHours(20))] },
            Published.AddHours(32));

    [Test]
    public void It_stays_closed_as_long_as_a_credential_exchanged_after_the_publication_can_live_where_nobody_acknowledges()
        => AssertOpensAt(Open with { Granularity = null, Overlap = TimeSpan.Zero, Consumers = [] }, Published.AddHours(12));

    // Unused since the publication means: a use in the last day would have been recorded.
    [Test]
    public void It_stays_closed_until_a_late_record_of_a_use_would_be_there()
        => AssertOpensAt(Open, Published.AddDays(2));

    [Test]
    public void A_use_after_the_publication_starts_the_time_anew()
        => AssertOpensAt(Open with { Uses = [new(4, false, true, Published.AddDays(2))] }, Published.AddDays(4));

    [Test]
    public void A_token_that_was_never_used_must_be_unused_as_long()
        => AssertOpensAt(Open with { Uses = [new(4, false, true, null)] }, Published.AddDays(2));

    [Test]
    public void A_credential_exchanged_at_the_last_use_must_have_run_out()
        => AssertOpensAt(
            Open with { Idle = TimeSpan.Zero, Overlap = TimeSpan.Zero, Uses = [new(4, false, true, Published.AddDays(2))] },
            Published.AddDays(3.5));

    [Test]
    public void A_use_that_can_t_be_read_keeps_it_closed()
    {
        var decision = RotationGate.Decide(Open with { Now = Published.AddYears(1), Uses = [new(4, false, IsKnown: false, null)] });

        Assert.That(decision.IsOpen, Is.False);
        Assert.That(decision.Text, Does.Contain("can't be read"));
    }

    [Test]
    public void Every_old_token_must_be_unused()
    {
        var uses = new TokenUse[] { new(3, false, true, Published.AddDays(2.5)), new(4, false, true, null) };

        Assert.That(RotationGate.Decide(Open with { Uses = uses }).IsOpen, Is.False);
        Assert.That(RotationGate.Decide(Open with { Uses = [uses[0] with { IsGone = true }, uses[1]] }).IsOpen);
    }

    private static void AssertOpensAt(GateFacts facts, DateTimeOffset at)
    {
        var before = RotationGate.Decide(facts with { Now = at.AddTicks(-1) });
        Assert.That(before.IsOpen, Is.False);
        Assert.That(before.OpensAt, Is.EqualTo(at));
        Assert.That(before.WaitsForOthers, Is.False);
        Assert.That(RotationGate.Decide(facts with { Now = at }).IsOpen);
    }

    private static RotationAcknowledgement Acknowledged(string consumer, int generation, DateTimeOffset? at = null)
        => new() { Consumer = consumer, Generation = generation, At = at ?? Published.AddMinutes(5) };
}
