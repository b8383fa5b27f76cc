using System.Text.Json.Serialization;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>The models of the candidates that read with System.Text.Json, and the context that its generator fills.</summary>
[JsonSerializable(typeof(JsonTokenPage))]
[JsonSerializable(typeof(JsonTokenEnvelope))]
[JsonSerializable(typeof(JsonCreateEnvelope))]
internal sealed partial class JsonModels : JsonSerializerContext;

internal sealed class JsonTokenPage
{
    [JsonPropertyName("access_tokens")]
    public List<JsonToken> Tokens { get; set; } = [];

    [JsonPropertyName("paging")]
    public JsonPaging? Paging { get; set; }
}

internal sealed class JsonPaging
{
    [JsonPropertyName("total_count")]
    public long TotalCount { get; set; }
}

internal sealed class JsonTokenEnvelope
{
    [JsonPropertyName("access_token")]
    public JsonToken? Token { get; set; }
}

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

internal sealed class JsonOwner
{
    [JsonPropertyName("id")]
    public long Id { get; set; }

    [JsonPropertyName("name")]
    public string? Name { get; set; }
}

internal sealed class JsonCreateEnvelope
{
    [JsonPropertyName("access_token")]
    public JsonCreate? Token { get; set; }

    public static JsonCreateEnvelope Of(string name, string description, IEnumerable<string> roles)
        => new() { Token = new() { Name = name, Description = description, Roles = [.. roles] } };
}

internal sealed class JsonCreate
{
    [JsonPropertyName("name")]
    public string? Name { get; set; }

    [JsonPropertyName("roles")]
    public List<string>? Roles { get; set; }

    [JsonPropertyName("description")]
    public string? Description { get; set; }
}
