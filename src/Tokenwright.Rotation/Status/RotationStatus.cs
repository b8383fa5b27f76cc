namespace Tokenwright.Rotation;

/// <summary>Represents the state of one lineage.</summary>
public sealed class RotationStatus
{
    /// <summary>Gets or initializes the lineage's name.</summary>
    public required string Lineage { get; init; }

    /// <summary>Gets or initializes the name of the lineage's connection.</summary>
    public required string Connection { get; init; }

    /// <summary>Gets or initializes the stage.</summary>
    public required RotationStage Stage { get; init; }

    /// <summary>
    /// Gets or initializes the stage in which the rotation stopped, if <see cref="Stage"/> is NeedsAttention; else the stage.
    /// </summary>
    public required RotationStage Position { get; init; }

    /// <summary>Gets or initializes since when the lineage is in this stage; null if it has no record yet.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Gets or initializes the generation that the sinks have; 0 if there is none.</summary>
    public int Generation { get; init; }

    /// <summary>Gets or initializes the vendor's id of that token; null if there is none.</summary>
    public string? TokenId { get; init; }

    /// <summary>Gets or initializes when that token was issued; null if there is none.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>Gets or initializes when that token expires; null if it never does, or if there is none.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Gets or initializes the generations of earlier tokens that are not proven dead.</summary>
    public IReadOnlyList<int> OldGenerations { get; init; } = [];

    /// <summary>Gets or initializes what the rotation waits for, as a sentence; null if it waits for nothing.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>Gets or initializes what happens next, as a sentence.</summary>
    public required string Next { get; init; }

    /// <summary>Gets or initializes when the rotation looks at the lineage again; null if it has no record yet: at the next run.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>
    /// Gets or initializes how many times in a row the current step has failed or was not yet finished; 0 if it only waits. The rotation
    /// tries it again by itself.
    /// </summary>
    public int Failures { get; init; }

    /// <summary>Gets or initializes why the lineage needs attention; null if it doesn't.</summary>
    public string? Attention { get; init; }

    /// <summary>
    /// Gets or initializes until when a person has time: when the token of the sinks expires, if the lineage needs attention; else null.
    /// </summary>
    public DateTimeOffset? AttentionDeadline { get; init; }

    /// <summary>Gets or initializes tokens that may exist and can't be found, with the times when they expire.</summary>
    public IReadOnlyList<RotationDebt> Debts { get; init; } = [];

    /// <summary>Gets or initializes the names of creates whose token is still looked for.</summary>
    public IReadOnlyList<string> SoughtTokenNames { get; init; } = [];

    /// <summary>Gets or initializes the latest decisions and observations, the oldest first.</summary>
    public IReadOnlyList<RotationEvidence> Evidence { get; init; } = [];

    /// <summary>Returns the name and the stage.</summary>
    public override string ToString() => $"{Lineage}: {Stage}";
}
