namespace Tokenwright.CrashTests.Victim;

/// <summary>What became of a create that an earlier run began.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Resolution">What was found out; null if that failed.</param>
/// <param name="Failure">Why it could not be found out, or why the token could not be created again; null if it could.</param>
public sealed record RecoveredCreate(string Name, CreationResolution? Resolution, TokenClientException? Failure);
