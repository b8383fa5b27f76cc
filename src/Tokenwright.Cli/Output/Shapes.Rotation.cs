using System.Globalization;

namespace Tokenwright.Cli.Output;

internal static partial class Shapes
{
    public static Shape<LineageRow> Lineages { get; } = new(
        "lineages",
        [
            new("lineage", row => row.Lineage), new("connection", row => row.Connection), new("vendor", row => row.Vendor),
            new("source", row => row.Source), new("sinks", row => Join(row.Sinks)), new("consumers", row => Join(row.Consumers)),
            new("mode", row => row.Mode), new("lifetimeSeconds", row => Number(row.LifetimeSeconds)),
            new("rotateAfter", row => Number(row.RotateAfter)), new("overlapSeconds", row => Number(row.OverlapSeconds)),
            new("idleSeconds", row => Number(row.IdleSeconds)), new("deadlineSeconds", row => Number(row.DeadlineSeconds)),
            new("problem", row => row.Problem),
        ],
        [
            new("Lineage", (row, _) => row.Lineage) { IsTitle = true }, new("Connection", (row, _) => row.Connection),
            new("Vendor", (row, _) => row.Vendor) { Rank = 2 }, new("Mode", (row, _) => row.Mode) { Rank = 4 },
            new("Lifetime", (row, _) => TimeText.Duration(TimeSpan.FromSeconds(row.LifetimeSeconds))) { Rank = 1 },
            new("Sinks", (row, _) => Join(row.Sinks), Fit.Wrap), new("Consumers", (row, _) => Join(row.Consumers), Fit.Cut) { Rank = 3 },
            new("From", (row, _) => row.Source) { Rank = 5 },
            new("Problem", (row, _) => new(row.Problem?.Replace('\n', ' '), Tone.Danger), Fit.Wrap),
        ],
        RowJson.Default.LineageRow)
    {
        Order = [row => row.Lineage],
    };

    public static Shape<RotationRow> Rotations { get; } = new(
        "rotations",
        [
            new("lineage", row => row.Lineage), new("connection", row => row.Connection), new("vendor", row => row.Vendor),
            new("stage", row => row.Stage), new("position", row => row.Position), new("since", row => Iso(row.Since)),
            new("generation", row => Number(row.Generation)), new("tokenId", row => row.TokenId),
            new("issuedAt", row => Iso(row.IssuedAt)), new("expiresAt", row => Iso(row.ExpiresAt)),
            new("oldGenerations", row => Join(row.OldGenerations.Select(generation => Number(generation)))),
            new("waitsFor", row => row.WaitsFor), new("next", row => row.Next), new("nextAt", row => Iso(row.NextAt)),
            new("attention", row => row.Attention), new("attentionDeadline", row => Iso(row.AttentionDeadline)),
            new("failures", row => Number(row.Failures)),
            new("debts", row => Join(row.Debts.Select(debt => $"{debt.TokenName} until {Iso(debt.Until)}"))),
            new("soughtTokenNames", row => Join(row.SoughtTokenNames)),
        ],
        [
            new("Lineage", (row, _) => row.Lineage) { IsTitle = true },
            new("Stage", (row, _) => row is { Generation: 0, Stage: "done" } ? new("no token", Tone.Notice) : StageCell(row.Stage)),
            new("Since", (row, time) => time.Tell(row.Since)),
            new("Generation", (row, _) => row.Generation == 0 ? null : Number(row.Generation)),
            new("Expires", (row, time) => Expiry(neverExpires: row is { Generation: > 0, ExpiresAt: null }, row.ExpiresAt, time)),
            new("Connection", (row, _) => row.Connection) { Rank = 1 }, new("Vendor", (row, _) => row.Vendor) { Rank = 2 },
            new("Waits for", (row, time) => Waits(row, time), Fit.Wrap),
            new("Next", (row, time) => $"{NextTime(row, time)}: {row.Next}", Fit.Wrap),
            new("Owed", (row, time) => Owed(row, time), Fit.Wrap),
        ],
        RowJson.Default.RotationRow)
    {
        Order = [row => row.Lineage],
    };

    public static Shape<EvidenceRow> Evidence { get; } = new(
        "evidence",
        [
            new("lineage", row => row.Lineage), new("at", row => Iso(row.At)), new("generation", row => Number(row.Generation)),
            new("stage", row => row.Stage), new("text", row => row.Text),
        ],
        [
            new("At", (row, _) => row.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
            new("Stage", (row, _) => StageCell(row.Stage)),
            new("Generation", (row, _) => row.Generation == 0 ? null : Number(row.Generation)) { Rank = 1 },
            new("Evidence", (row, _) => row.Text, Fit.Wrap) { IsTitle = true },
        ],
        RowJson.Default.EvidenceRow);

    private static Cell StageCell(string stage) => stage switch
    {
        "needsAttention" => new("needs attention", Tone.Danger),
        "done" => new(stage, Tone.Good),
        _ => new(stage, Tone.Notice),
    };

    private static Cell Waits(RotationRow row, TimeText time) => row.Attention is not { } attention ? row.WaitsFor
        : new Cell(attention + (row.Position == "done" ? null : $" It stopped in stage {row.Position}.") + (row.AttentionDeadline is { } end
            ? $" The token in use {Expires(end, time)}." : null), Tone.Danger);

    private static string NextTime(RotationRow row, TimeText time)
    {
        if (row.NextAt is not { } at)
            return "At the next run";
        var text = at <= time.Now ? "now" : time.Relative(at);
        return char.ToUpperInvariant(text[0]) + text[1..];
    }

    private static string Expires(DateTimeOffset at, TimeText time) => $"{(at < time.Now ? "expired" : "expires")} {time.Relative(at)}";

    private static Cell Owed(RotationRow row, TimeText time)
    {
        var owed = row.Debts.Select(debt => $"'{debt.TokenName}' may exist, can't be found, and {Expires(debt.Until, time)}.")
            .Concat(row.SoughtTokenNames.Select(name => $"'{name}' may have been created, and is looked for."));
        return new Cell(string.Join(' ', owed), Tone.Warning);
    }

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);
}
