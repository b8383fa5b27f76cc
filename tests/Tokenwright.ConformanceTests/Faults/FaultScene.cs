namespace Tokenwright.ConformanceTests.Faults;

/// <summary>What a response in place of the vendor's is made for.</summary>
/// <param name="IsList">Whether the operation's response is a JSON array, not an object.</param>
/// <param name="Elsewhere">Another origin, to which nothing may be sent.</param>
/// <param name="Canary">A secret that the responses hold as if they had been issued by them.</param>
/// <param name="Now">The vendor's time.</param>
internal sealed record FaultScene(bool IsList, Uri Elsewhere, string Canary, Func<DateTimeOffset> Now);
