using System.Diagnostics;

namespace Tokenwright;

/// <summary>
/// Represents a secret with the id that belongs to it, as one value: the id and the secret of a token that is exchanged for another
/// credential. The secret is never shown.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SecretPair : IEquatable<SecretPair>
{
    /// <summary>Initializes a new instance of the <see cref="SecretPair"/> class.</summary>
    /// <param name="id">The id; null if the source has only a secret.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="generation">The number that a rotation gave this secret, from 1; null if it isn't known.</param>
    /// <exception cref="ArgumentNullException">The secret is null.</exception>
    /// <exception cref="ArgumentException">The id can't be an id: it is empty, or has a control character.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The generation is less than 1.</exception>
    public SecretPair(string? id, TokenSecret secret, int? generation = null)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (id is not null)
            _ = TokenReference.ById(id);
        if (generation is { } number)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number, nameof(generation));
        (Id, Secret, Generation) = (id, secret, generation);
    }

    /// <summary>Gets the id; null if the source has only a secret.</summary>
    public string? Id { get; }

    /// <summary>Gets the secret.</summary>
    public TokenSecret Secret { get; }

    /// <summary>Gets the number that a rotation gave this secret, from 1; null if it isn't known.</summary>
    public int? Generation { get; }

    /// <summary>Determines whether two pairs have the same id, secret and generation.</summary>
    /// <param name="other">The other pair.</param>
    public bool Equals(SecretPair? other)
        => ReferenceEquals(this, other)
            || (other is not null && Id == other.Id && Generation == other.Generation && Secret.Equals(other.Secret));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as SecretPair);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Id, Secret);

    /// <summary>Returns the id and <c>***</c>.</summary>
    public override string ToString() => Id is null ? "***" : $"{Id} ***";
}
