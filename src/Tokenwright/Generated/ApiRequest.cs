using Tokenwright.Adapters;
using Tokenwright.Http;

namespace Tokenwright.Generated;

/// <summary>
/// A typed client's request. It has its context in a property, so that no dictionary of options is allocated for it.
/// </summary>
internal sealed class ApiRequest(HttpMethod method, Uri address) : HttpRequestMessage(method, address)
{
    public SentRequest? Sent { get; set; }

    public OperationContext? Context { get; set; }

    /// <summary>
    /// Gets or initializes whether its operation declares no credential, so that none is sent, and none is exchanged for it.
    /// </summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Gets or initializes the secrets in its body, as the spec marks them: a response may repeat them.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];
}
