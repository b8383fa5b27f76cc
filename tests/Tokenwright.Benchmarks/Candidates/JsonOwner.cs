using System.Text.Json.Serialization;

namespace Tokenwright.Benchmarks.Candidates;

internal sealed class JsonOwner
{
    [JsonPropertyName("id")]
    public long Id { get; set; }

    [JsonPropertyName("name")]
    public string? Name { get; set; }
}
