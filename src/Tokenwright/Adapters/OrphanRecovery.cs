namespace Tokenwright.Adapters;

/// <summary>How an adapter finds a token whose creation's response was lost; made for one request.</summary>
public sealed class OrphanRecovery
{
    /// <summary>
    /// Gets or initializes a function that lists the tokens that the lost request may have made: the one with its key, or those of its name
    /// (<see cref="TokenClientAdapter.FindNamedAsync"/>), where the vendor tells among the caller's own. Which of them it is, is decided by
    /// the base class. Null where the vendor has no way to look.
    /// </summary>
    public Func<OperationContext, Task<IReadOnlyList<ApiToken>>>? FindAsync { get; init; }

    /// <summary>
    /// Gets or initializes what the record of the token must say: the members that the vendor shows, as it keeps them, also where the
    /// request has them in its <see cref="CreateTokenRequest.Raw"/>. Members that are null are not compared.
    /// </summary>
    public CreateTokenRequest Expected { get; init; } = new();

    /// <summary>
    /// Gets or initializes the time when the request can have made a token that was found; by default when the token was created.
    /// </summary>
    public Func<ApiToken, DateTimeOffset?> DatedBy { get; init; } = static token => token.CreatedAt;

    /// <summary>Gets or initializes a function that reads the secret of a found token again; null where the vendor shows it once.</summary>
    public Func<ApiToken, OperationContext, Task<TokenSecret>>? ReadSecretAsync { get; init; }

    /// <summary>Gets or initializes the latest expiry of a token that can't be found; null if it can be found, or never expires.</summary>
    public DateTimeOffset? LivesUntil { get; init; }

    /// <summary>
    /// Gets or initializes how to name the token, where that was known before the call. <see cref="FindAsync"/> then finds by it.
    /// </summary>
    public TokenReference? Reference { get; init; }

    /// <summary>
    /// Gets or initializes whether <see cref="Reference"/> was made for this one call, so that no other token can have it.
    /// </summary>
    public bool IsReferenceUnique { get; init; }

    /// <summary>Gets or initializes what a person does to find out, as a sentence.</summary>
    public required string Advice { get; init; }
}
