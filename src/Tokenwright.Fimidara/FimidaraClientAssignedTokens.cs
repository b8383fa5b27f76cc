using Tokenwright.Adapters;
using Tokenwright.Fimidara.Api;

namespace Tokenwright.Fimidara;

/// <summary>Manages client-assigned tokens, which the servers of 2022 and 2023 have.</summary>
internal sealed class FimidaraClientAssignedTokens(
    VendorConnection connection, Func<FimidaraOptions> options, FimidaraApiClient api, bool isOf2023)
    : FimidaraTokens(connection, options, api)
{
    private readonly int _longestKey = isOf2023 ? FimidaraCapabilities.LongestKey : FimidaraCapabilities.LongestKeyOf2022;

    public override bool IsReplacedByKey => true;

    public override Func<ApiToken, OperationContext, Task<TokenSecret>> ReadSecret => async (token, context) =>
    {
        var result = await ReadAsync(Api, new() { TokenId = token.Id }, context).ConfigureAwait(false);
        return VendorConnection.ReadSecret(result.Token?.TokenStr, "token.tokenStr");
    };

    public override Task<TokenPageReader?> OpenPageAsync(TokenQuery query, string? continuation, OperationContext context)
        => isOf2023
            ? NumberedPageAsync<GetWorkspaceClientAssignedTokensEndpointResult2023, ClientAssignedToken>(
                query, continuation, context,
                (page, pageSize) => Api.ListClientAssignedTokens2023Request(
                    new() { WorkspaceId = WorkspaceId, Page = page, PageSize = pageSize }),
                model => FimidaraMapping.ToApiToken(model, Connection, query.IncludeRaw))
            : OnlyPageAsync<GetWorkspaceClientAssignedTokensEndpointResult, ClientAssignedToken>(
                query, continuation, context,
                () => Api.ListClientAssignedTokensRequest(new() { WorkspaceId = WorkspaceId }),
                model => FimidaraMapping.ToApiToken(model, Connection, query.IncludeRaw));

    public override async Task<ApiToken> GetAsync(FimidaraApiClient api, string? id, string? key, OperationContext context)
    {
        var result = await ReadAsync(api, new() { TokenId = id, OnReferenced = IsSelf(id, key) }, context).ConfigureAwait(false);
        return ToApiToken(result.Token);
    }

    public override Func<OperationContext, Task<IssuedToken>> Create(CreateTokenRequest request, RequestCheck check)
    {
        var body = ToCreate(request, Now, check);
        return async context =>
        {
            var addition = new AddClientAssignedTokenEndpointParams { WorkspaceId = WorkspaceId, Token = body };
            var result = isOf2023
                ? await Api.AddClientAssignedToken2023Async(addition, context).ConfigureAwait(false)
                : await Api.AddClientAssignedTokenAsync(addition, context).ConfigureAwait(false);
            var token = result.Token ?? throw ApiException.WithoutMember("token");
            return Issued(token.TokenStr, "tokenStr", token, ToApiToken);
        };
    }

    // The servers of 2022 and 2023 remove spaces around names and keys.
    public override CreateTokenRequest ExpectedOf(CreateTokenRequest request, DateTimeOffset startedAt)
    {
        var body = ToCreate(request, startedAt, new RequestCheck());
        return new()
        {
            Name = body.Name?.Trim(),
            Description = body.Description,
            Key = body.ProvidedResourceId?.Trim(),
            Expiry = body.Expires is { } expires ? TokenExpiry.At(expires) : TokenExpiry.Never,
        };
    }

    public override Func<OperationContext, Task<ApiToken>> Update(
        TokenReference reference, UpdateTokenRequest request, RequestCheck check)
    {
        var body = ToUpdate(request, check);
        return async context =>
        {
            var change = new UpdateClientAssignedTokenEndpointParams
            {
                TokenId = reference.Id,
                ProvidedResourceId = reference.Key,
                Token = body,
                WorkspaceId = reference.Key is null ? null : WorkspaceId,
                OnReferenced = IsSelf(reference.Id, reference.Key),
            };
            var result = isOf2023
                ? await Api.UpdateClientAssignedToken2023Async(change, context).ConfigureAwait(false)
                : await Api.UpdateClientAssignedTokenAsync(change, context).ConfigureAwait(false);
            return ToApiToken(result.Token);
        };
    }

    public override async Task<string?> DeleteAsync(TokenReference reference, OperationContext context)
    {
        var deletion = new DeleteClientAssignedTokenEndpointParams
            { TokenId = reference.Id, OnReferenced = IsSelf(reference.Id, reference.Key) };
        if (isOf2023)
            await Api.DeleteClientAssignedToken2023Async(deletion, context).ConfigureAwait(false);
        else
            await Api.DeleteClientAssignedTokenAsync(deletion, context).ConfigureAwait(false);
        return null;
    }

    private NewClientAssignedTokenInput ToCreate(CreateTokenRequest request, DateTimeOffset now, RequestCheck check)
    {
        var model = ToInput(request.Raw, (request.Name, request.Description, request.Key), check);
        if (request.Expiry is { } expiry)
        {
            model.Expires = expiry.ToInstant(now);
            model.AdditionalProperties.Remove("expires");
        }
        else if (model.Expires is null && !model.AdditionalProperties.ContainsKey("expires"))
        {
            FimidaraRequests.RequireExpiry(check);
        }

        CheckInput(model, check);
        FimidaraRequests.CheckRights(request.Scopes, request.Roles, check);
        check.Expiry(nameof(CreateTokenRequest.Expiry), request.Expiry, now);
        return model;
    }

    private NewClientAssignedTokenInput ToUpdate(UpdateTokenRequest request, RequestCheck check)
    {
        var model = ToInput(request.Raw, (request.Name, request.Description, request.Key), check);
        if (request.Expiry is { } expiry)
        {
            model.Expires = expiry.ToInstant(Now);
            FimidaraRequests.SetNull(model.AdditionalProperties, "expires", expiry.IsNever);
        }

        FimidaraRequests.RequireChange(request, check);
        CheckInput(model, check);
        FimidaraRequests.CheckRights(request.Scopes, null, check);
        check.Expiry(nameof(UpdateTokenRequest.Expiry), request.Expiry, Now);
        return model;
    }

    private static NewClientAssignedTokenInput ToInput(
        object? raw, (string? Name, string? Description, string? Key) wanted, RequestCheck check)
    {
        var model = FimidaraRequests.WithNulls(check.Raw<NewClientAssignedTokenInput>(raw),
            (raw as NewClientAssignedTokenInput)?.AdditionalProperties, model => model.AdditionalProperties);
        var further = model.AdditionalProperties;
        model.Name = FimidaraRequests.Set(wanted.Name, model.Name, further, "name");
        model.Description = FimidaraRequests.Set(wanted.Description, model.Description, further, "description");
        model.ProvidedResourceId = FimidaraRequests.Set(wanted.Key, model.ProvidedResourceId, further, "providedResourceId");
        return model;
    }

    private void CheckInput(NewClientAssignedTokenInput model, RequestCheck check)
    {
        FimidaraRequests.CheckTexts(model.Name, model.Description, check);
        check.Length(nameof(CreateTokenRequest.Key), model.ProvidedResourceId, _longestKey);
        FimidaraRequests.CheckAssigned(model.PermissionGroups, model.Tags, check);
    }

    private Task<GetClientAssignedTokenEndpointResult> ReadAsync(
        FimidaraApiClient api, GetClientAssignedTokenEndpointParams body, OperationContext context)
        => isOf2023 ? api.GetClientAssignedToken2023Async(body, context).AsTask() : api.GetClientAssignedTokenAsync(body, context).AsTask();

    private ApiToken ToApiToken(ClientAssignedToken? model)
        => FimidaraMapping.ToApiToken(model ?? throw ApiException.WithoutMember("token"), Connection, includeRaw: true);
}
