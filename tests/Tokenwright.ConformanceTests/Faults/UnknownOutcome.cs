namespace Tokenwright.ConformanceTests.Faults;

/// <summary>The content of <see cref="TokenOutcomeUnknownException"/>.</summary>
/// <param name="Recovery">What the caller can do.</param>
/// <param name="Orphans">How many tokens were found that the call may have created.</param>
/// <param name="IsOrphanRevoked">Whether the found token has been revoked.</param>
internal sealed record UnknownOutcome(CreationRecovery Recovery = CreationRecovery.None, int Orphans = 0, bool IsOrphanRevoked = false);
