namespace Tokenwright.Rotation;

/// <summary>Represents a token that may exist, that nobody holds, and that can't be found. It ends by itself.</summary>
public sealed class RotationDebt
{
    /// <summary>Gets or initializes the name that the token has, if it exists.</summary>
    public required string TokenName { get; init; }

    /// <summary>Gets or initializes when it expires at the latest.</summary>
    public required DateTimeOffset Until { get; init; }
}
