using Tokenwright.Cli.Lineages;

namespace Tokenwright.Cli.Output;

/// <summary>Represents a row of <c>rotation list</c>: a lineage as it is configured.</summary>
internal sealed record LineageRow
{
    public required string Lineage { get; init; }

    public required string Connection { get; init; }

    public string? Vendor { get; init; }

    public required string Source { get; init; }

    public required IReadOnlyList<string> Sinks { get; init; }

    public required IReadOnlyList<string> Consumers { get; init; }

    public required string Mode { get; init; }

    public double LifetimeSeconds { get; init; }

    public double RotateAfter { get; init; }

    public double OverlapSeconds { get; init; }

    public double IdleSeconds { get; init; }

    public double DeadlineSeconds { get; init; }

    /// <summary>Gets or initializes what is wrong with the lineage; null if nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>Creates the row of a lineage.</summary>
    public static LineageRow Of(LineageDefinition lineage) => new()
    {
        Lineage = lineage.Name,
        Connection = lineage.Connection,
        Vendor = lineage.Vendor?.Name,
        Source = lineage.Place,
        Sinks = [.. lineage.Sinks.Select(sink => sink.Description)],
        Consumers = lineage.Consumers,
        Mode = Shapes.Word(lineage.Policy.Mode),
        LifetimeSeconds = lineage.Policy.Lifetime.TotalSeconds,
        RotateAfter = lineage.Policy.RotateAfter,
        OverlapSeconds = lineage.Policy.Overlap.TotalSeconds,
        IdleSeconds = lineage.Policy.Idle.TotalSeconds,
        DeadlineSeconds = lineage.Policy.Deadline.TotalSeconds,
        Problem = lineage.Problems.Any ? lineage.Problems.Text : null,
    };
}
