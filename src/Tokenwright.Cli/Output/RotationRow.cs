using Tokenwright.Cli.Lineages;
using Tokenwright.Rotation;

namespace Tokenwright.Cli.Output;

/// <summary>Represents a row of <c>rotation status</c> and <c>rotate</c>: how far the rotation of a lineage is.</summary>
internal sealed record RotationRow
{
    public required string Lineage { get; init; }

    public required string Connection { get; init; }

    public required string Vendor { get; init; }

    public required string Stage { get; init; }

    /// <summary>Gets or initializes the stage in which a rotation that needs attention stopped; else the stage.</summary>
    public required string Position { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>Gets or initializes the generation that the sinks have; 0 if there is none.</summary>
    public int Generation { get; init; }

    public string? TokenId { get; init; }

    public DateTimeOffset? IssuedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Gets or initializes the generations that are not proven dead.</summary>
    public required IReadOnlyList<int> OldGenerations { get; init; }

    public string? WaitsFor { get; init; }

    public required string Next { get; init; }

    public DateTimeOffset? NextAt { get; init; }

    public string? Attention { get; init; }

    public DateTimeOffset? AttentionDeadline { get; init; }

    public int Failures { get; init; }

    /// <summary>Gets or initializes tokens that may exist, that can't be found, and that expire by themselves.</summary>
    public required IReadOnlyList<DebtRow> Debts { get; init; }

    /// <summary>Gets or initializes the names of creates whose token is still looked for.</summary>
    public required IReadOnlyList<string> SoughtTokenNames { get; init; }

    /// <summary>Creates the row of a lineage.</summary>
    public static RotationRow Of(LineageDefinition lineage, RotationStatus status) => new()
    {
        Lineage = lineage.Name,
        Connection = lineage.Connection,
        Vendor = lineage.Vendor!.Name,
        Stage = Shapes.Word(status.Stage),
        Position = Shapes.Word(status.Position),
        Since = status.Since,
        Generation = status.Generation,
        TokenId = status.TokenId,
        IssuedAt = status.IssuedAt,
        ExpiresAt = status.ExpiresAt,
        OldGenerations = status.OldGenerations,
        WaitsFor = status.WaitsFor,
        Next = status.Next,
        NextAt = status.NextAt,
        Attention = status.Attention,
        AttentionDeadline = status.AttentionDeadline,
        Failures = status.Failures,
        Debts = [.. status.Debts.Select(debt => new DebtRow(debt.TokenName, debt.Until))],
        SoughtTokenNames = status.SoughtTokenNames,
    };
}
