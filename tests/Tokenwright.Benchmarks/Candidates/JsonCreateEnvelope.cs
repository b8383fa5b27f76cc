using System.Text.Json.Serialization;

namespace Tokenwright.Benchmarks.Candidates;

internal sealed class JsonCreateEnvelope
{
    [JsonPropertyName("access_token")]
    public JsonCreate? Token { get; set; }

    public static JsonCreateEnvelope Of(string name, string description, IEnumerable<string> roles)
        => new() { Token = new() { Name = name, Description = description, Roles = [.. roles] } };
}
