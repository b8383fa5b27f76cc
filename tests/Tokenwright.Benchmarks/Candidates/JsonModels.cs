using System.Text.Json.Serialization;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>The models of the candidates that read with System.Text.Json, and the context that its generator fills.</summary>
[JsonSerializable(typeof(JsonTokenPage))]
[JsonSerializable(typeof(JsonTokenEnvelope))]
[JsonSerializable(typeof(JsonCreateEnvelope))]
internal sealed partial class JsonModels : JsonSerializerContext;
