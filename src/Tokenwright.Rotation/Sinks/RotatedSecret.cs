using System.Diagnostics;

namespace Tokenwright.Rotation;

/// <summary>Represents the secret of one generation of a lineage's token, with what consumers need besides it.</summary>
[DebuggerDisplay("{Lineage,nq} {Generation}")]
public sealed class RotatedSecret
{
    /// <summary>Gets or initializes the lineage's name.</summary>
    public required string Lineage { get; init; }

    /// <summary>Gets or initializes the generation, which consumers acknowledge.</summary>
    public required int Generation { get; init; }

    /// <summary>Gets or initializes the vendor's id of the token; null if tokens have none.</summary>
    public string? Id { get; init; }

    /// <summary>Gets or initializes the secret.</summary>
    public required TokenSecret Secret { get; init; }
}
