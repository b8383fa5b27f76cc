namespace Tokenwright.Rotation;

/// <summary>A decision or observation.</summary>
internal sealed class EvidenceEntry
{
    public DateTimeOffset At { get; set; }

    public int Generation { get; set; }

    public RotationStage Stage { get; set; }

    public string Text { get; set; } = string.Empty;
}
