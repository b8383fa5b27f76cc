using System.Net;
using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>One thing that goes wrong with a request: how it is made, and what it means for the client and for the vendor.</summary>
internal sealed record FaultCase(string Name)
{
    /// <summary>What the client gets to see of a response.</summary>
    public required Sight Sight { get; init; }

    /// <summary>The status of the response that is sent in place of the vendor's; null where none is.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Whether the vendor does what was asked all the same.</summary>
    public bool IsCarriedOut { get; init; }

    /// <summary>Whether the connection is closed, and not reset, before a byte of a response came.</summary>
    public bool IsSilentEnd { get; init; }

    /// <summary>Whether nothing ends the attempt but its own time.</summary>
    public bool Holds { get; init; }

    /// <summary>Whether the vendor does it only after the client has given up.</summary>
    public bool IsLate { get; init; }

    /// <summary>How long the response asks to wait before the next try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether it happens to the body of the vendor's own response, so that a response without a body is not hit.</summary>
    public bool IsInBody { get; init; }

    /// <summary>Whether the response is an HTML page.</summary>
    public bool IsPage { get; init; }

    /// <summary>
    /// Whether it is a refusal that the vendor's API can't have made: a page, or a redirect. It says nothing of what the vendor did.
    /// </summary>
    public bool IsForeignRefusal => Sight == Sight.Refusal && (IsPage || Status is >= (HttpStatusCode)300 and < (HttpStatusCode)400);

    /// <summary>How long new tokens take to show in the vendor's lists.</summary>
    public TimeSpan ListLag { get; init; }

    /// <summary>Whether the response is a success without a body.</summary>
    public bool IsEmptySuccess { get; init; }

    /// <summary>Whether a response is sent in place of the vendor's.</summary>
    public bool IsReplacement => Status is not null;

    /// <summary>Whether the request goes out on a connection that earlier requests used.</summary>
    public bool IsOnUsedConnection { get; init; }

    /// <summary>Whether the server closes the used connection before the request goes out.</summary>
    public bool ClosesIdleConnection { get; init; }

    /// <summary>
    /// Whether a handler of the program sends each request again that fails, as a retry handler in the container's HTTP client defaults
    /// does.
    /// </summary>
    public bool IsRepeatedByProgram { get; init; }

    /// <summary>Whether the program's logs and its listeners to spans and metrics throw whatever they are told.</summary>
    public bool ListenersThrow { get; init; }

    /// <summary>Whether it happens to one request only: not to all of them.</summary>
    public bool IsOnce => IsOnUsedConnection || IsRepeatedByProgram;

    /// <summary>
    /// Whether the smaller dimensions have it too: the exchange of credentials, look-ups, and what is done about a lost response.
    /// </summary>
    public bool IsTypical { get; init; }

    /// <summary>How many bytes a response may have in this case; null for the default.</summary>
    public int? MaxResponseBytes { get; init; }

    /// <summary>Creates the fault of the vendor's server; null where the request never gets there.</summary>
    public Func<FaultScene, Fault>? Make { get; init; }

    public override string ToString() => Name;
}
