namespace Tokenwright.Rotation;

/// <summary>Represents something that happened to a lineage, for a program's own alerts. It contains no secret.</summary>
public sealed class RotationEvent
{
    /// <summary>Gets or initializes the lineage's name.</summary>
    public required string Lineage { get; init; }

    /// <summary>Gets or initializes the stage after it.</summary>
    public required RotationStage Stage { get; init; }

    /// <summary>Gets or initializes when it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets or initializes what happened, as a sentence.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// Gets or initializes whether a person has to act. Such an event is repeated once a day, and every hour in the last day before the
    /// token expires.
    /// </summary>
    public bool NeedsAttention { get; init; }
}
