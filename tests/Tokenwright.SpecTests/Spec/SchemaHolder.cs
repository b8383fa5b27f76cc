using System.Text.Json.Nodes;

namespace Tokenwright.SpecTests.Spec;

/// <summary>A place in a spec that carries a schema: a parameter, a header or a media type.</summary>
internal sealed record SchemaHolder(string Where, JsonObject Node, JsonObject Schema);
