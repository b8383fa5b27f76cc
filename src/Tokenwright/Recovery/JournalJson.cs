using System.Text.Json.Serialization;

namespace Tokenwright;

/// <summary>Reads and writes journal entries without reflection.</summary>
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;
