using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>Emulates the token endpoint, and the sessions of its access tokens.</summary>
internal sealed class SailPointSessions(SailPointEmulator emulator)
{
    private const string TenantId = "58eb06a4-dcd7-4e96-8fac-cca2afc03e61";
    private const string UserId = "595826";

    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>
    /// Gets or sets whether the token in the documents was deleted. Until then, its id and secret work as those of an API client.
    /// </summary>
    public bool IsExampleEnded { get; set; }

    /// <summary>Finds the session of a request with a bearer token.</summary>
    public Session? Of(ReceivedRequest request)
        => _sessions.GetValueOrDefault(request.Header("Authorization")!["Bearer ".Length..].Trim());

    public VendorResponse? Refuse(ReceivedRequest request)
    {
        if (request.Header("Authorization") is not { } header || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return Unauthorized("JWT is required");
        if (Of(request) is not { } session)
            return Unauthorized("JWT validation failed: JWT is invalid"); // reconstructed
        return RefusalOf(session) is { } refusal ? Unauthorized(refusal) : null;
    }

    private string? RefusalOf(Session session)
    {
        if (session.EndsAt <= emulator.Now)
            return "JWT validation failed: JWT is expired";
        // This text is reconstructed.
        return session.IsRevoked || (session.Token is { } token && !emulator.AccessTokensLiveOn
            && !(emulator.Tokens.Contains(token) && token.IsActive(emulator.Now)))
            ? "JWT validation failed: JWT is revoked" : null;
    }

    // The id and secret can be in a form, in multipart form data, or in the query.
    public VendorResponse Exchange(ReceivedRequest request)
    {
        var form = request.Header("Content-Type")?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true
            ? MultipartForm.Read(request)
            : request.Form();
        string? Field(string name) => form.GetValueOrDefault(name) ?? request.Query(name);

        // The documents also write the grant in upper case. The messages about other grants come from RFC 6749, not from a recording.
        if (Field("grant_type") is not { Length: > 0 } grant)
            return Error(400, "invalid_request", "Missing grant type");
        if (!grant.Equals("client_credentials", StringComparison.OrdinalIgnoreCase))
            return Error(400, "unsupported_grant_type", $"Unsupported grant type: {grant}");

        var (id, secret, now) = (Field("client_id"), Field("client_secret"), emulator.Now);
        var token = emulator.Tokens.FirstOrDefault(candidate => candidate.Id == id);
        var known = token is null
            ? IsApiClient(id, secret)
            : secret is not null && token.Secret!.Equals(new TokenSecret(secret)) && token.IsActive(now);
        if (!known)
            return Error(401, "invalid_client", "Bad client credentials");

        if (token is not null && !(now - token.LastUsedAt < TimeSpan.FromDays(1)))
            token.LastUsedAt = now;
        var seconds = token is null ? SailPointEmulator.LongestAccess : SailPointEmulator.Validity(token);
        var number = emulator.NextNumber();
        var accessToken = $"emulated.sailpoint.access-token-{number}";
        _sessions[accessToken] = new(id!, token, token?.OwnerId ?? SailPointEmulator.OwnerId,
            token is null ? SailPointEmulator.OwnerName : token.OwnerName, now.AddSeconds(seconds),
            $"00000000-0000-4000-8000-{number:x12}");
        var response = new JsonObject
        {
            ["access_token"] = accessToken,
            ["token_type"] = "bearer",
            ["expires_in"] = seconds,
            ["scope"] = token is null ? SailPointEmulator.AllScopes : string.Join(' ', token.Scopes),
            ["tenant_id"] = TenantId,
            ["internal"] = false,
            ["pod"] = "cook",
            ["org"] = "example",
            ["strong_auth_supported"] = false,
            ["strong_auth"] = true,
            ["enabled"] = true,
            ["jti"] = _sessions[accessToken].Jti,
        };
        if (token is not null)
        {
            response["user_id"] = UserId;
            response["identity_id"] = token.OwnerId;
        }

        return VendorResponse.Json(200, response);
    }

    /// <summary>Responds to a token introspection. The documents require no credential for it.</summary>
    public VendorResponse Introspect(ReceivedRequest request)
    {
        if (request.Form().GetValueOrDefault("token") is not { Length: > 0 } text)
            return Error(400, "invalid_request", "Missing token");
        if (_sessions.GetValueOrDefault(text) is not { } session || RefusalOf(session) is not null)
            return VendorResponse.Json(200, new JsonObject { ["active"] = false });
        var scopes = session.Token is { } token ? EmulatorJson.Texts(token.Scopes) : [SailPointEmulator.AllScopes];
        return VendorResponse.Json(200, new JsonObject
        {
            ["active"] = true,
            ["tenant_id"] = TenantId,
            ["sub"] = session.Token is null ? session.ClientId : UserId,
            ["pod"] = "cook",
            ["org"] = "example",
            ["identity_id"] = session.OwnerId,
            ["user_name"] = session.OwnerName,
            ["iss"] = "https://www.sailpoint.com",
            ["strong_auth"] = true,
            ["authorities"] = new JsonArray(),
            ["client_id"] = session.ClientId,
            ["encoded_scope"] = new JsonArray(),
            ["strong_auth_supported"] = false,
            ["scope"] = scopes,
            ["exp"] = session.EndsAt.ToUnixTimeSeconds(),
            ["jti"] = session.Jti,
        });
    }

    /// <summary>Responds to a token revocation. According to RFC 7009, an unknown token is no error.</summary>
    public VendorResponse Revoke(ReceivedRequest request)
    {
        if (request.Form().GetValueOrDefault("token") is not { Length: > 0 } text)
            return Error(400, "invalid_request", "Missing token");
        if (_sessions.TryGetValue(text, out var session))
            _sessions[text] = session with { IsRevoked = true };
        return VendorResponse.Empty(200);
    }

    private static VendorResponse Unauthorized(string error) => VendorResponse.Json(401, new JsonObject { ["error"] = error });

    private bool IsApiClient(string? id, string? secret)
        => secret is not null
        && ((id == SailPointEmulator.ApiClientId && SailPointEmulator.ApiClientSecret.Equals(new TokenSecret(secret)))
            || (id == SailPointEmulator.ClientId && !IsExampleEnded && SailPointEmulator.ClientSecret.Equals(new TokenSecret(secret))));

    // Both members were found in forum threads, without the status. The documents have the member error only for 401, and another form for
    // 400.
    private VendorResponse Error(int status, string error, string description) => (emulator.IsDocumented, status) switch
    {
        (true, 401) => Unauthorized(error),
        (true, _) => emulator.Error(status, SailPointEmulator.BadContent, description),
        _ => VendorResponse.Json(status, new JsonObject { ["error"] = error, ["error_description"] = description }),
    };

    /// <summary>
    /// Represents an access token, with its credential, owner and expiry. The token is null if the credential is an API client.
    /// </summary>
    internal sealed record Session(
        string ClientId, EmulatedToken? Token, string OwnerId, string? OwnerName, DateTimeOffset EndsAt, string Jti,
        bool IsRevoked = false);
}
