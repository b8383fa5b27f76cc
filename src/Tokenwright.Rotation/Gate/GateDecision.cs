namespace Tokenwright.Rotation;

/// <summary>Whether old tokens may be revoked, and why.</summary>
/// <param name="IsOpen">Whether they may be revoked.</param>
/// <param name="Reasons">The conditions that are met if it is open; else those that are not.</param>
/// <param name="OpensAt">When the conditions that only wait for time are met; null if there is none.</param>
/// <param name="WaitsForOthers">Whether a condition doesn't wait for time only, so that it can be met at any moment.</param>
internal sealed record GateDecision(bool IsOpen, IReadOnlyList<string> Reasons, DateTimeOffset? OpensAt, bool WaitsForOthers)
{
    public string Text => string.Join(" ", Reasons);
}
