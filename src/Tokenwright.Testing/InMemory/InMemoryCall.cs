namespace Tokenwright.Testing;

/// <summary>A call that an <see cref="InMemoryTokenClient"/> was asked.</summary>
public sealed class InMemoryCall
{
    /// <summary>Gets or initializes the operation.</summary>
    public required TokenOperation Operation { get; init; }

    /// <summary>Gets or initializes the tokens that it named; several only where some are suspended or resumed.</summary>
    public required IReadOnlyList<TokenReference> References { get; init; }

    /// <summary>
    /// Gets or initializes the <see cref="TokenQuery"/>, <see cref="CreateTokenRequest"/> or <see cref="UpdateTokenRequest"/> that it came
    /// with; null for operations without one.
    /// </summary>
    public object? Request { get; init; }
}
