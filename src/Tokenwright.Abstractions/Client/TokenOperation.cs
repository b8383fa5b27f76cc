namespace Tokenwright;

/// <summary>The things that can be done with API tokens.</summary>
public enum TokenOperation
{
    /// <summary>Read the records of all tokens.</summary>
    List,

    /// <summary>Read one record.</summary>
    Get,

    /// <summary>Issue a token.</summary>
    Create,

    /// <summary>Change a token's record, not its secret.</summary>
    Update,

    /// <summary>Replace a token's secret.</summary>
    Regenerate,

    /// <summary>Ask whether a token works.</summary>
    Validate,

    /// <summary>End a token.</summary>
    Revoke,

    /// <summary>Switch a token off for a while.</summary>
    Suspend,

    /// <summary>Switch a suspended token on.</summary>
    Resume,
}
