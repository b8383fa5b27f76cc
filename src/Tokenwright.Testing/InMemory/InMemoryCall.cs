namespace Tokenwright.Testing;

/// <summary>Represents a call of an <see cref="InMemoryTokenClient"/>.</summary>
public sealed class InMemoryCall
{
    /// <summary>Gets or initializes the operation.</summary>
    public required TokenOperation Operation { get; init; }

    /// <summary>
    /// Gets or initializes the tokens of the call. There can be several if tokens are suspended, resumed or updated in bulk.
    /// </summary>
    public required IReadOnlyList<TokenReference> References { get; init; }

    /// <summary>
    /// Gets or initializes the <see cref="TokenQuery"/>, <see cref="CreateTokenRequest"/> or <see cref="UpdateTokenRequest"/> of the call;
    /// null for operations without one.
    /// </summary>
    public object? Request { get; init; }
}
