namespace Tokenwright.Rotation;

/// <summary>Why a lineage needs a person.</summary>
internal sealed class AttentionEntry
{
    public string Reason { get; set; } = string.Empty;

    public DateTimeOffset Since { get; set; }

    public DateTimeOffset SaidAt { get; set; }
}
