using Tokenwright.Adapters;
using Tokenwright.Fimidara.Api;
using Tokenwright.Generated;

namespace Tokenwright.Fimidara;

/// <summary>
/// Provides a base class for one kind of fimidara's tokens: its requests and responses, and what differs between generations.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="options">Returns the current options.</param>
/// <param name="api">The typed client that uses the connection's own token.</param>
internal abstract class FimidaraTokens(VendorConnection connection, Func<FimidaraOptions> options, FimidaraApiClient api)
{
    /// <summary>Gets whether a caller can choose a key for a token.</summary>
    public virtual bool HasKeys => true;

    /// <summary>Gets whether the servers of 2022 have this kind.</summary>
    public virtual bool IsOf2022 => true;

    /// <summary>Gets whether a create with the key of another token changes that token.</summary>
    public virtual bool IsReplacedByKey => false;

    protected VendorConnection Connection => connection;

    protected FimidaraApiClient Api => api;

    protected string? WorkspaceId => options().WorkspaceId;

    protected DateTimeOffset Now => connection.TimeProvider.GetUtcNow();

    /// <summary>Creates the object for a kind of tokens.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">Returns the current options.</param>
    /// <param name="api">The typed client that uses the connection's own token.</param>
    public static FimidaraTokens Of(VendorConnection connection, Func<FimidaraOptions> options, FimidaraApiClient api)
        => options().TokenKind switch
        {
            FimidaraTokenKind.ClientAssignedToken => new FimidaraClientAssignedTokens(connection, options, api),
            FimidaraTokenKind.ProgramAccessToken => new FimidaraProgramAccessTokens(connection, options, api),
            _ => new FimidaraAgentTokens(connection, options, api),
        };

    /// <summary>Reads a page of the list.</summary>
    /// <returns>The page; null if the continuation isn't valid.</returns>
    public abstract Task<TokenPageReader?> OpenPageAsync(TokenQuery query, string? continuation, OperationContext context);

    /// <summary>Reads a token. Without an id and a key, it is the token that authenticates the request.</summary>
    public abstract Task<ApiToken> GetAsync(FimidaraApiClient api, string? id, string? key, OperationContext context);

    /// <summary>Creates the request that creates a token.</summary>
    /// <param name="request">The properties of the new token.</param>
    /// <param name="check">Collects the problems.</param>
    /// <returns>A function that sends the request.</returns>
    public abstract Func<OperationContext, Task<IssuedToken>> Create(CreateTokenRequest request, RequestCheck check);

    /// <summary>Gets the expected record of a new token.</summary>
    public abstract CreateTokenRequest ExpectedOf(CreateTokenRequest request, DateTimeOffset startedAt);

    /// <summary>Creates the request that changes a token.</summary>
    /// <param name="reference">The token.</param>
    /// <param name="request">The changes.</param>
    /// <param name="check">Collects the problems.</param>
    /// <returns>A function that sends the request.</returns>
    public abstract Func<OperationContext, Task<ApiToken>> Update(
        TokenReference reference, UpdateTokenRequest request, RequestCheck check);

    /// <summary>Deletes a token.</summary>
    /// <returns>A remark about the deletion; null for none.</returns>
    public abstract Task<string?> DeleteAsync(TokenReference reference, OperationContext context);

    /// <summary>Gets a function that reads the secret of a token again; null if this isn't supported.</summary>
    public virtual Func<ApiToken, OperationContext, Task<TokenSecret>>? ReadSecret => null;

    /// <summary>Finds the tokens with a key without a list; null if only a list can find them.</summary>
    public virtual Task<IReadOnlyList<ApiToken>>? FindByKeyAsync(string key, OperationContext context) => null;

    // The documents say that self is the default without an id and a key, but servers require the parameter.
    protected static bool? IsSelf(string? id, string? key) => id is null && key is null ? true : null;

    // The secret is read before the mapping removes it.
    protected IssuedToken Issued(string? secret, string member, Func<ApiToken> token)
        => connection.Issue(VendorConnection.ReadSecret(secret, member), token);

    protected static async Task<TokenPageReader?> OnlyPageAsync<TResult, TModel>(
        Task<JsonPage<TResult, TModel>> page, Func<TModel, ApiToken> toToken)
        where TResult : class, IJsonModel<TResult>
        where TModel : class, IJsonModel<TModel>
        => TokenPageReader.Of(await page.ConfigureAwait(false), toToken);
}
