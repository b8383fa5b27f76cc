using System.Text.Json.Nodes;

namespace Tokenwright.SpecTests.Spec;

/// <summary>A part of a spec that has a schema: a parameter, a header or a media type.</summary>
internal sealed record SchemaHolder(string Where, JsonObject Node, JsonObject Schema);
