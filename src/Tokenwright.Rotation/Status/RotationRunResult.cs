using System.Collections.ObjectModel;

namespace Tokenwright.Rotation;

/// <summary>Represents what a run of the lineages that were due did.</summary>
public sealed class RotationRunResult
{
    /// <summary>Gets or initializes the states of the lineages that were brought as far as they can go now, by name.</summary>
    public required IReadOnlyList<RotationStatus> Statuses { get; init; }

    /// <summary>
    /// Gets or initializes why lineages could not be run or read, by their names, for example because the journal can't be written. A
    /// failure of a vendor or of a sink isn't one: the status has it.
    /// </summary>
    public IReadOnlyDictionary<string, Exception> Failures { get; init; } = ReadOnlyDictionary<string, Exception>.Empty;
}
