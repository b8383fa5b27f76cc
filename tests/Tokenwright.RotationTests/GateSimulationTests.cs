using System.Globalization;
using Tokenwright.Rotation;

namespace Tokenwright.RotationTests;

/// <summary>
/// Fleets of programs that read a new secret quickly, slowly, or never say so. The gate of the product revokes no token that a program
/// still uses. Simpler gates do, so the simulation can fail. <c>TOKENWRIGHT_ROTATION_FLEETS</c> is the number of fleets.
/// </summary>
internal sealed class GateSimulationTests
{
    private const int DefaultFleets = 500;

    private static int Fleets => int.TryParse(
        Environment.GetEnvironmentVariable("TOKENWRIGHT_ROTATION_FLEETS"), CultureInfo.InvariantCulture, out var fleets)
            ? fleets : DefaultFleets;

    [Test]
    public void No_token_is_revoked_in_use()
    {
        var broken = Count(static facts => facts, out var retired);

        TestContext.Out.WriteLine($"{Fleets} fleets, {retired} old tokens revoked, {broken} of them in use");
        Assert.That(broken, Is.Zero);
        Assert.That(retired, Is.GreaterThan(Fleets * 0.7), "and old tokens are revoked");
    }

    [Test]
    public void A_gate_that_ignores_acknowledgements_revokes_tokens_in_use()
        => AssertBreaks(static facts => facts with { Consumers = [] });

    [Test]
    public void A_gate_that_ignores_the_granularity_revokes_tokens_in_use()
        => AssertBreaks(static facts => facts with { Granularity = facts.Granularity is null ? null : TimeSpan.Zero });

    [Test]
    public void A_gate_that_ignores_exchanged_credentials_revokes_tokens_in_use()
        => AssertBreaks(static facts => facts with { ExchangedLifetime = TimeSpan.Zero });

    [Test]
    public void A_gate_that_ignores_the_last_use_revokes_tokens_in_use()
        => AssertBreaks(static facts => facts with { Granularity = null });

    private static void AssertBreaks(Func<GateFacts, GateFacts> change)
    {
        var broken = Count(change, out _);
        TestContext.Out.WriteLine($"{Fleets} fleets, {broken} tokens revoked in use");
        Assert.That(broken, Is.Positive);
    }

    private static int Count(Func<GateFacts, GateFacts> change, out int retired)
    {
        var fleets = Enumerable.Range(1, Fleets).Select(seed => new GateFleet(seed)).ToList();
        foreach (var fleet in fleets)
            fleet.Run(change);
        retired = fleets.Count(fleet => fleet.RevokedAt is not null);
        return fleets.Count(fleet => fleet.IsRevokedInUse);
    }
}
