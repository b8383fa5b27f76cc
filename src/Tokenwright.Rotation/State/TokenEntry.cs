namespace Tokenwright.Rotation;

/// <summary>A token of a lineage.</summary>
internal sealed class TokenEntry
{
    public int Generation { get; set; }

    public string? Id { get; set; }

    public string? Key { get; set; }

    public string? Name { get; set; }

    public DateTimeOffset IssuedAt { get; set; }

    /// <summary>When it expires; null if it never does.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Whether it has its short lifetime and must be extended.</summary>
    public bool IsShort { get; set; }

    /// <summary>Whether no sink can have its secret, so that nobody can use it.</summary>
    public bool IsUnpublished { get; set; }

    /// <summary>Whether the vendor replaced its secret, so that there is nothing to revoke.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>Whether it was decided that it may be revoked.</summary>
    public bool MayRevoke { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Whether the journal has its sealed secret.</summary>
    public bool HasSecret { get; set; }

    public TokenEntry Copy() => (TokenEntry)MemberwiseClone();
}
