namespace Tokenwright;

/// <summary>The ways of naming a token.</summary>
[Flags]
public enum TokenReferenceKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>By the vendor's id.</summary>
    Id = 1,

    /// <summary>By the secret.</summary>
    Secret = 2,

    /// <summary>By id and secret together.</summary>
    IdAndSecret = 4,

    /// <summary>By the caller's own key.</summary>
    Key = 8,

    /// <summary>The token that the connection itself works with.</summary>
    Self = 16,
}
