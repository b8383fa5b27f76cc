namespace Tokenwright.CrashTests;

/// <summary>A token of somebody else's that must survive.</summary>
internal enum BystanderKind
{
    /// <summary>It had the name before, so that the vendor refuses the create.</summary>
    NameTaken,

    /// <summary>It had the key before: a vendor refuses the create, or changes this token in place of making one.</summary>
    KeyTaken,

    /// <summary>It was made before the create, and got the same name since.</summary>
    OlderOfTheName,

    /// <summary>It was made after the create began, by the same name, by another owner.</summary>
    OtherOwner,

    /// <summary>It was made after the create began, by the same name, with other roles.</summary>
    OtherRoles,

    /// <summary>It was made after the create began, by the same name, and is another kind of token.</summary>
    OtherKind,

    /// <summary>It was made after the create began, by a name that the other one begins with.</summary>
    SimilarName,
}
