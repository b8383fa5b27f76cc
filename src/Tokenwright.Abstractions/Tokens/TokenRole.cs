namespace Tokenwright;

/// <summary>One role, in the vendor's word.</summary>
/// <param name="Value">The word.</param>
public readonly record struct TokenRole(string Value)
{
    /// <summary>Returns the word.</summary>
    public override string ToString() => Value ?? string.Empty;
}
