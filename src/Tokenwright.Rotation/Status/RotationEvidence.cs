namespace Tokenwright.Rotation;

/// <summary>Represents one decision or observation of a rotation.</summary>
public sealed class RotationEvidence
{
    /// <summary>Gets or initializes when it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets or initializes the generation that it concerns.</summary>
    public required int Generation { get; init; }

    /// <summary>Gets or initializes the stage in which it was made.</summary>
    public required RotationStage Stage { get; init; }

    /// <summary>Gets or initializes what was decided or seen, as a sentence without secrets.</summary>
    public required string Text { get; init; }

    /// <summary>Returns the time and the text.</summary>
    public override string ToString() => $"{At.ToUniversalTime():u} {Text}";
}
