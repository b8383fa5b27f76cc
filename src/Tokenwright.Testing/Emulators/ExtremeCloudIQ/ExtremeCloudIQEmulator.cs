using Microsoft.AspNetCore.WebUtilities;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// Emulates ExtremeCloud IQ: sign-in and sign-out, API tokens, permissions, and the legacy tokens of <c>/acct-api-token</c>. The vendor's
/// documents have no example data for them, and only a few real bodies are known, so the values are invented.
/// </summary>
/// <remarks>
/// <see cref="VendorEmulator.Tokens"/> contains the API tokens of <c>/auth/apitoken</c>, but no sessions and no legacy tokens. A token
/// needs the permissions in the vendor's list: <c>auth:r</c> to be read, <c>logout</c> to be revoked, <c>token:new</c> to issue others.
/// </remarks>
public sealed class ExtremeCloudIQEmulator : VendorEmulator
{
    private const string UserId = "1";
    internal const long CustomerId = 42;
    private const string PlatformOneKeyPrefix = "extr_sk_";
    private static readonly TimeSpan SessionLifetime = TimeSpan.FromSeconds(86400);
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan QuotaWindow = TimeSpan.FromHours(1);

    // The connection's own token never expires. It isn't part of the list that a test fills and clears.
    private readonly EmulatedToken _own;
    private readonly List<EmulatedToken> _sessions = [];
    private readonly Queue<DateTimeOffset> _calls = new();
    private int _tokenCount;
    private int _errorCount;

    /// <summary>
    /// Initializes a new instance of the <see cref="ExtremeCloudIQEmulator"/> class with a token that expires in a week, a revoked one and
    /// a legacy one, and starts it.
    /// </summary>
    /// <param name="options">The options; null for a free port, the system clock, and the live service's behavior.</param>
    public ExtremeCloudIQEmulator(EmulatorOptions? options = null)
        : base("ExtremeCloudIQ", options)
    {
        var now = Now;
        _own = new EmulatedToken { Secret = ApiToken, CreatedAt = now, Scopes = ["account", "auth", "device", "logout"] };
        Complete(_own);
        Add(new EmulatedToken { Scopes = ["auth:r", "device:list", "logout"], Description = "Reads the list of devices", CreatedAt = now,
            ExpiresAt = now.AddDays(7) });
        Add(new EmulatedToken
            { Secret = RevokedToken, Scopes = ["auth:r"], CreatedAt = now.AddDays(-1), ExpiresAt = now.AddDays(6), IsRevoked = true });

        Anonymous("POST", "/login", Login);
        Authenticated("POST", "/logout", (_, caller) => Logout(caller));
        Authenticated("POST", "/auth/apitoken", Generate);
        Authenticated("GET", "/auth/apitoken/info", (_, caller) => VendorResponse.Json(200, WithExtra(caller, Info(caller))));
        Anonymous("POST", "/auth/apitoken/:validate", Validate);
        Authenticated("GET", "/auth/permissions", (_, caller) => ListPermissions(caller));
        Authenticated("POST", "/auth/permissions/:check", (request, _) => CheckPermissions(request));

        // According to the vendor's list, these operations require no permission.
        var legacy = new ExtremeCloudIQLegacyTokens(this);
        Authenticated("GET", "/acct-api-token", (request, _) => legacy.List(request));
        Authenticated("POST", "/acct-api-token", (request, _) => legacy.Create(request));
        Authenticated("PATCH", "/acct-api-token/*", (request, _) => legacy.Update(request));
        Authenticated("DELETE", "/acct-api-token/*", (request, _) => legacy.Delete(request));
        if (IsDocumented)
            Authenticated("DELETE", "/acct-api-token_:delete", (request, _) => legacy.Delete(request));
    }

    /// <summary>
    /// Gets the API token in <see cref="ConnectionSettings"/>. It belongs to the administrator, never expires and isn't in
    /// <see cref="VendorEmulator.Tokens"/>. It works until it signs out.
    /// </summary>
    public static TokenSecret ApiToken { get; } = new("emulated.extremecloudiq.api-token");

    /// <summary>Gets an API token that was revoked.</summary>
    public static TokenSecret RevokedToken { get; } = new("emulated.extremecloudiq.revoked-token");

    /// <summary>Gets the name of the user, an administrator, who can sign in and owns all tokens.</summary>
    public static string Username => "api@example.net";

    /// <summary>Gets the user's password.</summary>
    public static TokenSecret Password { get; } = new("emulated-extremecloudiq-password");

    /// <summary>Gets or sets how many requests the account has in an hour. After that, the response is HTTP 429.</summary>
    public int RequestsPerHour { get; set; } = 7500;

    /// <inheritdoc />
    public override string ConnectionName => "network";

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> ConnectionSettings => new Dictionary<string, string>
    {
        ["BaseAddress"] = BaseAddress.ToString(),
        ["ApiToken"] = ApiToken.Reveal(),
    };

    internal DateTimeOffset Now => Clock.GetUtcNow();

    /// <inheritdoc />
    protected override void Complete(EmulatedToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        token.OwnerId ??= UserId;
        token.OwnerName ??= Username;
        if (token.Roles.Count == 0)
            token.Roles = ["ADMINISTRATOR"];
        token.Secret ??= NewSecret(token);
    }

    /// <inheritdoc />
    protected override VendorResponse? Refuse(ReceivedRequest request)
    {
        var value = Bearer(request);
        var token = Find(value);
        if (IsActive(token))
            return null;
        if (token is { IsRevoked: true })
            return Error(401, "AUTH_TOKEN_REVOKED", IsDocumented ? "The token was revoked." : null);

        // This was observed with legacy tokens, which are opaque. The text is the vendor's; the body around it is reconstructed.
        if (value is not null && value.Count('.') != 2 && !value.StartsWith(PlatformOneKeyPrefix, StringComparison.Ordinal))
            return Error(401, "EMULATED_TOKEN_REFUSED", $"JWT strings must contain exactly 2 period characters. Found: {value.Count('.')}");

        // The observed response comes from the gateway in front of the API, which doesn't show whether a token is wrong or expired. The
        // documented response is reconstructed.
        return IsDocumented
            ? Error(401, "EMULATED_TOKEN_REFUSED", "The access token is invalid or expired.")
            : VendorResponse.Json(
                401, """{"code":"UNAUTHORIZED","message":"Authentication failed","details":"Invalid access token or API key"}""");
    }

    private static string? Bearer(ReceivedRequest request)
        => request.Header("Authorization")?.Split(' ', 2) is [var scheme, var value]
            && scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? value : null;

    // Ids are numbers at this vendor. An id that isn't a number is shown as null.
    private static long? OwnerNumber(EmulatedToken token)
        => long.TryParse(token.OwnerId, CultureInfo.InvariantCulture, out var id) ? id : null;

    private void Authenticated(string method, string path, Func<ReceivedRequest, EmulatedToken, VendorResponse> response)
    {
        var (permissions, _) = ExtremeCloudIQPermissions.RequiredFor(method, path);
        Anonymous(method, path, request =>
        {
            if (Refuse(request) is { } refusal)
                return refusal;
            var caller = Find(Bearer(request))!;
            return permissions.Count == 0 || permissions.Any(permission => ExtremeCloudIQPermissions.Has(caller, permission))
                ? response(request, caller)
                : Error(403, "EMULATED_FORBIDDEN", $"The token has none of these permissions: {string.Join(", ", permissions)}.");
        });
    }

    // Every response has the RateLimit headers. It isn't known whether a 429 has a body or a Retry-After header.
    private void Anonymous(string method, string path, Func<ReceivedRequest, VendorResponse> response)
        => OnAnonymous(method, path, request =>
        {
            var now = Now;
            while (_calls.TryPeek(out var oldest) && now - oldest >= QuotaWindow)
                _calls.Dequeue();
            var isOver = _calls.Count >= RequestsPerHour;
            if (!isOver)
                _calls.Enqueue(now);
            var reset = _calls.TryPeek(out var first) ? (long)Math.Ceiling((first + QuotaWindow - now).TotalSeconds) : 0;
            return (isOver ? Error(429, "EMULATED_RATE_LIMIT", "The quota is used up.") : response(request))
                .With("RateLimit-Limit", string.Create(CultureInfo.InvariantCulture, $"{RequestsPerHour};w={QuotaWindow.TotalSeconds}"))
                .With("RateLimit-Remaining", (RequestsPerHour - _calls.Count).ToString(CultureInfo.InvariantCulture))
                .With("RateLimit-Reset", reset.ToString(CultureInfo.InvariantCulture));
        });

    private EmulatedToken? Find(string? secret)
        => Tokens.Concat(_sessions).Prepend(_own).FirstOrDefault(token => token.Secret!.Reveal() == secret);

    private bool IsActive([NotNullWhen(true)] EmulatedToken? token) => token?.IsActive(Now) == true;

    private VendorResponse Login(ReceivedRequest request)
    {
        if (!TryRead(request, out var body, out var refusal))
            return refusal;
        if (Text(body, "username") is not { } username)
            return Wrong("username", "It is missing.");
        if (Text(body, "password") is not { } password)
            return Wrong("password", "It is missing.");
        if (WrongRateLimit(body) is { } wrong)
            return wrong;
        if (username != Username || password != Password.Reveal())
            return Error(401, "EMULATED_LOGIN_REFUSED", "The emulator knows no such user, or not by this password.");
        var now = Now;
        var session = new EmulatedToken { CreatedAt = now, ExpiresAt = now + SessionLifetime, Scopes = ExtremeCloudIQPermissions.Names };
        Complete(session);
        _sessions.Add(session);
        return VendorResponse.Json(200, new JsonObject
        {
            ["access_token"] = session.Secret!.Reveal(),
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)SessionLifetime.TotalSeconds,
        });
    }

    // It isn't known what signing out does to a Platform ONE key. Here it ends the session that the call created, but not the key.
    private static VendorResponse Logout(EmulatedToken caller)
    {
        caller.IsRevoked = !IsPlatformOneKey(caller);
        return VendorResponse.Empty(200);
    }

    // Only the document that the server generates requires a credential here. The published one has a 401 without a body for the token in
    // the body. It isn't known how the 401 for the credential differs from it, so here it doesn't. The vendor's list has a permission for
    // this operation, but no document does, so none is needed.
    private VendorResponse Validate(ReceivedRequest request)
        => VendorResponse.Empty((IsDocumented || IsActive(Find(Bearer(request)))) && IsActive(Find(request.Body)) ? 200 : 401);

    private VendorResponse Generate(ReceivedRequest request, EmulatedToken caller)
    {
        if (!TryRead(request, out var body, out var refusal))
            return refusal;
        if (body["permissions"] is not JsonArray { Count: > 0 } array
            || array.Select(Text).ToList() is not { } permissions || permissions.Any(string.IsNullOrWhiteSpace))
            return Wrong("permissions", "It must have at least one permission.");

        // The emulator doesn't know all names, so the administrator can grant any. The status 403 for other callers is reconstructed.
        if (caller != _own && !_sessions.Contains(caller)
            && permissions.FirstOrDefault(permission => !ExtremeCloudIQPermissions.Has(caller, permission!)) is { } missing)
            return Error(403, "EMULATED_FORBIDDEN", $"The caller doesn't have the permission {missing} and can't give it.");

        var now = Now;
        DateTimeOffset? expiry = null;
        if (body["expire_time"] is { } node)
        {
            if (node.GetValueKind() != JsonValueKind.Number || !node.AsValue().TryGetValue(out long seconds)
                || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
                return Wrong("expire_time", "It must be a number of seconds since 1970.");
            if (seconds < now.ToUnixTimeSeconds() + (long)ShortestLife.TotalSeconds)
                return Wrong("expire_time", $"It must be at least {ShortestLife.TotalSeconds} seconds from now.");
            expiry = DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        if (WrongRateLimit(body) is { } wrong)
            return wrong;
        var token = Add(new EmulatedToken { Scopes = permissions!, Description = Text(body, "description"), OwnerId = caller.OwnerId,
            OwnerName = caller.OwnerName, Roles = caller.Roles, ExpiresAt = expiry });
        var response = new JsonObject
        {
            ["access_token"] = token.Secret!.Reveal(),
            ["create_time"] = Written(token.CreatedAt!.Value),
            ["expire_time"] = token.ExpiresAt is { } end ? Written(end) : null,
            ["creator_id"] = OwnerNumber(token),
            ["customer_id"] = CustomerId,
            ["permissions"] = EmulatorJson.Texts(token.Scopes),
            ["description"] = token.Description,
        };

        // For a token that never expires, the documents describe a null, but declare no member as nullable. The vendor's own SDK, which is
        // generated from the server's document, refuses a null. No real response is known.
        if (token.ExpiresAt is null && !IsDocumented)
            response.Remove("expire_time");
        if (token.Description is null)
            response.Remove("description");
        return VendorResponse.Json(200, response);
    }

    private JsonObject Info(EmulatedToken token)
    {
        // For a Platform ONE key, the observed response describes the session that the call itself creates.
        var now = Now;
        var isKey = IsPlatformOneKey(token) && !IsDocumented;
        var issued = isKey ? now : token.CreatedAt!.Value;
        var expires = isKey ? now.AddDays(7) : token.ExpiresAt;
        var info = new JsonObject
        {
            ["user_name"] = token.OwnerName,
            ["user_id"] = OwnerNumber(token),
            ["role"] = token.Roles[0],
            ["owner_id"] = CustomerId,
            ["data_center"] = "US-EAST",
            ["scopes"] = EmulatorJson.Texts(token.Scopes),
            ["issued_at"] = Written(issued),
        };

        // It isn't known what this is for a token that never expires.
        if (expires is { } end)
        {
            info["expiration_time"] = Written(end);
            info["expires_in"] = (long)(end - issued).TotalSeconds;
        }

        return info;
    }

    // The documents declare a string but don't say what it contains.
    private VendorResponse ListPermissions(EmulatedToken caller)
    {
        var names = ExtremeCloudIQPermissions.Names.Where(permission => ExtremeCloudIQPermissions.Has(caller, permission)).ToList();
        return VendorResponse.Json(200, IsDocumented
            ? JsonValue.Create(string.Join(',', names)) : new JsonArray([.. names.Select(ExtremeCloudIQPermissions.Record)]));
    }

    private VendorResponse CheckPermissions(ReceivedRequest request)
    {
        if (!TryRead(request, out var body, out var refusal))
            return refusal;
        if (Text(body, "uri") is not { } uri)
            return Wrong("uri", "It is missing.");
        if (Text(body, "method") is not { } method)
            return Wrong("method", "It is missing.");
        var (permissions, roles) = ExtremeCloudIQPermissions.RequiredFor(method, uri);
        return VendorResponse.Json(200, new JsonObject
        {
            ["permissions"] = new JsonArray([.. permissions.Select(ExtremeCloudIQPermissions.Record)]),
            ["roles"] = EmulatorJson.Texts(roles),
        });
    }

    // The secret has the form of a JWT, with the claims of the vendor's samples, but no valid signature.
    private TokenSecret NewSecret(EmulatedToken token)
    {
        var claims = new JsonObject
        {
            ["sub"] = token.OwnerName,
            ["user_id"] = OwnerNumber(token),
            ["role"] = token.Roles[0],
            ["customer_id"] = CustomerId,
            ["iss"] = "api.extremecloudiq.com",
            ["iat"] = token.CreatedAt!.Value.ToUnixTimeSeconds(),
        };
        if (token.ExpiresAt is { } end)
            claims["exp"] = end.ToUnixTimeSeconds();
        return new TokenSecret(string.Create(
            CultureInfo.InvariantCulture,
            $"{WebEncoders.Base64UrlEncode("""{"alg":"HS256"}"""u8)}.{WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(
                claims))}.emulated-signature-{++_tokenCount:0000}"));
    }

    private static bool IsPlatformOneKey(EmulatedToken token)
        => token.Secret!.Reveal().StartsWith(PlatformOneKeyPrefix, StringComparison.Ordinal);

    internal bool TryRead(
        ReceivedRequest request, [NotNullWhen(true)] out JsonObject? body, [NotNullWhen(false)] out VendorResponse? refusal)
    {
        (body, refusal) = (null, null);
        if (request.Header("Content-Type")?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            refusal = Error(415, "EMULATED_MEDIA_TYPE", "The body must be application/json.");
            return false;
        }

        body = EmulatorJson.Object(request);
        if (body is null)
            refusal = Error(400, "EMULATED_BAD_REQUEST", "The body must be a JSON object.");
        return body is not null;
    }

    internal static string? Text(JsonObject body, string name) => Text(body[name]);

    // Numbers are accepted as strings, as the vendor's JSON library does.
    private static string? Text(JsonNode? node)
        => node?.GetValueKind() is JsonValueKind.String or JsonValueKind.Number ? node.ToString() : null;

    private VendorResponse? WrongRateLimit(JsonObject body)
        => body["rate_limit"] is { } limit
        && !(limit is JsonObject members && IsPositive(members["hour"]) && (members["second"] is null || IsPositive(members["second"])))
            ? Wrong("rate_limit", "It must allow at least 1 request per hour, and per second where it names one.")
            : null;

    private static bool IsPositive(JsonNode? node) => node is JsonValue value && value.TryGetValue(out long number) && number >= 1;

    internal VendorResponse Wrong(string field, string message) => Error(400, "EMULATED_BAD_REQUEST", message, field);

    // Only the real error for a revoked token is known. The codes of the others show that they come from the emulator.
    internal VendorResponse Error(int status, string code, string? message, string? field = null)
    {
        var error = new JsonObject { ["error_code"] = code, ["error_id"] = (++_errorCount).ToString("x32", CultureInfo.InvariantCulture) };

        // The document that the server generates, and so the vendor's own SDK, requires the description. The published document has it as
        // optional. The observed error of a revoked token has neither text.
        if (message is not null)
            (error["error_message"], error["error_message_description"]) = (message, message);
        if (field is not null)
            error["error_params"] = new JsonObject { ["field"] = field };
        return VendorResponse.Json(status, error);
    }

    // The live service writes no colon in the offset.
    internal string Written(DateTimeOffset time)
        => time.UtcDateTime.ToString(
            IsDocumented ? "yyyy-MM-dd'T'HH:mm:ss.fff'+00:00'" : "yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);
}
