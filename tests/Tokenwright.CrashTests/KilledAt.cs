namespace Tokenwright.CrashTests;

/// <summary>The step at which a program was killed, as its files show.</summary>
internal enum KilledAt
{
    /// <summary>Before it wrote the create to the journal.</summary>
    NotBegun,

    /// <summary>The create is in the journal, and no token was created.</summary>
    JournalWritten,

    /// <summary>The token was created, and its secret is not stored.</summary>
    TokenMade,

    /// <summary>The secret is stored, and the create is not crossed out.</summary>
    SecretStored,

    /// <summary>The create is crossed out in the journal.</summary>
    CrossedOut,
}
