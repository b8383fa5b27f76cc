using System.Net;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>What must come of a call that meets a fault.</summary>
internal sealed record Promise
{
    /// <summary>The type of the exception; null if the call succeeds.</summary>
    public Type? Exception { get; init; }

    public HttpStatusCode? Status { get; init; }

    public bool IsTransient { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How many requests of the kind that the fault hits are sent; those that find no connection are among them.</summary>
    public required int Requests { get; init; }

    /// <summary>How many of them are sent at most, where that is chance; null where it isn't.</summary>
    public int? MostRequests { get; init; }

    /// <summary>How many of the operation's main requests are sent.</summary>
    public required int MainRequests { get; init; }

    /// <summary>Whether the vendor has done what was asked, once.</summary>
    public bool IsDone { get; init; }

    /// <summary>How long the call may take at most.</summary>
    public required TimeSpan Budget { get; init; }

    /// <summary>What the exception tells of a create or regenerate whose response was lost; null elsewhere.</summary>
    public UnknownOutcome? Unknown { get; init; }

    /// <summary>What a validation finds.</summary>
    public TokenVerdict Verdict { get; init; } = TokenVerdict.Active;

    /// <summary>Whether a suspension or resumption reports success.</summary>
    public bool Succeeds { get; init; } = true;
}
