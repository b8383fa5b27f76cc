using System.Globalization;
using Tokenwright.Adapters;
using Tokenwright.Xms.Api;

namespace Tokenwright.Xms;

/// <summary>
/// Converts requests to XMS's model and checks them against the documents, which say what is required and what exists, but nothing about
/// lengths and characters.
/// </summary>
internal static class XmsRequests
{
    private const string NoScopes = "XMS's access tokens have roles in place of scopes.";
    private const string NoKey = "XMS keeps no key of the caller's own; a token is found by its id, its secret or its name.";
    private const string NoExpiry =
        "XMS's access tokens never expire: leave it out or say TokenExpiry.Never, and revoke the token when it is no longer needed.";

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
            check.Add(nameof(UpdateTokenRequest.Name), "It is missing, and nothing else can be changed.");
        check.Unsupported(nameof(UpdateTokenRequest.Description), request.Description,
            "XMS changes a token's name only; a token with another description must be created.");
        check.Unsupported(nameof(UpdateTokenRequest.Key), request.Key, NoKey);
        check.Unsupported(nameof(UpdateTokenRequest.Scopes), request.Scopes, NoScopes);
        Unending(nameof(UpdateTokenRequest.Expiry), request.Expiry, check);
        return body;
    }

    /// <summary>Gets the id of a reference; null if the reference has none.</summary>
    public static long? ToId(TokenReference reference, RequestCheck check)
    {
        if (reference.Id is not { } text)
            return null;

        // The message doesn't show the text, because a user can confuse a secret with an id.
        var id = ToNumber(text);
        if (id is null)
            check.Add(nameof(TokenReference.Id),
                "It must be a whole number: the numeric id of a token; for a secret, use TokenReference.BySecret.");
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
