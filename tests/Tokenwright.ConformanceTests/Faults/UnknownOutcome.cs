namespace Tokenwright.ConformanceTests.Faults;

/// <summary>What <see cref="TokenOutcomeUnknownException"/> tells.</summary>
/// <param name="Recovery">What can be done.</param>
/// <param name="Orphans">How many tokens were found that the call may have made.</param>
/// <param name="IsOrphanRevoked">Whether the one that was found has been revoked.</param>
internal sealed record UnknownOutcome(CreationRecovery Recovery = CreationRecovery.None, int Orphans = 0, bool IsOrphanRevoked = false);
