using System.Net;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>One cell of the matrix: a situation, and how it is brought about at a vendor.</summary>
internal sealed record FaultCell(Scenario Scenario, Situation Situation)
{
    /// <summary>Whether the create asks for a token without an end.</summary>
    public bool IsEndless { get; init; }

    /// <summary>The request that is hit.</summary>
    public TargetRequest Request => Scenario.Requests[(Situation.Target, Situation.Target is Target.Settlement or Target.Again ? Situation.Action : default)];

    public override string ToString()
    {
        var parts = new[]
        {
            $"{Situation.Operation}{(Scenario.Kind == TokenReferenceKinds.None ? "" : $" by {Scenario.Kind}")}",
            Scenario.SignsIn ? "signed in" : null,
            IsEndless ? "without an end" : null,
            Situation.Target == Target.Main ? null : $"{Situation.Target}",
            Situation.Fault.Name,
            Situation.IsAlways ? "always" : "once",
            Situation.Operation == TokenOperation.Create ? $"{Situation.Action}" : null,
        };
        return string.Join(", ", parts.Where(part => part is not null));
    }
}

/// <summary>A way of doing an operation, and the requests that it takes.</summary>
/// <param name="Kind">How the token is named.</param>
/// <param name="SignsIn">Whether the client signs in as a user.</param>
/// <param name="Requests">Its requests; those that follow a lost create by what the caller wants.</param>
internal sealed record Scenario(TokenReferenceKinds Kind, bool SignsIn, IReadOnlyDictionary<(Target Target, UnknownOutcomeAction Action), TargetRequest> Requests)
{
    public bool Has(Target target) => Requests.Keys.Any(key => key.Target == target);
}

/// <summary>A request that a fault can hit, and what its answer is like when nothing goes wrong.</summary>
/// <param name="Pattern">Which it is.</param>
/// <param name="Success">The status of the answer.</param>
/// <param name="HasBody">Whether the answer has a body.</param>
/// <param name="IsList">Whether it is a JSON array.</param>
/// <param name="RenewsCredential">Whether it is authenticated by what the connection's credential was exchanged for.</param>
internal sealed record TargetRequest(RequestPattern Pattern, HttpStatusCode Success, bool HasBody, bool IsList, bool RenewsCredential);
