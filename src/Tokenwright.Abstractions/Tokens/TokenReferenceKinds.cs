namespace Tokenwright;

/// <summary>Specifies how a reference identifies a token.</summary>
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

    /// <summary>By the key that the token's creator chose.</summary>
    Key = 8,

    /// <summary>As the token that the connection itself uses.</summary>
    Self = 16,
}
