namespace Tokenwright.Testing;

/// <summary>What a text in a request may be, and must be.</summary>
[Flags]
internal enum FimidaraTextRules
{
    None = 0,
    AllowNull = 1,
    AllowEmpty = 2,
    KeepSpaces = 4,
    Required = 8,
}
