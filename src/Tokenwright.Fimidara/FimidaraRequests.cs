using Newtonsoft.Json.Linq;
using Tokenwright.Fimidara.Api;
using Tokenwright.Json;

namespace Tokenwright.Fimidara;

/// <summary>The facade's requests in fimidara's models, checked.</summary>
internal static class FimidaraRequests
{
    private const int LongestName = 150;
    private const int LongestDescription = 700;
    private const int LongestAgentTokenKey = 50;
    private const int LongestClientAssignedTokenKey = 300;
    private const int MostAssigned = 100;
    private const string WithoutScopes =
        "A fimidara token has no scopes: what it may do comes from the permission groups that are assigned to it.";
    private const string WithoutRoles =
        "A fimidara token has no roles: what it may do comes from the permission groups that are assigned to it.";
    private const string WithoutEnd = "A program access token never expires.";
    private const string WithoutKey = "A program access token has no key of the caller's own; its name is unique in the workspace.";

    /// <summary>The key that a request gives its token, as itself or in the vendor's model.</summary>
    public static string? KeyOf(CreateTokenRequest request) => request.Key ?? request.Raw switch
    {
        AddAgentTokenEndpointParams agent => agent.ProvidedResourceId,
        NewClientAssignedTokenInput client => client.ProvidedResourceId,
        _ => null,
    };

    public static AddAgentTokenEndpointParams AddAgentToken(
        CreateTokenRequest request, string? workspaceId, DateTimeOffset now, RequestCheck check)
    {
        var model = check.Raw<AddAgentTokenEndpointParams>(request.Raw);
        model.WorkspaceId ??= workspaceId;
        model.Name = request.Name ?? model.Name;
        model.Description = request.Description ?? model.Description;
        model.ProvidedResourceId = request.Key ?? model.ProvidedResourceId;
        model.ShouldEncode = true;
        if (request.Expiry is { } expiry)
            model.ExpiresAt = expiry.ToInstant(now)?.ToUnixTimeMilliseconds();
        else if (model.ExpiresAt is null)
            RequireExpiry(check);
        CheckTexts(model.Name, model.Description, check);
        CheckKey(model.ProvidedResourceId, check);
        CheckRights(request.Scopes, request.Roles, check);
        check.Expiry(nameof(CreateTokenRequest.Expiry), request.Expiry, now);
        return model;
    }

    public static AddClientAssignedTokenEndpointParams AddClientAssignedToken(
        CreateTokenRequest request, string? workspaceId, DateTimeOffset now, RequestCheck check)
    {
        var model = WithNulls(check.Raw<NewClientAssignedTokenInput>(request.Raw),
            (request.Raw as NewClientAssignedTokenInput)?.AdditionalProperties, model => model.AdditionalProperties);
        model.Name = Set(request.Name, model.Name, model.AdditionalProperties, "name");
        model.Description = Set(request.Description, model.Description, model.AdditionalProperties, "description");
        model.ProvidedResourceId = Set(request.Key, model.ProvidedResourceId, model.AdditionalProperties, "providedResourceId");
        if (request.Expiry is { } expiry)
        {
            model.Expires = expiry.ToInstant(now);
            model.AdditionalProperties.Remove("expires");
        }
        else if (model.Expires is null && !model.AdditionalProperties.ContainsKey("expires"))
        {
            RequireExpiry(check);
        }

        CheckTexts(model.Name, model.Description, check);
        check.Length(nameof(CreateTokenRequest.Key), model.ProvidedResourceId, LongestClientAssignedTokenKey);
        CheckAssigned(model.PermissionGroups, model.Tags, check);
        CheckRights(request.Scopes, request.Roles, check);
        check.Expiry(nameof(CreateTokenRequest.Expiry), request.Expiry, now);
        return new() { WorkspaceId = workspaceId, Token = model };
    }

    public static AddProgramAccessTokenEndpointParams AddProgramAccessToken(
        CreateTokenRequest request, string? workspaceId, RequestCheck check)
    {
        var model = check.Raw<NewProgramAccessTokenInput>(request.Raw);
        model.Name = request.Name ?? model.Name;
        model.Description = request.Description ?? model.Description;
        check.Required(nameof(CreateTokenRequest.Name), model.Name);
        CheckTexts(string.IsNullOrWhiteSpace(model.Name) ? null : model.Name, model.Description, check);
        check.Unsupported(nameof(CreateTokenRequest.Key), request.Key, WithoutKey);
        CheckAssigned(model.PermissionGroups, model.Tags, check);
        CheckRights(request.Scopes, request.Roles, check);
        if (request.Expiry is null)
            RequireExpiry(check);
        else if (!request.Expiry.IsNever)
            check.Add(nameof(CreateTokenRequest.Expiry), $"{WithoutEnd} Say {nameof(TokenExpiry)}.{nameof(TokenExpiry.Never)}.");
        return new() { WorkspaceId = workspaceId, Token = model };
    }

    public static UpdateAgentTokenInput UpdateAgentToken(UpdateTokenRequest request, DateTimeOffset now, RequestCheck check)
    {
        var model = WithNulls(check.Raw<UpdateAgentTokenInput>(request.Raw), (request.Raw as UpdateAgentTokenInput)?.AdditionalProperties,
            model => model.AdditionalProperties);
        model.Name = Set(request.Name, model.Name, model.AdditionalProperties, "name");
        model.Description = Set(request.Description, model.Description, model.AdditionalProperties, "description");
        model.ProvidedResourceId = Set(request.Key, model.ProvidedResourceId, model.AdditionalProperties, "providedResourceId");
        if (request.Expiry is { } expiry)
        {
            model.ExpiresAt = expiry.ToInstant(now)?.ToUnixTimeMilliseconds();
            SetNull(model.AdditionalProperties, "expiresAt", expiry.IsNever);
        }

        RequireChange(request, check);
        CheckTexts(model.Name, model.Description, check);
        CheckKey(model.ProvidedResourceId, check);
        CheckRights(request.Scopes, null, check);
        check.Expiry(nameof(UpdateTokenRequest.Expiry), request.Expiry, now);
        return model;
    }

    public static NewClientAssignedTokenInput UpdateClientAssignedToken(UpdateTokenRequest request, DateTimeOffset now, RequestCheck check)
    {
        var model = WithNulls(check.Raw<NewClientAssignedTokenInput>(request.Raw),
            (request.Raw as NewClientAssignedTokenInput)?.AdditionalProperties, model => model.AdditionalProperties);
        model.Name = Set(request.Name, model.Name, model.AdditionalProperties, "name");
        model.Description = Set(request.Description, model.Description, model.AdditionalProperties, "description");
        model.ProvidedResourceId = Set(request.Key, model.ProvidedResourceId, model.AdditionalProperties, "providedResourceId");
        if (request.Expiry is { } expiry)
        {
            model.Expires = expiry.ToInstant(now);
            SetNull(model.AdditionalProperties, "expires", expiry.IsNever);
        }

        RequireChange(request, check);
        CheckTexts(model.Name, model.Description, check);
        check.Length(nameof(UpdateTokenRequest.Key), model.ProvidedResourceId, LongestClientAssignedTokenKey);
        CheckAssigned(model.PermissionGroups, model.Tags, check);
        CheckRights(request.Scopes, null, check);
        check.Expiry(nameof(UpdateTokenRequest.Expiry), request.Expiry, now);
        return model;
    }

    public static UpdateProgramAccessTokenInput UpdateProgramAccessToken(UpdateTokenRequest request, RequestCheck check)
    {
        var model = check.Raw<UpdateProgramAccessTokenInput>(request.Raw);
        model.Name = request.Name ?? model.Name;
        model.Description = request.Description ?? model.Description;
        RequireChange(request, check);
        CheckTexts(model.Name, model.Description, check);
        check.Unsupported(nameof(UpdateTokenRequest.Key), request.Key, WithoutKey);
        CheckAssigned(model.PermissionGroups, model.Tags, check);
        CheckRights(request.Scopes, null, check);
        check.Unsupported(nameof(UpdateTokenRequest.Expiry), request.Expiry is { IsNever: false } ? request.Expiry : null, WithoutEnd);
        return model;
    }

    // By the vendor's rule a token without an expiry never expires.
    private static void RequireExpiry(RequestCheck check)
        => check.Add(nameof(CreateTokenRequest.Expiry),
            $"Without it the token would never expire: set an expiry, or {nameof(TokenExpiry)}.{nameof(TokenExpiry.Never)}.");

    // The server accepts an empty change with success and a new time of change: nothing that a caller can have meant.
    private static void RequireChange(UpdateTokenRequest request, RequestCheck check)
    {
        if (request is { Name: null, Description: null, Key: null, Scopes: null, Expiry: null, Raw: null })
            check.Add(nameof(UpdateTokenRequest), "There is nothing to change: all members are null.");
    }

    private static void CheckTexts(string? name, string? description, RequestCheck check)
    {
        check.Length(nameof(CreateTokenRequest.Name), name, LongestName);
        check.Length(nameof(CreateTokenRequest.Description), description, LongestDescription, emptyAllowed: true);
    }

    // The server stores the key as it stands and looks it up trimmed.
    private static void CheckKey(string? key, RequestCheck check)
    {
        check.Length(nameof(CreateTokenRequest.Key), key, LongestAgentTokenKey);
        if (key is not null && key.Trim() is { Length: > 0 } trimmed && trimmed.Length != key.Length)
            check.Add(nameof(CreateTokenRequest.Key),
                "It has blanks around it: the vendor would keep it so, and never find the token by it.");
    }

    private static void CheckRights(IReadOnlyList<TokenScope>? scopes, IReadOnlyList<TokenRole>? roles, RequestCheck check)
    {
        if (scopes is { Count: > 0 })
            check.Add(nameof(CreateTokenRequest.Scopes), WithoutScopes);
        if (roles is { Count: > 0 })
            check.Add(nameof(CreateTokenRequest.Roles), WithoutRoles);
    }

    // They come in with the caller's own model only.
    private static void CheckAssigned(ICollection<PermissionGroupInput>? groups, ICollection<AssignedTagInput>? tags, RequestCheck check)
    {
        CheckUnique("permissionGroups", groups?.Select(group => group?.PermissionGroupId));
        CheckUnique("tags", tags?.Select(tag => tag?.TagId));

        void CheckUnique(string member, IEnumerable<string?>? ids)
        {
            var all = ids?.ToList() ?? [];
            if (all.Count > MostAssigned)
                check.Add(nameof(CreateTokenRequest.Raw), $"Its {member} has {all.Count} entries; the vendor takes {MostAssigned}.");
            if (all.Any(string.IsNullOrWhiteSpace))
                check.Add(nameof(CreateTokenRequest.Raw), $"Its {member} has an entry without an id.");
            if (all.Distinct(StringComparer.Ordinal).Count() < all.Count)
                check.Add(nameof(CreateTokenRequest.Raw), $"Its {member} names an id twice.");
        }
    }

    // A null that the caller put among the further members is to be sent; where a model is copied, it would be taken for a missing member.
    private static TModel WithNulls<TModel>(TModel model, IDictionary<string, object>? given, Func<TModel, IDictionary<string, object>> bag)
    {
        foreach (var name in (given ?? new Dictionary<string, object>()).Where(
            member => member.Value is null or RawJson { IsNull: true } or JToken { Type: JTokenType.Null }).Select(member => member.Key))
            SetNull(bag(model), name, isNull: true);
        return model;
    }

    private static string? Set(string? wanted, string? given, IDictionary<string, object> further, string member)
    {
        if (wanted is not null)
            further.Remove(member);
        return wanted ?? given;
    }

    private static void SetNull(IDictionary<string, object> further, string member, bool isNull)
    {
        if (isNull)
            further[member] = RawJson.Null;
        else
            further.Remove(member);
    }
}
