namespace Tokenwright.ConformanceTests.Faults;

/// <summary>The request of an operation that a fault affects.</summary>
internal enum Target
{
    /// <summary>The main request, which carries out the operation.</summary>
    Main,

    /// <summary>The exchange of the connection's credential, before the main request.</summary>
    Exchange,

    /// <summary>The look-up of the token, before the main request.</summary>
    LookUpBefore,

    /// <summary>The look-up of a new token's record, after the main request.</summary>
    LookUpAfter,

    /// <summary>The look-up of existing tokens, before a create whose token may be revoked.</summary>
    LookForKnown,

    /// <summary>The first search for the token of a lost create.</summary>
    Search,

    /// <summary>The request that uses a found token: it reads the secret again, or revokes the token.</summary>
    Settlement,

    /// <summary>The second create, after a lost one.</summary>
    Again,
}
