using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Tokenwright.Testing;

/// <summary>Emulates the exchange of API tokens, and the issued access tokens.</summary>
internal sealed class VMwareCloudSessions(VMwareCloudEmulator emulator)
{
    // The observed lifetime is about half an hour.
    private static readonly TimeSpan AccessTokenLife = TimeSpan.FromSeconds(1799);

    private readonly Dictionary<string, (EmulatedToken ApiToken, DateTimeOffset ExpiresAt)> _accessTokens = [];
    private int _lastAccessToken;

    // According to the documents, revoking a token in the console also invalidates its access token. Deactivating is assumed to do the
    // same.
    /// <summary>Finds the API token for the request's access token; null if there is none or it has expired.</summary>
    public EmulatedToken? Caller(ReceivedRequest request)
    {
        const string Bearer = "Bearer ";
        var accessToken = request.Header("Authorization") is { } authorization
            && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : request.Header("csp-auth-token");
        return accessToken is not null && _accessTokens.TryGetValue(accessToken, out var known) && known.ExpiresAt > emulator.Now
            && known.ApiToken is { IsDeactivated: false, IsRevoked: false } && emulator.AllTokens.Contains(known.ApiToken)
            ? known.ApiToken
            : null;
    }

    public VendorResponse Exchange(ReceivedRequest request)
    {
        // The live service still accepts what the documents deprecate, even in the query.
        var form = request.Form();
        var apiToken = form.GetValueOrDefault("api_token") ?? form.GetValueOrDefault("refresh_token") ?? request.Query("refresh_token");
        if (string.IsNullOrEmpty(apiToken))
            return emulator.Error(400, "invalid_request: The api_token is missing.");

        var now = emulator.Now;
        var token = emulator.FindBySecret(apiToken);
        if (token is null || token == emulator.Documented || !token.IsActive(now))
        {
            // The documents say 400 for expired tokens, and 404. The only status observed with this message from the service itself is 400.
            // It isn't known which of them a deactivated token gets.
            var isKnown = token is not null && token != emulator.Documented;
            return emulator.Error(emulator.IsDocumented && !isKnown ? 404 : 400,
                $"invalid_grant: Invalid refresh token: xxxx...{apiToken[^Math.Min(5, apiToken.Length / 2)..]}");
        }

        foreach (var (ended, _) in _accessTokens.Where(known => known.Value.ExpiresAt <= now).ToList())
            _accessTokens.Remove(ended);
        token.LastUsedAt = now;
        var scopes = VMwareCloudEmulator.Scopes(token);
        var accessToken = AccessToken(token, now, scopes);
        _accessTokens.Add(accessToken, (token, now + AccessTokenLife));
        return VendorResponse.Json(200, new JsonObject
        {
            ["id_token"] = null,
            ["token_type"] = "bearer",
            ["expires_in"] = (long)AccessTokenLife.TotalSeconds,
            ["scope"] = string.Join(' ', scopes),
            ["access_token"] = accessToken,
            ["refresh_token"] = null,
        });
    }

    // The token has the form of a JWT, with the claims that known clients read, but no valid signature.
    private string AccessToken(EmulatedToken token, DateTimeOffset now, IEnumerable<string> scopes)
    {
        var payload = new JsonObject
        {
            ["jti"] = $"emulated-access-token-{++_lastAccessToken}",
            ["sub"] = token.OwnerId,
            ["acct"] = token.OwnerName ?? VMwareCloudEmulator.Account,
            ["username"] = token.OwnerName ?? VMwareCloudEmulator.UserName,
            ["domain"] = "example.com",
            ["context_name"] = VMwareCloudEmulator.OrganizationOf(token),
            ["perms"] = EmulatorJson.Texts(scopes),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + AccessTokenLife).ToUnixTimeSeconds(),
        };
        return $"{Part("""{"alg":"RS256","typ":"JWT"}""")}.{Part(payload.ToJsonString())}.emulated";

        static string Part(string json) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(json));
    }
}
