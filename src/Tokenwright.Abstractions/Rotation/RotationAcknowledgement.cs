namespace Tokenwright;

/// <summary>Represents a consumer's statement that it uses a generation of a token, and no earlier one.</summary>
public sealed class RotationAcknowledgement
{
    /// <summary>Gets or initializes the consumer's name.</summary>
    public required string Consumer { get; init; }

    /// <summary>Gets or initializes the generation.</summary>
    public required int Generation { get; init; }

    /// <summary>Gets or initializes when the consumer said it.</summary>
    public required DateTimeOffset At { get; init; }
}
