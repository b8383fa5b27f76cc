namespace Tokenwright.Rotation;

/// <summary>Specifies how far a rotation is.</summary>
public enum RotationStage
{
    /// <summary>Nothing is under way: the token works and isn't due, or the lineage has no token yet.</summary>
    Done,

    /// <summary>A create is about to be sent, was sent, or its outcome is being found out.</summary>
    Intended,

    /// <summary>The vendor issued the new token, and its secret is stored in the journal. It is not yet confirmed.</summary>
    Minted,

    /// <summary>The new token works and has its full lifetime. Its secret is not yet in all sinks.</summary>
    Confirmed,

    /// <summary>The new secret is in all sinks. The old token works until nothing uses it any more.</summary>
    Published,

    /// <summary>The old token is being revoked, or it is being proven that it no longer works.</summary>
    Retiring,

    /// <summary>The rotation can't go on by itself, or is late. The old token keeps working. It is tried again from time to time.</summary>
    NeedsAttention,
}
