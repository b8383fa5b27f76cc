using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>A request that was let in.</summary>
internal sealed record FimidaraCall(FimidaraCaller Caller, JsonObject Body);
