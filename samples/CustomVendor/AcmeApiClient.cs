using Tokenwright.Adapters;

namespace Acme.Tokens.Api;

/// <content>Puts the operation on each request, for the connection's handlers: it says whether the request may be retried.</content>
public partial class AcmeApiClient
{
    /// <summary>Gets or initializes the operation that the client's requests belong to; null where it is called on its own.</summary>
    public OperationContext? Context { get; init; }

    partial void PrepareRequest(HttpClient client, HttpRequestMessage request, string url) => Context?.Attach(request);
}
