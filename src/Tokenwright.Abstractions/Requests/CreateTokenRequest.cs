namespace Tokenwright;

/// <summary>Describes a token to issue.</summary>
public sealed class CreateTokenRequest
{
    /// <summary>Initializes a new instance of the <see cref="CreateTokenRequest"/> class with no property set.</summary>
    public CreateTokenRequest()
    {
    }

    /// <summary>
    /// Initializes a new instance of the <see cref="CreateTokenRequest"/> class with the values of another request. The object in
    /// <see cref="Raw"/> is shared.
    /// </summary>
    /// <param name="other">The request to copy.</param>
    public CreateTokenRequest(CreateTokenRequest other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Name = other.Name;
        Description = other.Description;
        Key = other.Key;
        Scopes = other.Scopes;
        Roles = other.Roles;
        Expiry = other.Expiry;
        IdToken = other.IdToken;
        Raw = other.Raw;
        IfOutcomeUnknown = other.IfOutcomeUnknown;
        AllowUnboundedOrphan = other.AllowUnboundedOrphan;
    }

    /// <summary>Gets or initializes the token's name.</summary>
    public string? Name { get; init; }

    /// <summary>Gets or initializes the token's description.</summary>
    public string? Description { get; init; }

    /// <summary>Gets or initializes a key that the caller chooses to find the token later, at vendors that store one.</summary>
    public string? Key { get; init; }

    /// <summary>Gets or initializes the scopes of the token, in the vendor's terms; null for the vendor's default.</summary>
    public IReadOnlyList<TokenScope>? Scopes { get; init; }

    /// <summary>Gets or initializes the roles of the token; null for the vendor's default.</summary>
    public IReadOnlyList<TokenRole>? Roles { get; init; }

    /// <summary>
    /// Gets or initializes when the token expires; null for the vendor's default. If that default is a token that never expires, although
    /// the vendor's tokens can expire, the request is refused. Set <see cref="TokenExpiry.Never"/> to create such a token.
    /// </summary>
    public TokenExpiry? Expiry { get; init; }

    /// <summary>
    /// Gets or initializes the identity token (OpenID Connect) of the token's user, at vendors that require one
    /// (<see cref="TokenCapabilities.RequiresIdToken"/>). Clients of other vendors refuse it.
    /// </summary>
    public TokenSecret? IdToken { get; init; }

    /// <summary>
    /// Gets or initializes an instance of the typed client's own request model, for features that only this vendor has. The request is
    /// built from a copy of it. Properties of this object take precedence over those of the model. A model of another type is refused.
    /// </summary>
    public object? Raw { get; init; }

    /// <summary>
    /// Gets or initializes what to do when the request may have been sent but the response is lost, so that an orphaned token may exist.
    /// </summary>
    public UnknownOutcomeAction IfOutcomeUnknown { get; init; }

    /// <summary>
    /// Gets or initializes whether to accept that, if the response is lost, a token may remain that nobody can find and that never expires.
    /// If this is false, a request with that risk (<see cref="CreationRecovery.Unbounded"/>) is refused before anything is sent.
    /// </summary>
    public bool AllowUnboundedOrphan { get; init; }
}
