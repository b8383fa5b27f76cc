namespace Tokenwright.Testing.Conformance;

/// <summary>Provides calls of any operation, with any kind of reference.</summary>
internal static class Calls
{
    // The simplest kinds are last.
    public static readonly TokenReferenceKinds[] Kinds =
        [TokenReferenceKinds.Self, TokenReferenceKinds.Key, TokenReferenceKinds.IdAndSecret, TokenReferenceKinds.Secret,
            TokenReferenceKinds.Id];

    /// <summary>
    /// Gets a kind of reference that an operation accepts, preferably not <see cref="TokenReferenceKinds.Self"/>. Returns none for
    /// operations without a reference.
    /// </summary>
    public static TokenReferenceKinds AnyKind(this TokenCapabilities capabilities, TokenOperation operation)
        => Kinds.LastOrDefault(kind => capabilities[operation].References.HasFlag(kind));

    /// <summary>Creates a reference of the given kind.</summary>
    public static TokenReference Reference(TokenReferenceKinds kind, string? id, TokenSecret? secret, string? key) => kind switch
    {
        TokenReferenceKinds.Id => TokenReference.ById(id!),
        TokenReferenceKinds.Secret => TokenReference.BySecret(secret!),
        TokenReferenceKinds.IdAndSecret => TokenReference.ByIdAndSecret(id!, secret!),
        TokenReferenceKinds.Key => TokenReference.ByKey(key!),
        _ => TokenReference.Self,
    };

    /// <summary>Creates a reference of the given kind to a token.</summary>
    public static TokenReference Reference(TokenReferenceKinds kind, EmulatedToken token)
        => Reference(kind, token.Id, token.Secret, token.Key);

    /// <summary>Calls any operation.</summary>
    /// <param name="client">The client.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="reference">The token. Operations without a reference ignore it.</param>
    /// <param name="create">The request for a create.</param>
    /// <param name="name">The new name for an update.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The task of the call, with its result.</returns>
    public static Task CallAsync(
        this ITokenClient client, TokenOperation operation, TokenReference reference, CreateTokenRequest create, string name,
        CancellationToken cancellationToken = default) => operation switch
    {
        TokenOperation.List => client.ListAsync(cancellationToken: cancellationToken).ReadAllAsync(),
        TokenOperation.Get => client.GetAsync(reference, cancellationToken),
        TokenOperation.Create => client.CreateAsync(create, cancellationToken),
        TokenOperation.Update => client.UpdateAsync(reference, new UpdateTokenRequest { Name = name }, cancellationToken),
        TokenOperation.Regenerate => client.RegenerateAsync(reference, cancellationToken),
        TokenOperation.Validate => client.ValidateAsync(reference, cancellationToken),
        TokenOperation.Revoke => client.RevokeAsync(reference, cancellationToken),
        TokenOperation.Suspend => client.GetRequiredService<ITokenSuspension>().SuspendAsync([reference], cancellationToken),
        TokenOperation.Resume => client.GetRequiredService<ITokenSuspension>().ResumeAsync([reference], cancellationToken),
        TokenOperation.BulkUpdate => client.BulkUpdateOneAsync(reference, create.Expiry, cancellationToken),
        _ => throw new NotSupportedException($"There is no call for {operation}."),
    };

    /// <summary>Gives a token another expiry with a bulk update. A failure is thrown, as by the other operations.</summary>
    private static async Task<TokenBulkUpdateResult> BulkUpdateOneAsync(
        this ITokenClient client, TokenReference reference, TokenExpiry? expiry, CancellationToken cancellationToken)
    {
        var results = await client.GetRequiredService<ITokenBulkUpdate>().BulkUpdateAsync(
            [reference], new UpdateTokenRequest { Expiry = expiry }, cancellationToken).ConfigureAwait(false);
        return results.Single() is { Failure: { } failure } ? throw failure : results.Single();
    }

    /// <summary>Reads one page of a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="continuation">Where the page begins; null for the first page.</param>
    public static async Task<TokenPage> ReadPageAsync(this AsyncTokenList list, string? continuation = null)
    {
        var pages = list.AsPages(continuation).GetAsyncEnumerator();
        await using (pages.ConfigureAwait(false))
        {
            Expect.True(await pages.MoveNextAsync().ConfigureAwait(false), "A list has a page, if an empty one.");
            return pages.Current;
        }
    }

    /// <summary>Reads a whole list.</summary>
    /// <param name="list">The list.</param>
    public static async Task<List<ApiToken>> ReadAllAsync(this IAsyncEnumerable<ApiToken> list)
    {
        var tokens = new List<ApiToken>();
        await foreach (var token in list.ConfigureAwait(false))
            tokens.Add(token);
        return tokens;
    }
}
