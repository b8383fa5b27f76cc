namespace Tokenwright.ConformanceTests.Faults;

/// <summary>What <see cref="TokenOutcomeUnknownException"/> tells.</summary>
/// <param name="Recovery">What can be done.</param>
/// <param name="Strays">How many tokens were found that the call may have made.</param>
/// <param name="IsStrayRevoked">Whether the one that was found has been revoked.</param>
internal sealed record UnknownOutcome(CreationRecovery Recovery = CreationRecovery.None, int Strays = 0, bool IsStrayRevoked = false);
