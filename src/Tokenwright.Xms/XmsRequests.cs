using System.Globalization;
using Tokenwright.Adapters;
using Tokenwright.Xms.Api;

namespace Tokenwright.Xms;

/// <summary>
/// The facade's requests in XMS's model, checked against what its documents give: no lengths and no characters, but what is required and
/// what there is.
/// </summary>
internal static class XmsRequests
{
    private const string NoScopes = "XMS's access tokens have roles in place of scopes.";
    private const string NoKey = "XMS keeps no key of the caller's own; a token is found by its id, its secret or its name.";
    private const string NoExpiry =
        "XMS's access tokens never expire: leave it out or say TokenExpiry.Never, and revoke the token when its time is over.";

    public static AccessTokenCreateReq ToCreate(CreateTokenRequest request, RequestCheck check)
    {
        var body = check.Raw<AccessTokenCreateReq>(request.Raw);
        var token = body.AccessToken ??= new();
        token.Name = request.Name ?? token.Name;
        token.Description = request.Description ?? token.Description;
        token.Roles = request.Roles?.Select(role => role.Value).ToList() ?? token.Roles;

        check.Required(nameof(CreateTokenRequest.Name), token.Name);
        check.Unsupported(nameof(CreateTokenRequest.Key), request.Key, NoKey);
        check.Unsupported(nameof(CreateTokenRequest.Scopes), request.Scopes, NoScopes);
        if (token.Roles is not { Count: > 0 })
            check.Add(nameof(CreateTokenRequest.Roles), "It is missing: name at least one role of the cluster.");
        else if (token.Roles.Any(string.IsNullOrWhiteSpace))
            check.Add(nameof(CreateTokenRequest.Roles), "One of them has no text.");
        Unending(nameof(CreateTokenRequest.Expiry), request.Expiry, check);
        return body;
    }

    public static AccessTokenUpdateReq ToUpdate(UpdateTokenRequest request, RequestCheck check)
    {
        var body = check.Raw<AccessTokenUpdateReq>(request.Raw);
        var token = body.AccessToken ??= new();
        token.Name = request.Name ?? token.Name;

        if (string.IsNullOrWhiteSpace(token.Name))
            check.Add(nameof(UpdateTokenRequest.Name), "It is missing, and it is all that can be changed.");
        check.Unsupported(nameof(UpdateTokenRequest.Description), request.Description,
            "XMS changes a token's name only; a token with another description must be created.");
        check.Unsupported(nameof(UpdateTokenRequest.Key), request.Key, NoKey);
        check.Unsupported(nameof(UpdateTokenRequest.Scopes), request.Scopes, NoScopes);
        Unending(nameof(UpdateTokenRequest.Expiry), request.Expiry, check);
        return body;
    }

    /// <summary>Gets the id that a reference names a token by; null where it names one in another way.</summary>
    public static long? ToId(TokenReference reference, RequestCheck check)
    {
        if (reference.Id is not { } text)
            return null;

        // The text isn't shown: a secret put in place of an id is an easy slip.
        var id = ToNumber(text);
        if (id is null)
            check.Add(nameof(TokenReference.Id),
                "It must be a whole number: the numeric id of a token; a secret goes into TokenReference.BySecret.");
        return id;
    }

    public static long? ToNumber(string? text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Unending(string field, TokenExpiry? expiry, RequestCheck check)
    {
        if (expiry is { IsNever: false })
            check.Add(field, NoExpiry);
    }
}
