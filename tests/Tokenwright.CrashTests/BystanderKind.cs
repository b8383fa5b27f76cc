namespace Tokenwright.CrashTests;

/// <summary>A token of somebody else that must survive.</summary>
internal enum BystanderKind
{
    /// <summary>It already had the name, so the vendor refuses the create.</summary>
    NameTaken,

    /// <summary>It already had the key. A vendor refuses the create, or changes this token and creates none.</summary>
    KeyTaken,

    /// <summary>It was created before, and got the same name later.</summary>
    OlderOfTheName,

    /// <summary>It was created after the create started, with the same name and another owner.</summary>
    OtherOwner,

    /// <summary>It was created after the create started, with the same name and other roles.</summary>
    OtherRoles,

    /// <summary>It was created after the create started, with the same name, and is another kind of token.</summary>
    OtherKind,

    /// <summary>It was created after the create started. The other token's name starts with its name.</summary>
    SimilarName,
}
