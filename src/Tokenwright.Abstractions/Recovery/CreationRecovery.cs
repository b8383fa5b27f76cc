namespace Tokenwright;

/// <summary>What can be done when the response to a create was lost and a token may exist that nobody holds.</summary>
public enum CreationRecovery
{
    /// <summary>Not stated: the client doesn't create tokens.</summary>
    None,

    /// <summary>The new token can be found by a key of the caller's own and its secret read again.</summary>
    Recoverable,

    /// <summary>The orphaned token can be found by owner, name and time, and revoked; its secret is lost.</summary>
    FindAndRevoke,

    /// <summary>The orphaned token can't be found, but ends by itself at its expiry.</summary>
    BoundedByExpiry,

    /// <summary>The orphaned token can't be found and never expires.</summary>
    Unbounded,
}
