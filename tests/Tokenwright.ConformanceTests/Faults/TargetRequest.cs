using System.Net;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>A request that a fault can affect, and its response without a fault.</summary>
/// <param name="Pattern">The pattern of the request.</param>
/// <param name="Success">The status of the response.</param>
/// <param name="HasBody">Whether the response has a body.</param>
/// <param name="IsList">Whether the body is a JSON array.</param>
/// <param name="RenewsCredential">Whether the request authenticates with a credential that was exchanged.</param>
internal sealed record TargetRequest(RequestPattern Pattern, HttpStatusCode Success, bool HasBody, bool IsList, bool RenewsCredential);
