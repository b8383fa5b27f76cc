using Microsoft.AspNetCore.WebUtilities;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// ExtremeCloud IQ: sign-in and sign-out, API tokens, permissions, and the legacy tokens of <c>/acct-api-token</c>. No document of the
/// vendor has example data for them, and of few bodies a real one is known; the values are made up.
/// </summary>
/// <remarks>
/// <see cref="VendorEmulator.Tokens"/> are the API tokens of <c>/auth/apitoken</c>; sessions and legacy tokens are kept apart. A token
/// needs the permission that the vendor's list names for what it is used for: <c>auth:r</c> to be read, <c>logout</c> to be revoked,
/// <c>token:new</c> to issue others.
/// </remarks>
public sealed class ExtremeCloudIQEmulator : VendorEmulator
{
    private const string UserId = "1";
    private const long CustomerId = 42;
    private const string PlatformOneKeyPrefix = "extr_sk_";
    private static readonly TimeSpan SessionLifetime = TimeSpan.FromSeconds(86400);
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan QuotaWindow = TimeSpan.FromHours(1);
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Some of the more than a hundred names of the vendor's list.
    private static readonly string[] Permissions =
    [
        "account", "account:r", "account:switch", "alert", "alert:r", "auth", "auth:r", "client", "client:r", "device", "device:list",
            "device:r", "device:view", "enduser", "enduser:r",
        "licenses", "licenses:r", "locations", "locations:r", "log", "log:r", "logout", "lro", "lro:r", "network-policy",
            "network-policy:r", "perm:check", "ssid", "ssid:r", "token:new",
        "user", "user-me:r", "user:r", "usergroup", "usergroup:r",
    ];

    // What the vendor's list says of its own operations; for other requests the emulator knows nothing.
    private static readonly (string Method, string Path, string[] Permissions, string[] Roles)[] Requirements =
    [
        ("POST", "/login", [], []),
        ("POST", "/logout", ["logout"], ["OPERATOR", "HELP_DESK", "MONITOR", "ADMINISTRATOR", "INSTALLER", "OBSERVER", "GUEST_MANAGEMENT"]),
        ("POST", "/auth/apitoken", ["token:new", "auth"], ["OPERATOR", "ADMINISTRATOR", "MONITOR", "INSTALLER"]),
        ("GET", "/auth/apitoken/info", ["auth", "auth:r"], ["OPERATOR", "ADMINISTRATOR", "MONITOR", "OBSERVER"]),
        ("POST", "/auth/apitoken/:validate", ["auth"], ["OPERATOR", "ADMINISTRATOR"]),
        ("GET", "/auth/permissions", ["auth", "auth:r"], ["OPERATOR", "ADMINISTRATOR", "MONITOR", "OBSERVER"]),
        ("POST", "/auth/permissions/:check", ["perm:check", "auth"], ["OPERATOR", "ADMINISTRATOR"]),
    ];

    // The connection's own token, which has no end and is no part of the list that a test fills and clears.
    private readonly EmulatedToken _own;
    private readonly List<EmulatedToken> _sessions = [];
    private readonly List<LegacyToken> _legacyTokens = [];
    private readonly Queue<DateTimeOffset> _calls = new();
    private int _tokenCount;
    private int _errorCount;
    private long _lastLegacyId = 1000;

    /// <summary>Starts the emulator, with a token that lives for a week from now, one that was revoked, and a legacy one.</summary>
    /// <param name="options">How it is to run; null for a free port, the system's clock, and the live service's behaviour.</param>
    public ExtremeCloudIQEmulator(EmulatorOptions? options = null)
        : base("ExtremeCloudIQ", options)
    {
        var now = Clock.GetUtcNow();
        _own = new EmulatedToken { Secret = ApiToken, CreatedAt = now, Scopes = ["account", "auth", "device", "logout"] };
        Complete(_own);
        Add(new EmulatedToken { Scopes = ["auth:r", "device:list", "logout"], Description = "Reads the list of devices", CreatedAt = now,
            ExpiresAt = now.AddDays(7) });
        Add(new EmulatedToken
            { Secret = RevokedToken, Scopes = ["auth:r"], CreatedAt = now.AddDays(-1), ExpiresAt = now.AddDays(6), IsRevoked = true });
        _legacyTokens.Add(NewLegacyToken("example-client", days: 30));

        Anonymous("POST", "/login", Login);
        Authenticated("POST", "/logout", (_, caller) => Logout(caller), "logout");
        Authenticated("POST", "/auth/apitoken", Generate, "token:new", "auth");
        Authenticated("GET", "/auth/apitoken/info", (_, caller) => Response(200, WithExtra(caller, Info(caller))), "auth", "auth:r");
        Anonymous("POST", "/auth/apitoken/:validate", request => VendorResponse.Empty(IsActive(Find(request.Body)) ? 200 : 401));
        Authenticated("GET", "/auth/permissions", (_, caller) => ListPermissions(caller), "auth", "auth:r");
        Authenticated("POST", "/auth/permissions/:check", (request, _) => CheckPermissions(request), "perm:check", "auth");

        // The vendor's list of permissions says of these that none is set.
        Authenticated("GET", "/acct-api-token", (request, _) => ListLegacy(request));
        Authenticated("POST", "/acct-api-token", (request, _) => CreateLegacy(request));
        Authenticated("PATCH", "/acct-api-token/*", (request, _) => UpdateLegacy(request));
        Authenticated("DELETE", "/acct-api-token/*", (request, _) => DeleteLegacy(request));
        if (IsDocumented)
            Authenticated("DELETE", "/acct-api-token_:delete", (request, _) => DeleteLegacy(request));
    }

    /// <summary>
    /// The API token of <see cref="ConnectionSettings"/>: the administrator's, without an end, and not among
    /// <see cref="VendorEmulator.Tokens"/>. It works until it is signed out.
    /// </summary>
    public static TokenSecret ApiToken { get; } = new("emulated.extremecloudiq.api-token");

    /// <summary>An API token that was revoked.</summary>
    public static TokenSecret RevokedToken { get; } = new("emulated.extremecloudiq.revoked-token");

    /// <summary>The user who may sign in, an administrator, whom all tokens belong to.</summary>
    public static string Username => "api@example.net";

    /// <summary>The user's password.</summary>
    public static TokenSecret Password { get; } = new("emulated-extremecloudiq-password");

    /// <summary>How many requests the account has within an hour; after that, HTTP 429 is the response.</summary>
    public int RequestsPerHour { get; set; } = 7500;

    /// <inheritdoc />
    public override string ConnectionName => "network";

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> ConnectionSettings => new Dictionary<string, string>
    {
        ["BaseAddress"] = BaseAddress.ToString(),
        ["ApiToken"] = ApiToken.Reveal(),
    };

    private bool IsDocumented => Behaviour == EmulatorBehaviour.Documented;

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

        // Seen with the legacy tokens, which are opaque. The words are the vendor's, the body around them is reconstructed.
        if (value is not null && value.Count('.') != 2 && !value.StartsWith(PlatformOneKeyPrefix, StringComparison.Ordinal))
            return Error(401, "EMULATED_TOKEN_REFUSED", $"JWT strings must contain exactly 2 period characters. Found: {value.Count('.')}");

        // Seen of the gateway in front of the API, which doesn't tell wrong and expired ones apart. What the documents would have is
        // reconstructed.
        return IsDocumented
            ? Error(401, "EMULATED_TOKEN_REFUSED", "The access token is invalid or expired.")
            : VendorResponse.Json(
                401, """{"code":"UNAUTHORIZED","message":"Authentication failed","details":"Invalid access token or API key"}""");
    }

    private static string? Bearer(ReceivedRequest request)
        => request.Header("Authorization")?.Split(' ', 2) is [var scheme, var value]
            && scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? value : null;

    // A permission without a verb stands for all of its category.
    private static bool Has(EmulatedToken token, string permission)
        => token.Scopes.Contains(permission) || token.Scopes.Contains(permission.Split(':')[0]);

    // Ids are numbers here; one that isn't is shown as null.
    private static long? OwnerNumber(EmulatedToken token)
        => long.TryParse(token.OwnerId, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static VendorResponse Response(int status, JsonNode body) => VendorResponse.Json(status, body.ToJsonString(Plain));

    private static JsonObject PermissionRecord(string name) => new()
    {
        ["name"] = name,
        ["description"] = $"Allows {name}",
        ["category"] = name.Split(':')[0],
    };

    private void Authenticated(
        string method, string path, Func<ReceivedRequest, EmulatedToken, VendorResponse> response, params string[] permissions)
        => Anonymous(method, path, request =>
        {
            if (Refuse(request) is { } refusal)
                return refusal;
            var caller = Find(Bearer(request))!;
            return permissions.Length == 0 || permissions.Any(permission => Has(caller, permission))
                ? response(request, caller)
                : Error(403, "EMULATED_FORBIDDEN", $"The token has none of these permissions: {string.Join(", ", permissions)}.");
        });

    // The RateLimit headers come with every response. Neither the body of a 429 nor a Retry-After is known.
    private void Anonymous(string method, string path, Func<ReceivedRequest, VendorResponse> response)
        => OnAnonymous(method, path, request =>
        {
            var now = Clock.GetUtcNow();
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

    private bool IsActive([NotNullWhen(true)] EmulatedToken? token) => token?.IsActive(Clock.GetUtcNow()) == true;

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
        var now = Clock.GetUtcNow();
        var session = new EmulatedToken { CreatedAt = now, ExpiresAt = now + SessionLifetime, Scopes = Permissions };
        Complete(session);
        _sessions.Add(session);
        return Response(200, new JsonObject
        {
            ["access_token"] = session.Secret!.Reveal(),
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)SessionLifetime.TotalSeconds,
        });
    }

    // What signing out does to a Platform ONE key isn't established; here it ends the session that the call itself made, and not the key.
    private static VendorResponse Logout(EmulatedToken caller)
    {
        caller.IsRevoked = !IsPlatformOneKey(caller);
        return VendorResponse.Empty(200);
    }

    private VendorResponse Generate(ReceivedRequest request, EmulatedToken caller)
    {
        if (!TryRead(request, out var body, out var refusal))
            return refusal;
        if (body["permissions"] is not JsonArray { Count: > 0 } array
            || array.Select(Text).ToList() is not { } permissions || permissions.Any(string.IsNullOrWhiteSpace))
            return Wrong("permissions", "It must have at least one permission.");

        // The emulator doesn't know all names, so the administrator may give any. That another one's refusal is 403 is reconstructed.
        if (caller != _own && !_sessions.Contains(caller)
            && permissions.FirstOrDefault(permission => !Has(caller, permission!)) is { } missing)
            return Error(403, "EMULATED_FORBIDDEN", $"The caller doesn't have the permission {missing} and can't give it.");

        var now = Clock.GetUtcNow();
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
        return Response(200, new JsonObject
        {
            ["access_token"] = token.Secret!.Reveal(),
            ["create_time"] = Written(token.CreatedAt!.Value),

            // Null or absent for a token without an end: not established.
            ["expire_time"] = token.ExpiresAt is { } end ? Written(end) : null,
            ["creator_id"] = OwnerNumber(token),
            ["customer_id"] = CustomerId,
            ["permissions"] = Array(token.Scopes),
            ["description"] = token.Description,
        });
    }

    private JsonObject Info(EmulatedToken token)
    {
        // For a Platform ONE key, the session that the call itself makes was seen.
        var now = Clock.GetUtcNow();
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
            ["scopes"] = Array(token.Scopes),
            ["issued_at"] = Written(issued),
        };

        // Nothing is known of what stands here for a token without an end.
        if (expires is { } end)
        {
            info["expiration_time"] = Written(end);
            info["expires_in"] = (long)(end - issued).TotalSeconds;
        }

        return info;
    }

    // The documents declare a string and don't say what is in it.
    private VendorResponse ListPermissions(EmulatedToken caller)
    {
        var names = Permissions.Where(permission => Has(caller, permission)).ToList();
        return Response(200, IsDocumented ? JsonValue.Create(string.Join(',', names)) : new JsonArray([.. names.Select(PermissionRecord)]));
    }

    private VendorResponse CheckPermissions(ReceivedRequest request)
    {
        if (!TryRead(request, out var body, out var refusal))
            return refusal;
        if (Text(body, "uri") is not { } uri)
            return Wrong("uri", "It is missing.");
        if (Text(body, "method") is not { } method)
            return Wrong("method", "It is missing.");
        var path = (Uri.TryCreate(uri, UriKind.Absolute, out var absolute) && !absolute.IsFile ? absolute.AbsolutePath : uri).Split('?')[0];
        var found = Requirements.FirstOrDefault(
            requirement => requirement.Path == path && requirement.Method.Equals(method, StringComparison.OrdinalIgnoreCase));
        return Response(200, new JsonObject
        {
            ["permissions"] = new JsonArray([.. (found.Permissions ?? []).Select(PermissionRecord)]),
            ["roles"] = Array(found.Roles ?? []),
        });
    }

    // Which members the keyword is compared with isn't documented. An unknown name in the query is left alone, as elsewhere in the API.
    private VendorResponse ListLegacy(ReceivedRequest request)
    {
        if (!TryNumber(request, "page", 1, int.MaxValue, otherwise: 1, out var page))
            return Wrong("page", "It must be at least 1.");
        if (!TryNumber(request, "limit", 1, 100, otherwise: 10, out var limit))
            return Wrong("limit", "It must be from 1 to 100.");
        var found = _legacyTokens.AsEnumerable();
        if (request.Query(IsDocumented ? "searchString" : "keyword") is { Length: > 0 } keyword)
            found = found.Where(token => new[] { token.Grantor, token.Application, token.ClientId }
                .Any(text => text.Contains(keyword, StringComparison.OrdinalIgnoreCase)));
        found = request.Query("sortField") switch
        {
            "GRANTOR" => found.OrderBy(token => token.Grantor, StringComparer.Ordinal),
            "EXPIRATION" => found.OrderBy(token => token.ExpiresAt),
            "GENERATEDON" => found.OrderBy(token => token.CreatedAt),
            _ => found,
        };
        if (!IsDocumented && request.Query("order") == "DESC")
            found = found.Reverse();

        var all = found.ToList();
        var data = all.Skip((int)Math.Min((page - 1L) * limit, int.MaxValue)).Take(limit).Select(LegacyRecord).ToArray();
        return Response(200, new JsonObject
        {
            ["page"] = page,
            ["count"] = data.Length,
            ["total_pages"] = (all.Count + limit - 1) / limit,
            ["total_count"] = all.Count,
            ["data"] = new JsonArray([.. data]),
        });
    }

    // Published: in a JSON body. The server's own document, and the vendor's samples: in the query.
    private VendorResponse CreateLegacy(ReceivedRequest request)
    {
        var (client, days) = (request.Query("clientId"), request.Query("tokenExpireInDay"));
        if (IsDocumented)
        {
            if (!TryRead(request, out var body, out var refusal))
                return refusal;
            (client, days) = (Text(body, "clientId"), Text(body, "tokenExpireInDay"));
        }

        if (string.IsNullOrWhiteSpace(client))
            return Wrong("clientId", "It is missing.");
        if (!TryDays(days, out var lifetime))
            return Wrong("tokenExpireInDay", "It must be a number of days.");
        var token = NewLegacyToken(client, lifetime);
        _legacyTokens.Add(token);
        return Response(201, new JsonObject
        {
            ["owner_id"] = CustomerId,
            ["vhm_id"] = "VHM-EMULATED",
            ["vpc_url"] = "https://vpc.example.net",
            ["access_token"] = token.AccessToken,
            ["expiration"] = token.ExpiresAt.ToUnixTimeMilliseconds(),
            ["refresh_token"] = token.RefreshToken,
        });
    }

    private VendorResponse UpdateLegacy(ReceivedRequest request)
    {
        if (!TryRead(request, out var body, out var refusal))
            return refusal;
        var member = IsDocumented ? "tokenExpireInDay" : "token_expire_in_day";
        if (!TryDays(Text(body, member), out var days))
            return Wrong(member, "It must be a number of days.");
        if (LegacyTokens(request.Path[(request.Path.LastIndexOf('/') + 1)..]) is not [var token])
            return NotFound();

        // From when the days count isn't documented.
        token.UpdatedAt = Clock.GetUtcNow();
        token.ExpiresAt = token.CreatedAt.AddDays(days);
        return Response(IsDocumented ? 201 : 200, LegacyRecord(token));
    }

    // What unknown ids give is reconstructed: nothing is deleted then.
    private VendorResponse DeleteLegacy(ReceivedRequest request)
    {
        string[] ids = [request.Path[(request.Path.LastIndexOf('/') + 1)..]];
        if (request.Path.EndsWith(":delete", StringComparison.Ordinal))
        {
            ids = [.. request.PathAndQuery.Split('?', 2).Skip(1).SelectMany(query => query.Split('&'))
                .Select(pair => pair.Split('=', 2)).Where(pair => pair is ["ids", _])
                .SelectMany(pair => WebUtility.UrlDecode(pair[1]).Split(',')).Distinct()];
            if (ids.Length == 0)
                return Wrong("ids", "It is missing.");
        }

        var tokens = LegacyTokens(ids);
        if (tokens.Count < ids.Length)
            return NotFound();
        foreach (var token in tokens)
            _legacyTokens.Remove(token);
        return VendorResponse.Empty(200);
    }

    private List<LegacyToken> LegacyTokens(params string[] ids)
        => [.. _legacyTokens.Where(token => ids.Contains(token.Id.ToString(CultureInfo.InvariantCulture)))];

    private LegacyToken NewLegacyToken(string clientId, int days)
    {
        var now = Clock.GetUtcNow();
        var id = ++_lastLegacyId;
        return new LegacyToken
        {
            Id = id,
            AccessToken = $"emulated-access-token-{id}",
            RefreshToken = $"emulated-refresh-token-{id}",
            Grantor = Username,
            Application = "Example application",
            ClientId = clientId,
            CreatedAt = now,
            UpdatedAt = now,
            ExpiresAt = now.AddDays(days),
        };
    }

    // Names as published, and as the server has them. The unit of the expiry isn't documented.
    private JsonObject LegacyRecord(LegacyToken token)
    {
        var record = new JsonObject
        {
            ["id"] = token.Id,
            ["create_time"] = Written(token.CreatedAt),
            ["update_time"] = Written(token.UpdatedAt),
            [IsDocumented ? "accessToken" : "access_token"] = token.AccessToken,
            [IsDocumented ? "expireAt" : "expiration"] = token.ExpiresAt.ToUnixTimeMilliseconds(),
            [IsDocumented ? "refreshToken" : "refresh_token"] = token.RefreshToken,
            ["grantor"] = token.Grantor,
            [IsDocumented ? "applicationName" : "application"] = token.Application,
            [IsDocumented ? "clientId" : "client_id"] = token.ClientId,
        };
        if (!IsDocumented)
            record["generated_on"] = Written(token.CreatedAt);
        return record;
    }

    // A JWT in form, with the claims of the vendor's samples; its signature is none.
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

    private bool TryRead(
        ReceivedRequest request, [NotNullWhen(true)] out JsonObject? body, [NotNullWhen(false)] out VendorResponse? refusal)
    {
        (body, refusal) = (null, null);
        if (request.Header("Content-Type")?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            refusal = Error(415, "EMULATED_MEDIA_TYPE", "The body must be application/json.");
            return false;
        }

        try
        {
            body = JsonNode.Parse(request.Body) as JsonObject;
        }
        catch (JsonException)
        {
            // It stays null.
        }

        if (body is null)
            refusal = Error(400, "EMULATED_BAD_REQUEST", "The body must be a JSON object.");
        return body is not null;
    }

    private static string? Text(JsonObject body, string name) => Text(body[name]);

    // Numbers are taken for texts, as the vendor's JSON library does.
    private static string? Text(JsonNode? node)
        => node?.GetValueKind() is JsonValueKind.String or JsonValueKind.Number ? node.ToString() : null;

    private static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private VendorResponse? WrongRateLimit(JsonObject body)
        => body["rate_limit"] is { } limit
        && !(limit is JsonObject members && IsPositive(members["hour"]) && (members["second"] is null || IsPositive(members["second"])))
            ? Wrong("rate_limit", "It must allow at least 1 request per hour, and per second where it names one.")
            : null;

    private static bool IsPositive(JsonNode? node) => node is JsonValue value && value.TryGetValue(out long number) && number >= 1;

    private static bool TryDays(string? text, out int days)
        => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out days) && days is > 0 and < 100_000;

    private static bool TryNumber(ReceivedRequest request, string name, int smallest, int largest, int otherwise, out int number)
    {
        number = otherwise;
        return request.Query(name) is not { } text
            || (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out number)
                && number >= smallest && number <= largest);
    }

    private VendorResponse NotFound() => Error(404, "EMULATED_NOT_FOUND", "There is no such legacy token.");

    private VendorResponse Wrong(string field, string message) => Error(400, "EMULATED_BAD_REQUEST", message, field);

    // Of real errors, only the revoked token's is known; the codes of the others say that they are the emulator's.
    private VendorResponse Error(int status, string code, string? message, string? field = null)
    {
        var error = new JsonObject { ["error_code"] = code, ["error_id"] = (++_errorCount).ToString("x32", CultureInfo.InvariantCulture) };
        if (message is not null)
            error["error_message"] = message;
        if (message is not null && IsDocumented)
            error["error_message_description"] = message;
        if (field is not null)
            error["error_params"] = new JsonObject { ["field"] = field };
        return Response(status, error);
    }

    // Live, the vendor writes no colon in the offset.
    private string Written(DateTimeOffset time)
        => time.UtcDateTime.ToString(
            IsDocumented ? "yyyy-MM-dd'T'HH:mm:ss.fff'+00:00'" : "yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);

    private sealed class LegacyToken
    {
        public required long Id { get; init; }

        public required string AccessToken { get; init; }

        public required string RefreshToken { get; init; }

        public required string Grantor { get; init; }

        public required string Application { get; init; }

        public required string ClientId { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public required DateTimeOffset UpdatedAt { get; set; }

        public required DateTimeOffset ExpiresAt { get; set; }
    }
}
