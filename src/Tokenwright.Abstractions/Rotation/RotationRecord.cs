using System.Collections.ObjectModel;

namespace Tokenwright;

/// <summary>Represents what a rotation stores of one lineage.</summary>
public sealed class RotationRecord
{
    /// <summary>Gets or initializes the lineage's name.</summary>
    public required string Lineage { get; init; }

    /// <summary>Gets or initializes the number of times that the record was written; 0 before the first time.</summary>
    public long Revision { get; init; }

    /// <summary>Gets or initializes when the rotation has to look at the lineage again.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>Gets or initializes the state of the rotation, as JSON without secrets.</summary>
    public required string State { get; init; }

    /// <summary>Gets or initializes the sealed (encrypted) secrets, by the generation of their token.</summary>
    public IReadOnlyDictionary<int, byte[]> SealedSecrets { get; init; } = ReadOnlyDictionary<int, byte[]>.Empty;
}
