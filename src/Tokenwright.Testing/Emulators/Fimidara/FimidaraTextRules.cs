namespace Tokenwright.Testing;

/// <summary>Specifies the rules for a text in a request.</summary>
[Flags]
internal enum FimidaraTextRules
{
    None = 0,
    AllowNull = 1,
    AllowEmpty = 2,
    KeepSpaces = 4,
    Required = 8,
}
