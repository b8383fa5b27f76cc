using System.Net;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>
/// All that a promise depends on: a fault, which request of which operation it hits and how often, and what the capabilities say of that
/// operation.
/// </summary>
internal sealed record Situation
{
    public required FaultCase Fault { get; init; }

    /// <summary>Whether every matching request is hit, not only the first.</summary>
    public bool IsAlways { get; init; }

    public Target Target { get; init; }

    public required TokenOperation Operation { get; init; }

    /// <summary><see cref="OperationCapability.SafeToRetry"/>.</summary>
    public required bool SafeToRetry { get; init; }

    /// <summary>What can be done about a create whose response is lost.</summary>
    public CreationRecovery Recovery { get; init; }

    /// <summary>What the caller wants to be done about it.</summary>
    public UnknownOutcomeAction Action { get; init; }

    /// <summary>Whether the caller named the token by something that holds its secret.</summary>
    public bool KnowsSecret { get; init; }

    /// <summary>Whether a secret that is refused is replaced by another one, which the connection's credential is exchanged for.</summary>
    public bool RenewsCredential { get; init; }

    /// <summary>
    /// Whether the request is a GET, which the framework itself sends again where a connection ends without a byte of a response.
    /// </summary>
    public bool IsGet { get; init; }

    /// <summary>Whether the response to a create was lost before.</summary>
    public bool IsAfterLoss => Target is Target.Search or Target.Settlement or Target.Again;

    /// <summary>The status of the vendor's own response.</summary>
    public HttpStatusCode Success { get; init; } = HttpStatusCode.OK;

    /// <summary>Whether the response of the request has a body, in which there is something to be read.</summary>
    public bool HasBody { get; init; } = true;
}
