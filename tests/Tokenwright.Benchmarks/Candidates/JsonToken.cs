using System.Text.Json.Serialization;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

internal sealed class JsonToken
{
    [JsonPropertyName("id")]
    public long Id { get; set; }

    [JsonPropertyName("name")]
    public string? Name { get; set; }

    [JsonPropertyName("description")]
    public string? Description { get; set; }

    [JsonPropertyName("roles")]
    public List<string>? Roles { get; set; }

    [JsonPropertyName("user")]
    public JsonOwner? User { get; set; }

    [JsonPropertyName("used")]
    public bool Used { get; set; }

    [JsonPropertyName("create")]
    public DateTimeOffset? Create { get; set; }

    [JsonPropertyName("update")]
    public DateTimeOffset? Update { get; set; }

    [JsonPropertyName("uuid")]
    public string? Uuid { get; set; }

    public void AddTo(ref Checksum checksum)
    {
        checksum.Add(Id);
        checksum.Add(Name);
        checksum.Add(Description);
        checksum.Add(Roles);
        checksum.Add(User?.Id ?? 0);
        checksum.Add(User?.Name);
        checksum.Add(Used ? 1 : 0);
        checksum.Add(Create);
        checksum.Add(Update);
    }
}
