namespace Tokenwright.Testing.Conformance;

/// <summary>What can become of a token.</summary>
public enum TokenFate
{
    /// <summary>It works.</summary>
    Active,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It was deactivated.</summary>
    Deactivated,

    /// <summary>It was ended.</summary>
    Revoked,

    /// <summary>It has another secret by now, and was asked about by the old one.</summary>
    Regenerated,

    /// <summary>There never was such a token.</summary>
    NeverIssued,
}
