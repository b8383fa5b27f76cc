namespace Tokenwright.Testing.Conformance;

/// <summary>Specifies what happened to a token.</summary>
public enum TokenFate
{
    /// <summary>The token works.</summary>
    Active,

    /// <summary>The token has expired.</summary>
    Expired,

    /// <summary>The token was deactivated.</summary>
    Deactivated,

    /// <summary>The token was revoked.</summary>
    Revoked,

    /// <summary>The token was regenerated, and the reference contains its old secret.</summary>
    Regenerated,

    /// <summary>The token never existed.</summary>
    NeverIssued,
}
