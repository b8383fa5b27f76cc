using System.Net;

namespace Tokenwright.ConformanceTests.Faults;

/// <summary>A request that a fault can hit, and what its response is like when nothing goes wrong.</summary>
/// <param name="Pattern">Which it is.</param>
/// <param name="Success">The status of the response.</param>
/// <param name="HasBody">Whether the response has a body.</param>
/// <param name="IsList">Whether it is a JSON array.</param>
/// <param name="RenewsCredential">Whether it is authenticated by what the connection's credential was exchanged for.</param>
internal sealed record TargetRequest(RequestPattern Pattern, HttpStatusCode Success, bool HasBody, bool IsList, bool RenewsCredential);
