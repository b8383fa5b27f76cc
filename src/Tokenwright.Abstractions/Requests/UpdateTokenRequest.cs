namespace Tokenwright;

/// <summary>What to change of a token. Members left null stay as they are.</summary>
public sealed class UpdateTokenRequest
{
    /// <summary>Gets or initializes a new name.</summary>
    public string? Name { get; init; }

    /// <summary>Gets or initializes a new description; empty removes it.</summary>
    public string? Description { get; init; }

    /// <summary>Gets or initializes a new key of the caller's own.</summary>
    public string? Key { get; init; }

    /// <summary>Gets or initializes the scopes that replace the present ones.</summary>
    public IReadOnlyList<TokenScope>? Scopes { get; init; }

    /// <summary>Gets or initializes a new end; <see cref="TokenExpiry.Never"/> removes the present one.</summary>
    public TokenExpiry? Expiry { get; init; }

    /// <summary>
    /// Gets or initializes what only this vendor knows: an instance of the typed client's own request model, which the request is made
    /// from. It is not changed; members of this object go before its own. A model of another type is refused.
    /// </summary>
    public object? Raw { get; init; }
}
