namespace Tokenwright;

/// <summary>What to issue.</summary>
public sealed class CreateTokenRequest
{
    /// <summary>Creates a request with nothing set.</summary>
    public CreateTokenRequest()
    {
    }

    /// <summary>Creates a request like another one, to change members of it. What <see cref="Raw"/> holds is shared.</summary>
    /// <param name="other">The other one.</param>
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

    /// <summary>Gets or initializes a key of the caller's own, to find the token by later, at vendors that keep one.</summary>
    public string? Key { get; init; }

    /// <summary>Gets or initializes what the token may do, in the vendor's words. Null leaves it to the vendor.</summary>
    public IReadOnlyList<TokenScope>? Scopes { get; init; }

    /// <summary>Gets or initializes the roles that the token acts in. Null leaves it to the vendor.</summary>
    public IReadOnlyList<TokenRole>? Roles { get; init; }

    /// <summary>
    /// Gets or initializes when the token expires. Null leaves it to the vendor. Where that would silently create a token that never
    /// expires, although the vendor's tokens can expire, the request is refused; set <see cref="TokenExpiry.Never"/> to create one.
    /// </summary>
    public TokenExpiry? Expiry { get; init; }

    /// <summary>
    /// Gets or initializes the identity token (OpenID Connect) of the user whom the token is for, at vendors that require one
    /// (<see cref="TokenCapabilities.RequiresIdToken"/>). Other vendors' clients refuse it.
    /// </summary>
    public TokenSecret? IdToken { get; init; }

    /// <summary>
    /// Gets or initializes what only this vendor knows: an instance of the typed client's own request model, which the request is made
    /// from. It is not changed; members of this object go before its own. A model of another type is refused.
    /// </summary>
    public object? Raw { get; init; }

    /// <summary>
    /// Gets or initializes what to do when the response is lost after the request may have left, so that a token may exist that nobody
    /// holds.
    /// </summary>
    public UnknownOutcomeAction IfOutcomeUnknown { get; init; }

    /// <summary>
    /// Gets or initializes whether to accept that, if the response is lost, a token may remain that nobody can find and that never expires.
    /// Without this, a request that could lead to it (<see cref="CreationRecovery.Unbounded"/>) is refused before anything is sent.
    /// </summary>
    public bool AllowUnboundedOrphan { get; init; }
}
