namespace Tokenwright;

/// <summary>Specifies an operation on API tokens.</summary>
public enum TokenOperation
{
    /// <summary>Reads the records of all tokens.</summary>
    List,

    /// <summary>Reads one record.</summary>
    Get,

    /// <summary>Issues a token.</summary>
    Create,

    /// <summary>Changes a token's record, but not its secret.</summary>
    Update,

    /// <summary>Replaces a token's secret.</summary>
    Regenerate,

    /// <summary>Determines whether a token works.</summary>
    Validate,

    /// <summary>Revokes a token.</summary>
    Revoke,

    /// <summary>Switches a token off temporarily.</summary>
    Suspend,

    /// <summary>Switches a suspended token on.</summary>
    Resume,

    /// <summary>Makes the same change to many tokens.</summary>
    BulkUpdate,
}
