using System.Text.Json.Serialization;

namespace Tokenwright.Rotation;

/// <summary>Reads and writes a lineage's state without reflection.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LineageState))]
internal sealed partial class StateJson : JsonSerializerContext;
