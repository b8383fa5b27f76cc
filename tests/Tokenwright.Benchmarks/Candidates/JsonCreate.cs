using System.Text.Json.Serialization;

namespace Tokenwright.Benchmarks.Candidates;

internal sealed class JsonCreate
{
    [JsonPropertyName("name")]
    public string? Name { get; set; }

    [JsonPropertyName("roles")]
    public List<string>? Roles { get; set; }

    [JsonPropertyName("description")]
    public string? Description { get; set; }
}
