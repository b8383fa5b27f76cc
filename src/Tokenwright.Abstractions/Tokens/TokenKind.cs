namespace Tokenwright;

/// <summary>What kind of token a record describes, for example <c>personal access token</c>. Extensible.</summary>
/// <param name="Value">The vendor's term in lower-case words.</param>
public readonly record struct TokenKind(string? Value)
{
    /// <summary>Returns the term.</summary>
    public override string ToString() => Value ?? string.Empty;
}
