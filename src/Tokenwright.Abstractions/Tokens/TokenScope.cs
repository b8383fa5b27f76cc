namespace Tokenwright;

/// <summary>One scope or permission, in the vendor's word.</summary>
/// <param name="Value">The word.</param>
public readonly record struct TokenScope(string Value)
{
    /// <summary>Returns the word.</summary>
    public override string ToString() => Value ?? string.Empty;
}
