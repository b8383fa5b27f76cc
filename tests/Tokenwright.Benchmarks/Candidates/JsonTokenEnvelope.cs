using System.Text.Json.Serialization;

namespace Tokenwright.Benchmarks.Candidates;

internal sealed class JsonTokenEnvelope
{
    [JsonPropertyName("access_token")]
    public JsonToken? Token { get; set; }
}
