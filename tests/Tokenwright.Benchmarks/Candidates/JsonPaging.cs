using System.Text.Json.Serialization;

namespace Tokenwright.Benchmarks.Candidates;

internal sealed class JsonPaging
{
    [JsonPropertyName("total_count")]
    public long TotalCount { get; set; }
}
