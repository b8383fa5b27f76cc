namespace Tokenwright.Rotation;

/// <summary>A create that was or may have been sent, and whose outcome is not known.</summary>
internal sealed class AttemptEntry
{
    public int Generation { get; set; }

    /// <summary>The name that only this create has.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>The key that only this create has, where tokens have keys.</summary>
    public string? Key { get; set; }

    /// <summary>The id of the token whose secret is replaced; null for a create.</summary>
    public string? RegeneratedId { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>The requested expiry; null for a token that never expires.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When it was noticed that the response is lost.</summary>
    public DateTimeOffset? LostAt { get; set; }

    /// <summary>Until when its token can appear, if its response is lost.</summary>
    public DateTimeOffset SweepUntil { get; set; }

    public DateTimeOffset? LookAt { get; set; }

    public int Looks { get; set; }

    /// <summary>Whether the rotation went on without it. It is still looked for.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Whether its token can be in use, because the journal was behind. Then it isn't revoked before the gate opens.</summary>
    public bool MayBeInUse { get; set; }
}
