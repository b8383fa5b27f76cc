using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Represents an authorized request.</summary>
internal sealed record FimidaraCall(FimidaraCaller Caller, JsonObject Body);
