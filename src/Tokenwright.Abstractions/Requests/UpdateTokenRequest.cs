namespace Tokenwright;

/// <summary>Describes changes to a token. Properties that are null stay as they are.</summary>
public sealed class UpdateTokenRequest
{
    /// <summary>Gets or initializes a new name.</summary>
    public string? Name { get; init; }

    /// <summary>Gets or initializes a new description; an empty string removes the description.</summary>
    public string? Description { get; init; }

    /// <summary>Gets or initializes a new key that the caller chooses.</summary>
    public string? Key { get; init; }

    /// <summary>Gets or initializes the scopes that replace the current ones.</summary>
    public IReadOnlyList<TokenScope>? Scopes { get; init; }

    /// <summary>Gets or initializes a new expiry; <see cref="TokenExpiry.Never"/> removes the current one.</summary>
    public TokenExpiry? Expiry { get; init; }

    /// <summary>
    /// Gets or initializes an instance of the typed client's own request model, for features that only this vendor has. The request is
    /// built from a copy of it. Properties of this object take precedence over those of the model. A model of another type is refused.
    /// </summary>
    public object? Raw { get; init; }
}
