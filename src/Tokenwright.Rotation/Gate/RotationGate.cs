using System.Globalization;

namespace Tokenwright.Rotation;

/// <summary>
/// Decides whether old tokens may be revoked. Every condition must be met: all consumers acknowledged the new generation, the overlap has
/// passed, no credential that was exchanged for an old token can work any more, and no old token was used lately.
/// </summary>
internal static class RotationGate
{
    public static GateDecision Decide(GateFacts facts)
    {
        var met = new List<string>();
        var open = new List<string>();
        var opensAt = (DateTimeOffset?)null;
        var waitsForOthers = false;

        void Until(DateTimeOffset at, string condition)
        {
            if (facts.Now >= at)
            {
                met.Add($"{condition} is over since {Text(at)}.");
                return;
            }

            open.Add($"{condition} lasts until {Text(at)}.");
            opensAt = opensAt > at ? opensAt : at;
        }

        // Until its last consumer changed over, an old token can have been exchanged.
        var changedAt = facts.PublishedAt;
        foreach (var consumer in facts.Consumers)
        {
            var acknowledgement = facts.Acknowledgements.Where(one => one.Consumer == consumer).MaxBy(one => one.Generation);
            if (acknowledgement is null || acknowledgement.Generation < facts.Generation)
            {
                waitsForOthers = true;
                open.Add(Invariant($"'{consumer}' has not acknowledged generation {facts.Generation}."));
                continue;
            }

            met.Add(Invariant($"'{consumer}' acknowledged generation {acknowledgement.Generation} at {Text(acknowledgement.At)}."));
            changedAt = changedAt > acknowledgement.At ? changedAt : acknowledgement.At;
        }

        Until(facts.PublishedAt + facts.Overlap, "The overlap");
        if (facts.ExchangedLifetime > TimeSpan.Zero)
            Until(changedAt + facts.ExchangedLifetime, "The life of credentials that were exchanged for the old token");
        foreach (var use in facts.Granularity is null ? [] : facts.Uses ?? [])
            Used(use);
        return new(open.Count == 0, open.Count == 0 ? met : open, opensAt, waitsForOthers);

        void Used(TokenUse use)
        {
            if (use.IsGone)
            {
                met.Add(Invariant($"The token of generation {use.Generation} no longer exists."));
                return;
            }

            if (!use.IsKnown)
            {
                waitsForOthers = true;
                open.Add(Invariant($"When the token of generation {use.Generation} was last used can't be read."));
                return;
            }

            // The vendor can record a use late. So a use that it doesn't show may have happened until then, and a token counts as unused
            // only if it would show a use of that time.
            var quietSince = use.LastUsedAt > facts.PublishedAt ? use.LastUsedAt.Value : facts.PublishedAt;
            Until(quietSince + facts.Granularity!.Value + facts.Idle, Invariant(
                $"The time in which the token of generation {use.Generation} must be unused ({LastUse(use)})"));
            var usedUntil = use.LastUsedAt + facts.Granularity.Value;
            if (facts.ExchangedLifetime > TimeSpan.Zero && usedUntil > changedAt)
                Until(usedUntil.Value + facts.ExchangedLifetime, "The life of a credential that was exchanged at its last use");
        }
    }

    private static string LastUse(TokenUse use)
        => use.LastUsedAt is { } at ? $"last use recorded at {Text(at)}" : "no use recorded";

    private static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
