using System.Net;
using Tokenwright.Testing;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>A request that an operation sent without a fault, its kind, and its response.</summary>
internal sealed record RehearsedRequest(ReceivedRequest Request, RequestPattern Pattern, (HttpStatusCode Status, string Body) Response)
{
    /// <summary>Returns the request as a target of a fault.</summary>
    /// <param name="exchange">The exchange of the credential before it; null if there was none.</param>
    public TargetRequest AsTarget(RehearsedRequest? exchange) => new(
        Pattern,
        Response.Status,
        HasBody: Response.Body.Length > 0,
        IsList: Response.Body.StartsWith('['),
        RenewsCredential: exchange is not null && exchange != this
            && Request.HeaderNames.SelectMany(name => Request.Header(name)!.Split(' '))
                .Any(value => value.Length > 12 && exchange.Response.Body.Contains(value, StringComparison.Ordinal)));
}
