namespace Tokenwright;

/// <summary>Represents a line of the journal of a <see cref="JournaledTokenIssuer"/>.</summary>
/// <param name="Name">The name that a token is issued for.</param>
/// <param name="StartedAt">When the create was started; null if it is completed.</param>
internal sealed record JournalEntry(string Name, DateTimeOffset? StartedAt);
