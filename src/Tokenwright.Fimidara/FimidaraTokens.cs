using Tokenwright.Adapters;
using Tokenwright.Fimidara.Api;
using Tokenwright.Generated;

namespace Tokenwright.Fimidara;

/// <summary>One kind of fimidara's tokens: its requests and responses, and what is peculiar to its generation.</summary>
/// <param name="connection">The connection.</param>
/// <param name="options">Gives its present options.</param>
/// <param name="api">The typed client that works with the connection's own token.</param>
internal abstract class FimidaraTokens(VendorConnection connection, Func<FimidaraOptions> options, FimidaraApiClient api)
{
    /// <summary>Gets whether a caller can give a token a key of its own.</summary>
    public virtual bool HasKeys => true;

    /// <summary>Gets whether the servers of 2022 have it.</summary>
    public virtual bool IsOf2022 => true;

    /// <summary>Gets whether a create with the key of another token changes that token.</summary>
    public virtual bool IsReplacedByKey => false;

    protected VendorConnection Connection => connection;

    protected FimidaraApiClient Api => api;

    protected string? WorkspaceId => options().WorkspaceId;

    protected DateTimeOffset Now => connection.TimeProvider.GetUtcNow();

    /// <summary>Gets the tokens of a kind.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">Gives its present options.</param>
    /// <param name="api">The typed client that works with the connection's own token.</param>
    public static FimidaraTokens Of(VendorConnection connection, Func<FimidaraOptions> options, FimidaraApiClient api)
        => options().TokenKind switch
        {
            FimidaraTokenKind.ClientAssignedToken => new FimidaraClientAssignedTokens(connection, options, api),
            FimidaraTokenKind.ProgramAccessToken => new FimidaraProgramAccessTokens(connection, options, api),
            _ => new FimidaraAgentTokens(connection, options, api),
        };

    /// <summary>Reads a page of the list.</summary>
    /// <returns>The page; null if there can't be such a continuation.</returns>
    public abstract Task<TokenPageReader?> OpenPageAsync(TokenQuery query, string? continuation, OperationContext context);

    /// <summary>Reads a token. Without id and key it is the one that signs the request.</summary>
    public abstract Task<ApiToken> GetAsync(FimidaraApiClient api, string? id, string? key, OperationContext context);

    /// <summary>Makes the request that creates a token.</summary>
    /// <param name="request">What to create.</param>
    /// <param name="check">Collects what is wrong.</param>
    /// <returns>Sends it.</returns>
    public abstract Func<OperationContext, Task<IssuedToken>> Create(CreateTokenRequest request, RequestCheck check);

    /// <summary>Gets what the record of a new token says.</summary>
    public abstract CreateTokenRequest ExpectedOf(CreateTokenRequest request, DateTimeOffset startedAt);

    /// <summary>Makes the request that changes a token.</summary>
    /// <param name="reference">The token.</param>
    /// <param name="request">What to change.</param>
    /// <param name="check">Collects what is wrong.</param>
    /// <returns>Sends it.</returns>
    public abstract Func<OperationContext, Task<ApiToken>> Update(
        TokenReference reference, UpdateTokenRequest request, RequestCheck check);

    /// <summary>Deletes a token.</summary>
    /// <returns>What is to be said of it; null for nothing.</returns>
    public abstract Task<string?> DeleteAsync(TokenReference reference, OperationContext context);

    /// <summary>Gets a function that reads the secret of a token again; null where that is not done.</summary>
    public virtual Func<ApiToken, OperationContext, Task<TokenSecret>>? ReadSecret => null;

    /// <summary>Finds the tokens of a key without a list; null where only a list can find them.</summary>
    public virtual Task<IReadOnlyList<ApiToken>>? FindByKeyAsync(string key, OperationContext context) => null;

    // The documents say that it is the default without id and key; servers want it said.
    protected static bool? IsSelf(string? id, string? key) => id is null && key is null ? true : null;

    // The secret is taken before the mapping drops it.
    protected IssuedToken Issued(string? secret, string member, Func<ApiToken> token)
        => connection.Issue(VendorConnection.ReadSecret(secret, member), token);

    protected static async Task<TokenPageReader?> OnlyPageAsync<TResult, TModel>(
        Task<JsonPage<TResult, TModel>> page, Func<TModel, ApiToken> toToken)
        where TResult : class, IJsonModel<TResult>
        where TModel : class, IJsonModel<TModel>
        => TokenPageReader.Of(await page.ConfigureAwait(false), toToken);
}
