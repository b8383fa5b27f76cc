namespace Tokenwright.CrashTests.Victim;

/// <summary>The result of a create that an earlier run started.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Resolution">What the client found; null if the search failed.</param>
/// <param name="Failure">Why the search, or the second create, failed; null if nothing did.</param>
public sealed record RecoveredCreate(string Name, CreationResolution? Resolution, TokenClientException? Failure);
