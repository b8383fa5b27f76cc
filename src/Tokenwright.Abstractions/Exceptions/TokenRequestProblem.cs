namespace Tokenwright;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Field">The member, by the name that the caller or the vendor knows it by; null where it is the request as a whole.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record TokenRequestProblem(string? Field, string Message);
