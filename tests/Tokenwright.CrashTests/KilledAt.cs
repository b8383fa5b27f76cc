namespace Tokenwright.CrashTests;

/// <summary>At which step a program was ended, as what it left behind shows.</summary>
internal enum KilledAt
{
    /// <summary>Before it wrote the create down.</summary>
    NotBegun,

    /// <summary>The create is written down, and no token made.</summary>
    JournalWritten,

    /// <summary>The token is made, and its secret not stored.</summary>
    TokenMade,

    /// <summary>The secret is stored, and the create not crossed out.</summary>
    SecretStored,

    /// <summary>The create is crossed out.</summary>
    CrossedOut,
}
