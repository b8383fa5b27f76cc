namespace Tokenwright.ConformanceTests.Faults;

/// <summary>Which of an operation's requests a fault hits.</summary>
internal enum Target
{
    /// <summary>The one that does the thing.</summary>
    Main,

    /// <summary>The exchange of the connection's credential, before it.</summary>
    Exchange,

    /// <summary>The look-up of the token, before it.</summary>
    LookUpBefore,

    /// <summary>The look-up of a new token's record, after it.</summary>
    LookUpAfter,

    /// <summary>The look at what is there already, before a create whose token may be revoked.</summary>
    LookForKnown,

    /// <summary>The first look for what a lost create made.</summary>
    Search,

    /// <summary>What is done with what was found: its secret is read, or it is revoked.</summary>
    Settlement,

    /// <summary>The create that comes after a lost one.</summary>
    Again,
}
