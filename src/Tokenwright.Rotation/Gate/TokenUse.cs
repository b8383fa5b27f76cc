namespace Tokenwright.Rotation;

/// <summary>What the vendor says of the use of an old token.</summary>
/// <param name="Generation">Its generation.</param>
/// <param name="IsGone">Whether the vendor no longer has it.</param>
/// <param name="IsKnown">Whether the last use can be read.</param>
/// <param name="LastUsedAt">The last use; null if there was none.</param>
internal sealed record TokenUse(int Generation, bool IsGone, bool IsKnown, DateTimeOffset? LastUsedAt);
