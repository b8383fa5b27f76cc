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
    private const string Tokens = "tokens";

    /// <summary>Gets whether a caller can choose a key for a token.</summary>
    public virtual bool HasKeys => true;

    /// <summary>Gets whether the kind is older than agent tokens. The servers of 2022 and 2023 have such kinds.</summary>
    public virtual bool IsOlder => true;

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
            FimidaraTokenKind.ClientAssignedToken => new FimidaraClientAssignedTokens(connection, options, api, isOf2023: false),
            FimidaraTokenKind.ClientAssignedToken2023 => new FimidaraClientAssignedTokens(connection, options, api, isOf2023: true),
            FimidaraTokenKind.ProgramAccessToken => new FimidaraProgramAccessTokens(connection, options, api, isOf2023: false),
            FimidaraTokenKind.ProgramAccessToken2023 => new FimidaraProgramAccessTokens(connection, options, api, isOf2023: true),
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
    protected IssuedToken Issued<TRecord>(string? secret, string member, TRecord record, Func<TRecord, ApiToken> toToken)
        => connection.Issue(VendorConnection.ReadSecret(secret, member), record, (record, _) => toToken(record));

    /// <summary>Reads a list that the server sends in one response.</summary>
    protected async Task<TokenPageReader?> OnlyPageAsync<TResult, TModel>(
        TokenQuery query, string? continuation, OperationContext context, Func<HttpRequestMessage> request, Func<TModel, ApiToken> toToken)
        where TResult : class, IJsonModel<TResult>
        where TModel : class, IJsonModel<TModel>
        => continuation is not null ? null : TokenPageReader.Of(
            await api.ReadPageAsync<TResult, TModel>(request(), Tokens, query.IncludeRaw, context).ConfigureAwait(false), toToken);

    /// <summary>Reads a page of a list whose pages the server numbers from 0.</summary>
    protected async Task<TokenPageReader?> NumberedPageAsync<TResult, TModel>(
        TokenQuery query, string? continuation, OperationContext context, Func<int, int, HttpRequestMessage> request,
        Func<TModel, ApiToken> toToken)
        where TResult : class, IJsonModel<TResult>
        where TModel : class, IJsonModel<TModel>
    {
        if (PagePlace.Parse(continuation) is not { Start: <= int.MaxValue } place
            || (place.Start != 0 && place.Size is not (> 0 and <= FimidaraCapabilities.LargestPage)))
            return null;
        var pageSize = place.Start == 0 ? query.PageSize ?? FimidaraCapabilities.LargestPage : place.Size;
        var page = await api.ReadPageAsync<TResult, TModel>(
            request((int)place.Start, pageSize), Tokens, query.IncludeRaw, context).ConfigureAwait(false);
        return TokenPageReader.Of(
            page,
            toToken,
            () => page.Count == 0 ? TokenPageEnd.OfList
                : new TokenPageEnd(Next(place, page.Count, pageSize).ToString()) { IsMoreExpected = page.Count == pageSize });
    }

    // The vendor reports no total, so the list ends with an empty page. A server can have smaller pages than requested. The size of the
    // first page is then requested for the further pages, because the place of a page depends on its size.
    private static PagePlace Next(PagePlace place, int count, int pageSize)
        => new(place.Start + 1, place.Start == 0 ? Math.Min(count, pageSize) : pageSize);
}
