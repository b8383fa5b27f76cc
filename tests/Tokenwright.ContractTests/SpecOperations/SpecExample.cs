using System.Text.Json.Nodes;

namespace Tokenwright.ContractTests.SpecOperations;

/// <summary>An example of a spec; the name is empty where it is the only one.</summary>
internal sealed record SpecExample(string Name, JsonNode Value);
