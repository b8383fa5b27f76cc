namespace Tokenwright.Testing.Conformance;

/// <summary>Calls of any operation, and the ways of naming a token in them.</summary>
internal static class Calls
{
    // The plainest ones last.
    public static readonly TokenReferenceKinds[] Kinds =
        [TokenReferenceKinds.Self, TokenReferenceKinds.Key, TokenReferenceKinds.IdAndSecret, TokenReferenceKinds.Secret,
            TokenReferenceKinds.Id];

    /// <summary>
    /// Creates a kind of reference that an operation takes, other than <see cref="TokenReferenceKinds.Self"/> if there is one; none for
    /// operations that take none.
    /// </summary>
    public static TokenReferenceKinds AnyKind(this TokenCapabilities capabilities, TokenOperation operation)
        => Kinds.LastOrDefault(kind => capabilities[operation].References.HasFlag(kind));

    /// <summary>Creates a reference of a kind.</summary>
    public static TokenReference Reference(TokenReferenceKinds kind, string? id, TokenSecret? secret, string? key) => kind switch
    {
        TokenReferenceKinds.Id => TokenReference.ById(id!),
        TokenReferenceKinds.Secret => TokenReference.BySecret(secret!),
        TokenReferenceKinds.IdAndSecret => TokenReference.ByIdAndSecret(id!, secret!),
        TokenReferenceKinds.Key => TokenReference.ByKey(key!),
        _ => TokenReference.Self,
    };

    /// <summary>Creates a reference of a kind to a token.</summary>
    public static TokenReference Reference(TokenReferenceKinds kind, EmulatedToken token)
        => Reference(kind, token.Id, token.Secret, token.Key);

    /// <summary>Calls an operation, whatever it is.</summary>
    /// <param name="client">The client.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="reference">The token; not looked at by operations that name none.</param>
    /// <param name="create">What a create issues.</param>
    /// <param name="name">What an update renames the token to.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <returns>The call's own task, with its result.</returns>
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
        _ => client.GetRequiredService<ITokenSuspension>().ResumeAsync([reference], cancellationToken),
    };

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

    /// <summary>Reads a list to its end.</summary>
    /// <param name="list">The list.</param>
    public static async Task<List<ApiToken>> ReadAllAsync(this IAsyncEnumerable<ApiToken> list)
    {
        var tokens = new List<ApiToken>();
        await foreach (var token in list.ConfigureAwait(false))
            tokens.Add(token);
        return tokens;
    }
}
