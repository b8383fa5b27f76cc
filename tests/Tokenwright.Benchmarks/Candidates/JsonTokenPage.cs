using System.Text.Json.Serialization;

namespace Tokenwright.Benchmarks.Candidates;

internal sealed class JsonTokenPage
{
    [JsonPropertyName("access_tokens")]
    public List<JsonToken> Tokens { get; set; } = [];

    [JsonPropertyName("paging")]
    public JsonPaging? Paging { get; set; }
}
