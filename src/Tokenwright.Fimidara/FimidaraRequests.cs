using Newtonsoft.Json.Linq;
using Tokenwright.Adapters;
using Tokenwright.Fimidara.Api;
using Tokenwright.Generated;

namespace Tokenwright.Fimidara;

/// <summary>Provides what the requests for all kinds of tokens share: the checks, and how a member is set or sent as null.</summary>
internal static class FimidaraRequests
{
    private const int LongestDescription = 700;
    private const int MostAssigned = 100;
    private const string WithoutScopes =
        "A fimidara token has no scopes: what it may do comes from the permission groups that are assigned to it.";
    private const string WithoutRoles =
        "A fimidara token has no roles: what it may do comes from the permission groups that are assigned to it.";

    /// <summary>Gets the key that a request gives its token, from its own property or from the vendor's model.</summary>
    public static string? KeyOf(CreateTokenRequest request) => request.Key ?? request.Raw switch
    {
        AddAgentTokenEndpointParams agent => agent.ProvidedResourceId,
        NewClientAssignedTokenInput client => client.ProvidedResourceId,
        _ => null,
    };

    // By the vendor's rules, a token without an expiry never expires.
    public static void RequireExpiry(RequestCheck check)
        => check.Add(nameof(CreateTokenRequest.Expiry),
            $"Without it the token would never expire: set an expiry, or {nameof(TokenExpiry)}.{nameof(TokenExpiry.Never)}.");

    // The server accepts an empty change and only updates the time of the last change, which no caller intends.
    public static void RequireChange(UpdateTokenRequest request, RequestCheck check)
    {
        if (request is { Name: null, Description: null, Key: null, Scopes: null, Expiry: null, Raw: null })
            check.Add(nameof(UpdateTokenRequest), "There is nothing to change: all members are null.");
    }

    public static void CheckTexts(string? name, string? description, RequestCheck check)
    {
        check.Length(nameof(CreateTokenRequest.Name), name, FimidaraCapabilities.LongestName);
        check.Length(nameof(CreateTokenRequest.Description), description, LongestDescription, emptyAllowed: true);
    }

    public static void CheckRights(IReadOnlyList<TokenScope>? scopes, IReadOnlyList<TokenRole>? roles, RequestCheck check)
    {
        if (scopes is { Count: > 0 })
            check.Add(nameof(CreateTokenRequest.Scopes), WithoutScopes);
        if (roles is { Count: > 0 })
            check.Add(nameof(CreateTokenRequest.Roles), WithoutRoles);
    }

    // Only the caller's own model can contain these members.
    public static void CheckAssigned(ICollection<PermissionGroupInput>? groups, ICollection<AssignedTagInput>? tags, RequestCheck check)
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

    // A null among the caller's additional properties must be sent. A copy of the model would treat it as a missing member.
    public static TModel WithNulls<TModel>(TModel model, IDictionary<string, object>? given, Func<TModel, IDictionary<string, object>> bag)
    {
        foreach (var name in (given ?? new Dictionary<string, object>()).Where(
            member => member.Value is null or RawJson { IsNull: true } or JToken { Type: JTokenType.Null }).Select(member => member.Key))
            SetNull(bag(model), name, isNull: true);
        return model;
    }

    public static string? Set(string? wanted, string? given, IDictionary<string, object> further, string member)
    {
        if (wanted is not null)
            further.Remove(member);
        return wanted ?? given;
    }

    public static void SetNull(IDictionary<string, object> further, string member, bool isNull)
    {
        if (isNull)
            further[member] = RawJson.Null;
        else
            further.Remove(member);
    }
}
