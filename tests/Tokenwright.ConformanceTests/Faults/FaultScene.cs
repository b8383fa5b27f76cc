namespace Tokenwright.ConformanceTests.Faults;

/// <summary>The data for a response that replaces the vendor's.</summary>
/// <param name="IsList">Whether the operation's response is a JSON array and not an object.</param>
/// <param name="Elsewhere">Another origin, to which nothing may be sent.</param>
/// <param name="Canary">A secret in the responses, as if they had issued it.</param>
/// <param name="Now">The vendor's time.</param>
internal sealed record FaultScene(bool IsList, Uri Elsewhere, string Canary, Func<DateTimeOffset> Now);
