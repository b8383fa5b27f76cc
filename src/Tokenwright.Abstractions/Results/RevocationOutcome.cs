namespace Tokenwright;

/// <summary>Specifies how a vendor revoked a token.</summary>
public enum RevocationOutcome
{
    /// <summary>The token and its record were deleted.</summary>
    Deleted,

    /// <summary>The token was deactivated. Its record remains, and it can be activated again.</summary>
    Deactivated,

    /// <summary>The session that belongs to the token was ended.</summary>
    SessionEnded,
}
