using Tokenwright.Adapters;
using Tokenwright.Fimidara.Api;

namespace Tokenwright.Fimidara;

/// <summary>Manages program access tokens, which the servers of 2022 and 2023 have.</summary>
internal sealed class FimidaraProgramAccessTokens(
    VendorConnection connection, Func<FimidaraOptions> options, FimidaraApiClient api, bool isOf2023)
    : FimidaraTokens(connection, options, api)
{
    private const string NeverExpires = "A program access token never expires.";
    private const string WithoutKey = "A program access token has no key of the caller's own; its name is unique in the workspace.";

    public override bool HasKeys => false;

    public override Task<TokenPageReader?> OpenPageAsync(TokenQuery query, string? continuation, OperationContext context)
        => isOf2023
            ? NumberedPageAsync<GetWorkspaceProgramAccessTokenEndpointResult2023, ProgramAccessToken>(
                query, continuation, context,
                (page, pageSize) => Api.ListProgramAccessTokens2023Request(
                    new() { WorkspaceId = WorkspaceId, Page = page, PageSize = pageSize }),
                model => FimidaraMapping.ToApiToken(model, Connection, query.IncludeRaw))
            : OnlyPageAsync<GetWorkspaceProgramAccessTokenEndpointResult, ProgramAccessToken>(
                query, continuation, context,
                () => Api.ListProgramAccessTokensRequest(new() { WorkspaceId = WorkspaceId }),
                model => FimidaraMapping.ToApiToken(model, Connection, query.IncludeRaw));

    public override async Task<ApiToken> GetAsync(FimidaraApiClient api, string? id, string? key, OperationContext context)
    {
        var result = await ReadAsync(api, new() { TokenId = id, OnReferenced = IsSelf(id, key) }, context).ConfigureAwait(false);
        return ToApiToken(result.Token);
    }

    public override Func<OperationContext, Task<IssuedToken>> Create(CreateTokenRequest request, RequestCheck check)
    {
        var body = ToCreate(request, check);
        return async context =>
        {
            var addition = new AddProgramAccessTokenEndpointParams { WorkspaceId = WorkspaceId, Token = body };
            var result = isOf2023
                ? await Api.AddProgramAccessToken2023Async(addition, context).ConfigureAwait(false)
                : await Api.AddProgramAccessTokenAsync(addition, context).ConfigureAwait(false);
            var token = result.Token ?? throw ApiException.WithoutMember("token");
            return Issued(token.TokenStr, "tokenStr", token, ToApiToken);
        };
    }

    // The servers of 2022 and 2023 remove spaces around names.
    public override CreateTokenRequest ExpectedOf(CreateTokenRequest request, DateTimeOffset startedAt)
    {
        var body = ToCreate(request, new RequestCheck());
        return new() { Name = body.Name?.Trim(), Description = body.Description };
    }

    public override Func<OperationContext, Task<ApiToken>> Update(
        TokenReference reference, UpdateTokenRequest request, RequestCheck check)
    {
        var body = ToUpdate(request, check);
        return async context =>
        {
            var change = new UpdateProgramAccessTokenEndpointParams
                { TokenId = reference.Id, OnReferenced = IsSelf(reference.Id, reference.Key), Token = body };
            var result = isOf2023
                ? await Api.UpdateProgramAccessToken2023Async(change, context).ConfigureAwait(false)
                : await Api.UpdateProgramAccessTokenAsync(change, context).ConfigureAwait(false);
            return ToApiToken(result.Token);
        };
    }

    public override async Task<string?> DeleteAsync(TokenReference reference, OperationContext context)
    {
        var deletion = new DeleteProgramAccessTokenEndpointParams
            { TokenId = reference.Id, OnReferenced = IsSelf(reference.Id, reference.Key) };
        if (isOf2023)
            await Api.DeleteProgramAccessToken2023Async(deletion, context).ConfigureAwait(false);
        else
            await Api.DeleteProgramAccessTokenAsync(deletion, context).ConfigureAwait(false);
        return null;
    }

    private static NewProgramAccessTokenInput ToCreate(CreateTokenRequest request, RequestCheck check)
    {
        var model = check.Raw<NewProgramAccessTokenInput>(request.Raw);
        model.Name = request.Name ?? model.Name;
        model.Description = request.Description ?? model.Description;
        check.Required(nameof(CreateTokenRequest.Name), model.Name);
        FimidaraRequests.CheckTexts(string.IsNullOrWhiteSpace(model.Name) ? null : model.Name, model.Description, check);
        check.Unsupported(nameof(CreateTokenRequest.Key), request.Key, WithoutKey);
        FimidaraRequests.CheckAssigned(model.PermissionGroups, model.Tags, check);
        FimidaraRequests.CheckRights(request.Scopes, request.Roles, check);
        if (request.Expiry is null)
            FimidaraRequests.RequireExpiry(check);
        else if (!request.Expiry.IsNever)
            check.Add(nameof(CreateTokenRequest.Expiry), $"{NeverExpires} Say {nameof(TokenExpiry)}.{nameof(TokenExpiry.Never)}.");
        return model;
    }

    private static UpdateProgramAccessTokenInput ToUpdate(UpdateTokenRequest request, RequestCheck check)
    {
        var model = check.Raw<UpdateProgramAccessTokenInput>(request.Raw);
        model.Name = request.Name ?? model.Name;
        model.Description = request.Description ?? model.Description;
        FimidaraRequests.RequireChange(request, check);
        FimidaraRequests.CheckTexts(model.Name, model.Description, check);
        check.Unsupported(nameof(UpdateTokenRequest.Key), request.Key, WithoutKey);
        FimidaraRequests.CheckAssigned(model.PermissionGroups, model.Tags, check);
        FimidaraRequests.CheckRights(request.Scopes, null, check);
        check.Unsupported(nameof(UpdateTokenRequest.Expiry), request.Expiry is { IsNever: false } ? request.Expiry : null, NeverExpires);
        return model;
    }

    private Task<GetProgramAccessTokenEndpointResult> ReadAsync(
        FimidaraApiClient api, GetProgramAccessTokenEndpointParams body, OperationContext context)
        => isOf2023 ? api.GetProgramAccessToken2023Async(body, context).AsTask() : api.GetProgramAccessTokenAsync(body, context).AsTask();

    private ApiToken ToApiToken(ProgramAccessToken? model)
        => FimidaraMapping.ToApiToken(model ?? throw ApiException.WithoutMember("token"), Connection, includeRaw: true);
}
