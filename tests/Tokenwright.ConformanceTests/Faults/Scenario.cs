namespace Tokenwright.ConformanceTests.Faults;

/// <summary>A way to call an operation, and the requests that it sends.</summary>
/// <param name="Kind">The kind of the reference to the token.</param>
/// <param name="SignsIn">Whether the client signs in as a user.</param>
/// <param name="Requests">The requests. Those after a lost create depend on what the caller wants.</param>
internal sealed record Scenario(
    TokenReferenceKinds Kind, bool SignsIn, IReadOnlyDictionary<(Target Target, UnknownOutcomeAction Action), TargetRequest> Requests)
{
    public bool Has(Target target) => Requests.Keys.Any(key => key.Target == target);
}
