namespace Tokenwright.Adapters;

/// <summary>Specifies whether a token is the one that a lost create created.</summary>
internal enum Likeness
{
    /// <summary>
    /// The token is new, has the name or key of the request, and matches the request in everything that the vendor shows.
    /// </summary>
    Match,

    /// <summary>The token can be the one, but a fact that would decide it is missing or can't be read.</summary>
    Unclear,

    /// <summary>The token is new, but contradicts the request or the time of the call.</summary>
    Mismatch,
}
