using System.Text.Json.Nodes;

namespace Tokenwright.SpecTests.Spec;

/// <summary>A schema and where it stands.</summary>
internal sealed record PlacedSchema(string Where, JsonObject Node);
