namespace Tokenwright;

/// <summary>Specifies what can be done when the response to a create was lost and an orphaned token may exist.</summary>
public enum CreationRecovery
{
    /// <summary>No information: the client doesn't create tokens.</summary>
    None,

    /// <summary>The new token can be found by a key that the caller chose, and its secret can be read again.</summary>
    Recoverable,

    /// <summary>The orphaned token can be found by owner, name and time, and revoked; its secret is lost.</summary>
    FindAndRevoke,

    /// <summary>The orphaned token can't be found, but it expires.</summary>
    BoundedByExpiry,

    /// <summary>The orphaned token can't be found and never expires.</summary>
    Unbounded,
}
