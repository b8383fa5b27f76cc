namespace Tokenwright.Adapters;

/// <summary>Describes how an adapter finds the token of one create whose response was lost.</summary>
public sealed class OrphanRecovery
{
    /// <summary>
    /// Gets or initializes a function that lists the tokens that the lost request may have created: the one with its key, or those with its
    /// name (<see cref="TokenClientAdapter.FindNamedAsync"/>), limited to the caller's own if the vendor shows the owner. The base class
    /// decides which of them is the right one. Null if the vendor has no way to look for tokens.
    /// </summary>
    public Func<OperationContext, Task<IReadOnlyList<ApiToken>>>? FindAsync { get; init; }

    /// <summary>
    /// Gets or initializes the expected record of the token: the properties that the vendor shows, as it stores them. It includes
    /// properties that the request sets in <see cref="CreateTokenRequest.Raw"/>. Properties that are null aren't compared.
    /// </summary>
    public CreateTokenRequest Expected { get; init; } = new();

    /// <summary>
    /// Gets or initializes a function that returns when a request could have created a found token; by default, the token's creation time.
    /// </summary>
    public Func<ApiToken, DateTimeOffset?> DatedBy { get; init; } = static token => token.CreatedAt;

    /// <summary>
    /// Gets or initializes a function that reads the secret of a found token again; null if the vendor shows the secret only once.
    /// </summary>
    public Func<ApiToken, OperationContext, Task<TokenSecret>>? ReadSecretAsync { get; init; }

    /// <summary>Gets or initializes the latest expiry of a token that can't be found; null if it can be found or never expires.</summary>
    public DateTimeOffset? LivesUntil { get; init; }

    /// <summary>
    /// Gets or initializes a reference to the token, if one was known before the call. <see cref="FindAsync"/> then finds the token by it.
    /// </summary>
    public TokenReference? Reference { get; init; }

    /// <summary>
    /// Gets or initializes whether <see cref="Reference"/> was created for this one call, so that no other token can have it.
    /// </summary>
    public bool IsReferenceUnique { get; init; }

    /// <summary>Gets or initializes what a person can do to find the outcome, as a sentence.</summary>
    public required string Advice { get; init; }
}
