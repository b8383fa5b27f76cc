using System.Text.Json.Nodes;

namespace Tokenwright.SpecTests.Spec;

/// <summary>A schema and its place in the spec.</summary>
internal sealed record PlacedSchema(string Where, JsonObject Node);
