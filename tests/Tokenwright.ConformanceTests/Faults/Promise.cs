using System.Net;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>The expected result of a call with a fault.</summary>
internal sealed record Promise
{
    /// <summary>Gets the type of the exception; null if the call succeeds.</summary>
    public Type? Exception { get; init; }

    public HttpStatusCode? Status { get; init; }

    public bool IsTransient { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets how many requests of the affected kind are sent, including those that find no connection.</summary>
    public required int Requests { get; init; }

    /// <summary>Gets the largest number of these requests, where the number varies; null where it doesn't.</summary>
    public int? MostRequests { get; init; }

    /// <summary>Gets how many of the operation's main requests are sent.</summary>
    public required int MainRequests { get; init; }

    /// <summary>Gets whether the vendor has carried out the operation, once.</summary>
    public bool IsDone { get; init; }

    /// <summary>Gets how long the call may take at most.</summary>
    public required TimeSpan Budget { get; init; }

    /// <summary>Gets what the exception reports about a create or regenerate whose response was lost; null for other operations.</summary>
    public UnknownOutcome? Unknown { get; init; }

    /// <summary>Gets the expected verdict of a validation.</summary>
    public TokenVerdict Verdict { get; init; } = TokenVerdict.Active;

    /// <summary>Gets whether a suspension or resumption reports success.</summary>
    public bool Succeeds { get; init; } = true;
}
