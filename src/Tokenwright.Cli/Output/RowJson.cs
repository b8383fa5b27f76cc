using System.Text.Json.Serialization;

namespace Tokenwright.Cli.Output;

/// <summary>Provides the JSON serialization of the rows.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TokenRow))]
[JsonSerializable(typeof(FailureRow))]
[JsonSerializable(typeof(VendorRow))]
[JsonSerializable(typeof(ConnectionRow))]
[JsonSerializable(typeof(VerdictRow))]
[JsonSerializable(typeof(ReceiptRow))]
[JsonSerializable(typeof(IssuedRow))]
[JsonSerializable(typeof(ChangeRow))]
[JsonSerializable(typeof(CallRow))]
[JsonSerializable(typeof(FindingRow))]
[JsonSerializable(typeof(LineageRow))]
[JsonSerializable(typeof(RotationRow))]
[JsonSerializable(typeof(EvidenceRow))]
internal sealed partial class RowJson : JsonSerializerContext;
