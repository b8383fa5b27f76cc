namespace Tokenwright;

/// <summary>The ways in which a token ends.</summary>
public enum RevocationOutcome
{
    /// <summary>The token and its record are gone.</summary>
    Deleted,

    /// <summary>The token was deactivated; its record stays, and it could be activated again.</summary>
    Deactivated,

    /// <summary>The session that the token stands for was ended.</summary>
    SessionEnded,
}
