using System.Text.Json;
using System.Text.Json.Serialization;
using Tokenwright.Adapters;

namespace Unleash.Tokens.Api;

/// <content>Adds the operation to each request. The connection's handlers use it to decide whether they may retry the request.</content>
public partial class UnleashApiClient
{
    /// <summary>Gets or initializes the operation that the client's requests belong to; null if the client is used on its own.</summary>
    public OperationContext? Context { get; init; }

    partial void PrepareRequest(HttpClient client, HttpRequestMessage request, string url) => Context?.Attach(request);

    // The server refuses a null.
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings)
        => settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
}
