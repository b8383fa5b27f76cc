using Tokenwright.Adapters;
using Tokenwright.Http;

namespace Tokenwright.Generated;

/// <summary>
/// Represents a typed client's request. It stores its context in a property, so that no dictionary for options is allocated.
/// </summary>
internal sealed class ApiRequest(HttpMethod method, Uri address) : HttpRequestMessage(method, address)
{
    public SentRequest? Sent { get; set; }

    public OperationContext? Context { get; set; }

    /// <summary>Gets or sets a token with which the owner of the HTTP client cancels its requests.</summary>
    public CancellationToken OwnerToken { get; set; }

    /// <summary>Gets or initializes whether the operation declares no credential, so that none is sent or exchanged for it.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Gets or initializes the secrets in the body, as marked in the spec. A response may repeat them.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];
}
