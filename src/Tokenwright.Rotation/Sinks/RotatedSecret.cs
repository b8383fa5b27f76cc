using System.Diagnostics;
using System.Text;

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

    /// <summary>
    /// Returns the form in which a sink stores id and secret as one value: <c>{"generation":3,"id":"…","secret":"…"}</c>.
    /// <see cref="SecretSource.File"/> reads it.
    /// </summary>
    public string RevealAsJson() => Encoding.UTF8.GetString(SecretJson.Write(this));

    /// <summary>Reads the form of <see cref="RevealAsJson"/>.</summary>
    /// <param name="json">The text.</param>
    /// <param name="lineage">The lineage's name, which the text doesn't contain; empty if it isn't known.</param>
    /// <returns>The secret; null if the text has another form.</returns>
    public static RotatedSecret? FromJson(string json, string lineage)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(lineage);
        return SecretJson.Read(Encoding.UTF8.GetBytes(json), lineage);
    }
}
