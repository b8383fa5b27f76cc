using Tokenwright.Adapters;
using Tokenwright.Fimidara.Api;

namespace Tokenwright.Fimidara;

/// <summary>Manages agent tokens, which current servers have.</summary>
internal sealed class FimidaraAgentTokens(VendorConnection connection, Func<FimidaraOptions> options, FimidaraApiClient api)
    : FimidaraTokens(connection, options, api)
{
    public override bool IsOlder => false;

    public override Func<ApiToken, OperationContext, Task<TokenSecret>> ReadSecret => async (token, context) =>
    {
        var encoded = await Api.EncodeAgentTokenAsync(new() { TokenId = token.Id }, context).ConfigureAwait(false);
        return VendorConnection.ReadSecret(encoded.JwtToken, "jwtToken");
    };

    public override Task<TokenPageReader?> OpenPageAsync(TokenQuery query, string? continuation, OperationContext context)
        => NumberedPageAsync<GetWorkspaceAgentTokensEndpointResult, AgentToken>(
            query, continuation, context,
            (page, pageSize) => Api.ListAgentTokensRequest(
                new() { WorkspaceId = WorkspaceId, Page = page, PageSize = pageSize }),
            model => FimidaraMapping.ToApiToken(model, Connection, query.IncludeRaw));

    public override async Task<ApiToken> GetAsync(FimidaraApiClient api, string? id, string? key, OperationContext context)
    {
        var result = await api.GetAgentTokenAsync(
            new() { TokenId = id, ProvidedResourceId = key, WorkspaceId = WorkspaceOf(key), OnReferenced = IsSelf(id, key) },
            context).ConfigureAwait(false);
        return ToApiToken(result.Token);
    }

    public override Func<OperationContext, Task<IssuedToken>> Create(CreateTokenRequest request, RequestCheck check)
    {
        var body = ToCreate(request, Now, check);
        body.WorkspaceId ??= WorkspaceId;
        return async context =>
        {
            var token = (await Api.AddAgentTokenAsync(body, context).ConfigureAwait(false)).Token
                ?? throw ApiException.WithoutMember("token");
            return Issued(token.JwtToken, "jwtToken", token, ToApiToken);
        };
    }

    public override CreateTokenRequest ExpectedOf(CreateTokenRequest request, DateTimeOffset startedAt)
    {
        var body = ToCreate(request, startedAt, new RequestCheck());
        return new()
        {
            Name = body.Name,
            Description = body.Description,
            Key = body.ProvidedResourceId,
            Expiry = body.ExpiresAt is not { } end
                ? TokenExpiry.Never : VendorTime.FromEpochMilliseconds(end) is { } instant ? TokenExpiry.At(instant) : null,
        };
    }

    public override Func<OperationContext, Task<ApiToken>> Update(
        TokenReference reference, UpdateTokenRequest request, RequestCheck check)
    {
        var body = ToUpdate(request, check);
        return async context => ToApiToken((await Api.UpdateAgentTokenAsync(
            new() { TokenId = reference.Id, ProvidedResourceId = reference.Key, WorkspaceId = WorkspaceOf(reference.Key),
                OnReferenced = IsSelf(reference.Id, reference.Key), Token = body }, context).ConfigureAwait(false)).Token);
    }

    public override async Task<string?> DeleteAsync(TokenReference reference, OperationContext context)
    {
        var job = await Api.DeleteAgentTokenAsync(
            new() { TokenId = reference.Id, ProvidedResourceId = reference.Key, WorkspaceId = WorkspaceOf(reference.Key),
                OnReferenced = IsSelf(reference.Id, reference.Key) }, context).ConfigureAwait(false);
        return job.JobId is { } id
            ? $"The token and its record are deleted. What belonged to them is cleaned up by the vendor's job {id}."
            : "The token and its record are deleted. What belonged to them is cleaned up by a job of the vendor's.";
    }

    public override async Task<IReadOnlyList<ApiToken>> FindByKeyAsync(string key, OperationContext context)
    {
        try
        {
            return [await GetAsync(Api, id: null, key, context).ConfigureAwait(false)];
        }
        catch (ApiException refusal) when (refusal is { StatusCode: 404, HasForeignBody: false })
        {
            return [];
        }
    }

    private static AddAgentTokenEndpointParams ToCreate(CreateTokenRequest request, DateTimeOffset now, RequestCheck check)
    {
        var model = check.Raw<AddAgentTokenEndpointParams>(request.Raw);
        model.Name = request.Name ?? model.Name;
        model.Description = request.Description ?? model.Description;
        model.ProvidedResourceId = request.Key ?? model.ProvidedResourceId;
        model.ShouldEncode = true;
        if (request.Expiry is { } expiry)
            model.ExpiresAt = expiry.ToInstant(now)?.ToUnixTimeMilliseconds();
        else if (model.ExpiresAt is null)
            FimidaraRequests.RequireExpiry(check);
        FimidaraRequests.CheckTexts(model.Name, model.Description, check);
        CheckKey(model.ProvidedResourceId, check);
        FimidaraRequests.CheckRights(request.Scopes, request.Roles, check);
        check.Expiry(nameof(CreateTokenRequest.Expiry), request.Expiry, now);
        return model;
    }

    private UpdateAgentTokenInput ToUpdate(UpdateTokenRequest request, RequestCheck check)
    {
        var model = FimidaraRequests.WithNulls(check.Raw<UpdateAgentTokenInput>(request.Raw),
            (request.Raw as UpdateAgentTokenInput)?.AdditionalProperties, model => model.AdditionalProperties);
        var further = model.AdditionalProperties;
        model.Name = FimidaraRequests.Set(request.Name, model.Name, further, "name");
        model.Description = FimidaraRequests.Set(request.Description, model.Description, further, "description");
        model.ProvidedResourceId = FimidaraRequests.Set(request.Key, model.ProvidedResourceId, further, "providedResourceId");
        if (request.Expiry is { } expiry)
        {
            model.ExpiresAt = expiry.ToInstant(Now)?.ToUnixTimeMilliseconds();
            FimidaraRequests.SetNull(further, "expiresAt", expiry.IsNever);
        }

        FimidaraRequests.RequireChange(request, check);
        FimidaraRequests.CheckTexts(model.Name, model.Description, check);
        CheckKey(model.ProvidedResourceId, check);
        FimidaraRequests.CheckRights(request.Scopes, null, check);
        check.Expiry(nameof(UpdateTokenRequest.Expiry), request.Expiry, Now);
        return model;
    }

    // The server stores the key unchanged, but trims it when it looks for a token.
    private static void CheckKey(string? key, RequestCheck check)
    {
        check.Length(nameof(CreateTokenRequest.Key), key, FimidaraCapabilities.LongestKey);
        if (key is not null && key.Trim() is { Length: > 0 } trimmed && trimmed.Length != key.Length)
            check.Add(nameof(CreateTokenRequest.Key),
                "It begins or ends with a space: the vendor would store it unchanged, and never find the token by it.");
    }

    // A key is unique within a workspace.
    private string? WorkspaceOf(string? key) => key is null ? null : WorkspaceId;

    private ApiToken ToApiToken(AgentToken? model)
        => FimidaraMapping.ToApiToken(model ?? throw ApiException.WithoutMember("token"), Connection, includeRaw: true);
}
