namespace Tokenwright.ConformanceTests.Faults;

/// <summary>A way of doing an operation, and the requests that it takes.</summary>
/// <param name="Kind">How the token is named.</param>
/// <param name="SignsIn">Whether the client signs in as a user.</param>
/// <param name="Requests">Its requests; those that follow a lost create by what the caller wants.</param>
internal sealed record Scenario(
    TokenReferenceKinds Kind, bool SignsIn, IReadOnlyDictionary<(Target Target, UnknownOutcomeAction Action), TargetRequest> Requests)
{
    public bool Has(Target target) => Requests.Keys.Any(key => key.Target == target);
}
