namespace Tokenwright.Adapters;

/// <summary>Whether a token is the one that a lost create made.</summary>
internal enum Likeness
{
    /// <summary>It is new, bears the name or key of the request, and agrees with the request in all that the vendor shows.</summary>
    Match,

    /// <summary>It can be the one, but something that would tell is missing or can't be read.</summary>
    Unclear,

    /// <summary>It is new, but disagrees with the request or with the time of the call.</summary>
    Mismatch,
}
