using System.Net;
using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>One fault of a request: how it is produced, and what it means for the client and for the vendor.</summary>
internal sealed record FaultCase(string Name)
{
    /// <summary>Gets what the client sees of the response.</summary>
    public required Sight Sight { get; init; }

    /// <summary>Gets the status of the response that replaces the vendor's; null if none does.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Gets whether the vendor still carries out the request.</summary>
    public bool IsCarriedOut { get; init; }

    /// <summary>Gets whether the connection is closed (not reset) before the first byte of a response.</summary>
    public bool IsSilentEnd { get; init; }

    /// <summary>Gets whether only its timeout ends the attempt.</summary>
    public bool Holds { get; init; }

    /// <summary>Gets whether the vendor carries out the request only after the client has given up.</summary>
    public bool IsLate { get; init; }

    /// <summary>Gets how long the response asks to wait before a retry.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Gets whether the fault affects the body of the vendor's own response, so that a response without a body is not affected.
    /// </summary>
    public bool IsInBody { get; init; }

    /// <summary>Gets whether the response is an HTML page.</summary>
    public bool IsPage { get; init; }

    /// <summary>
    /// Gets whether the response is an error that the vendor's API can't have sent: a page, or a redirect. It doesn't show what the vendor
    /// did.
    /// </summary>
    public bool IsForeignRefusal => Sight == Sight.Refusal && (IsPage || Status is >= (HttpStatusCode)300 and < (HttpStatusCode)400);

    /// <summary>Gets how long new tokens take to appear in the vendor's lists.</summary>
    public TimeSpan ListLag { get; init; }

    /// <summary>Gets whether the response is a success without a body.</summary>
    public bool IsEmptySuccess { get; init; }

    /// <summary>Gets whether a response is sent in place of the vendor's.</summary>
    public bool IsReplacement => Status is not null;

    /// <summary>Gets whether the request is sent on a connection that earlier requests used.</summary>
    public bool IsOnUsedConnection { get; init; }

    /// <summary>Gets whether the server closes the used connection before the request is sent.</summary>
    public bool ClosesIdleConnection { get; init; }

    /// <summary>
    /// Gets whether a handler of the program retries each failed request, like a retry handler in the defaults of the container's HTTP
    /// clients.
    /// </summary>
    public bool IsRepeatedByProgram { get; init; }

    /// <summary>Gets whether the program's logs and its listeners to spans and metrics throw on every call.</summary>
    public bool ListenersThrow { get; init; }

    /// <summary>Gets whether the fault affects only one request and never all of them.</summary>
    public bool IsOnce => IsOnUsedConnection || IsRepeatedByProgram;

    /// <summary>
    /// Gets whether the fault also runs in the smaller dimensions: the exchange of credentials, look-ups, and the recovery after a lost
    /// response.
    /// </summary>
    public bool IsTypical { get; init; }

    /// <summary>Gets how many bytes a response may have in this case; null for the default.</summary>
    public int? MaxResponseBytes { get; init; }

    /// <summary>Creates the fault of the vendor's server; null if the request never reaches it.</summary>
    public Func<FaultScene, Fault>? Make { get; init; }

    public override string ToString() => Name;
}
