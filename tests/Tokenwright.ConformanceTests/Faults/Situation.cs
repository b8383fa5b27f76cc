using System.Net;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>
/// The inputs of a promise: a fault, which request of which operation it affects and how often, and the capabilities of that operation.
/// </summary>
internal sealed record Situation
{
    public required FaultCase Fault { get; init; }

    /// <summary>Gets whether the fault affects every matching request, not only the first.</summary>
    public bool IsAlways { get; init; }

    public Target Target { get; init; }

    public required TokenOperation Operation { get; init; }

    /// <summary>Gets <see cref="OperationCapability.SafeToRetry"/>.</summary>
    public required bool SafeToRetry { get; init; }

    /// <summary>Gets what a client can do about a create whose response is lost.</summary>
    public CreationRecovery Recovery { get; init; }

    /// <summary>Gets what the caller wants to be done about it.</summary>
    public UnknownOutcomeAction Action { get; init; }

    /// <summary>Gets whether the caller's reference to the token contains its secret.</summary>
    public bool KnowsSecret { get; init; }

    /// <summary>
    /// Gets whether a refused secret is replaced by a new one, for which the client exchanges the connection's credential.
    /// </summary>
    public bool RenewsCredential { get; init; }

    /// <summary>
    /// Gets whether the request is a GET, which the framework itself retries if the connection closes before the first byte of a response.
    /// </summary>
    public bool IsGet { get; init; }

    /// <summary>Gets whether the response to an earlier create was lost.</summary>
    public bool IsAfterLoss => Target is Target.Search or Target.Settlement or Target.Again;

    /// <summary>Gets the status of the vendor's own response.</summary>
    public HttpStatusCode Success { get; init; } = HttpStatusCode.OK;

    /// <summary>Gets whether the response has a body that the client reads.</summary>
    public bool HasBody { get; init; } = true;
}
