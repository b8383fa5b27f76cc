using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// XSKY XMS: the access tokens of a cluster, and the sessions that a login gives. Starts with the token of the vendor's documents and one
/// like a live one, which is the one that connections work with.
/// </summary>
/// <remarks>
/// The vendor's documents give paths, models and statuses; when a status is given, and how errors look, is reconstructed throughout. By
/// default it does as live systems were seen to do, also where that was seen of their other collections: it tells a list's total, takes -1
/// as a limit, takes a collection without the slash, serves the web console's <c>/api/v1</c> too, where a cookie authenticates as well, and
/// sends null for absent lists and empty text for absent text.
/// </remarks>
public sealed class XmsEmulator : VendorEmulator
{
    private const string OwnUserId = "3";
    private const string Collection = "/access-tokens";
    private static readonly TimeSpan SessionLife = TimeSpan.FromHours(1);

    private readonly Dictionary<string, DateTimeOffset> _sessions = new(StringComparer.Ordinal);
    private readonly EmulatedToken _own;
    private long _largestGivenId;
    private int _lastSecret;

    /// <summary>Starts the emulator.</summary>
    /// <param name="options">How it is to run; null for a free port, the system's clock, and the live service's behaviour.</param>
    public XmsEmulator(EmulatorOptions? options = null)
        : base("Xms", options)
    {
        Add(new()
        {
            Id = "0",
            Name = "name",
            Description = "description",
            Roles = ["roles", "roles"],
            OwnerId = "6",
            OwnerName = "name",
            CreatedAt = new(2000, 1, 23, 4, 56, 7, TimeSpan.Zero),
            Extra = new() { ["used"] = true },
        });
        _own = Add(new()
        {
            Id = AccessTokenId,
            Secret = AccessToken,
            Name = "zabbix",
            Roles = ["admin"],
            CreatedAt = new DateTimeOffset(2020, 12, 30, 2, 33, 12, TimeSpan.Zero).AddTicks(6750986),
        });

        Serve("/v1");
        if (IsLive)
            Serve("/api/v1");
    }

    /// <summary>Gets the id of the access token that <see cref="VendorEmulator.ConnectionSettings"/> name.</summary>
    public static string AccessTokenId => "7";

    /// <summary>
    /// Gets its secret, until it is regenerated. The token works until it is deleted through the API: <see cref="VendorEmulator.Clear"/>
    /// and <see cref="VendorEmulator.Remove"/> take it off the list and do no more to it.
    /// </summary>
    public static TokenSecret AccessToken { get; } = new("0123456789abcdef0123456789abcdef");

    /// <summary>Gets the user who can log in, and whom that token belongs to.</summary>
    public static string Username => "admin";

    /// <summary>Gets the password of that user.</summary>
    public static TokenSecret Password { get; } = new("emulated-xms-password");

    /// <inheritdoc />
    public override string ConnectionName => "storage";

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> ConnectionSettings => new Dictionary<string, string>
    {
        ["BaseAddress"] = new Uri(BaseAddress, "v1/").ToString(),
        ["AccessToken"] = _own.Secret!.Reveal(),
    };

    private bool IsLive => Behaviour == EmulatorBehaviour.Live;

    /// <inheritdoc />
    public override void AddSampleTokens()
    {
        var now = Clock.GetUtcNow();
        Add(new() { Name = "backup", Roles = ["admin"], CreatedAt = now.AddDays(-1200) });
        Add(new() { Name = "backup old", Roles = ["admin"], CreatedAt = now.AddDays(-2100) });
    }

    /// <inheritdoc />
    protected override void Complete(EmulatedToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (long.TryParse(token.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            _largestGivenId = Math.Max(_largestGivenId, id);
        token.Id ??= NextId();
        token.Secret ??= NewSecret();
        token.OwnerId ??= OwnUserId;
        token.OwnerName ??= token.OwnerId == OwnUserId
            ? Username : Tokens.FirstOrDefault(other => other.OwnerId == token.OwnerId)?.OwnerName;
        token.UpdatedAt ??= token.CreatedAt;
    }

    // Whether a live server refuses with 401 or 403 here isn't known, nor is the body; the documents have 401 for the session calls.
    /// <inheritdoc />
    protected override VendorResponse? Refuse(ReceivedRequest request) => Caller(request) is null ? VendorResponse.Empty(401) : null;

    private void Serve(string root)
    {
        OnAnonymous("POST", $"{root}/auth/tokens:login", Login);
        OnAuthenticated("POST", $"{root}/auth/tokens:logout", Logout);
        OnAuthenticated("POST", $"{root}{Collection}:validate", Validate);
        OnAuthenticated(
            "GET", $"{root}{Collection}/*", request => Rest(request).Length == 0 ? List(request) : OfToken(request, Rest(request), Get));
        OnAuthenticated("POST", $"{root}{Collection}/*", Post);
        OnAuthenticated("PATCH", $"{root}{Collection}/*", request => OfToken(request, Rest(request), Update));
        OnAuthenticated("DELETE", $"{root}{Collection}/*", request => OfToken(request, Rest(request), Delete));
        if (!IsLive)
            return;
        OnAuthenticated("GET", root + Collection, List);
        OnAuthenticated("POST", root + Collection, Create);
    }

    // The owner of what the request authenticates with.
    private string? Caller(ReceivedRequest request)
    {
        var credential = Credential(request);
        return credential is not null && _sessions.TryGetValue(credential, out var end)
            && Clock.GetUtcNow() < end ? OwnUserId : BySecret(credential)?.OwnerId;
    }

    // The documents have the header and the parameter as alternatives; which goes first isn't known.
    private static string? Credential(ReceivedRequest request)
        => request.Header("Xms-Auth-Token")
        ?? request.Query("token")
        ?? (request.Path.StartsWith("/api/", StringComparison.Ordinal) ? Cookie(request, "XMS_AUTH_TOKEN") : null);

    private static string? Cookie(ReceivedRequest request, string name)
        => request.Header("Cookie")?.Split(';', StringSplitOptions.TrimEntries)
            .Where(cookie => cookie.StartsWith($"{name}=", StringComparison.Ordinal))
            .Select(cookie => cookie[(name.Length + 1)..])
            .FirstOrDefault();

    // A captured response, with times of the emulator's clock in the form that the server had them in. Which wrong login gets which of the
    // documented 400 and 401 isn't known.
    private VendorResponse Login(ReceivedRequest request)
    {
        if (EmulatorJson.Object(request)?["auth"] is not JsonObject auth
            || EmulatorJson.Text(auth["name"]) is not { } name || EmulatorJson.Text(auth["password"]) is not { } password)
            return VendorResponse.Empty(400);
        if (name is not ("admin" or "admin@example.com") || password != Password.Reveal())
            return VendorResponse.Empty(401);
        var now = Clock.GetUtcNow();
        var session = $"5e55{_sessions.Count + 1:x28}";
        _sessions.Add(session, now + SessionLife);
        return VendorResponse.Json(201, $$$"""
            {"token":{"create":"{{{Nanoseconds(now)}}}","expires":"{{{Nanoseconds(now + SessionLife)}}}","roles":["admin"],
            "uuid":"{{{session}}}","valid":true,
             "user":{"create":"2020-05-28T03:40:52.284746Z","email":"admin@example.com","enabled":true,"external_id":"",
             "id":{{{OwnUserId}}},"identity_platform":null,
             "name":"{{{Username}}}","password_last_update":"2020-05-28T03:40:52.284749Z","roles":null}
            }}
            """);
    }

    // Of the session that authenticates the call. What an access token gets isn't known: 404 is documented here, and there is no session of
    // its.
    private VendorResponse Logout(ReceivedRequest request)
    {
        var session = Credential(request)!;
        if (!_sessions.ContainsKey(session))
            return VendorResponse.Empty(404);

        // Kept without a life, so that no later session has its name.
        _sessions[session] = DateTimeOffset.MinValue;
        return VendorResponse.Empty(204);
    }

    // Without a limit it gives all: no document has a default. Without "all" it gives the caller's own, which is how that parameter reads.
    private VendorResponse List(ReceivedRequest request)
    {
        var all = ListedTokens.Where(token => !token.IsRevoked);
        if (request.Query("all") is not { } shown || !bool.TryParse(shown, out var isAll) || !isAll)
            all = all.Where(token => token.OwnerId == Caller(request));
        if (request.Query("user_id") is { } user)
            all = all.Where(token => token.OwnerId == user);
        if (request.Query("role") is { } role)
            all = all.Where(token => token.Roles.Contains(role));

        var found = all.ToList();
        var limit = Number(request, "limit", -1);
        var offset = Number(request, "offset", 0);
        var most = (int)Math.Min(limit < 0 ? found.Count : limit, LargestPage ?? found.Count);
        var page = found.Skip((int)Math.Clamp(offset, 0, found.Count)).Take(most).ToList();
        var response = new JsonObject
            { ["access_tokens"] = IsLive && page.Count == 0 ? null : new JsonArray([.. page.Select(token => Record(token))]) };
        if (IsLive)
            response["paging"] =
                new JsonObject { ["count"] = page.Count, ["limit"] = limit, ["offset"] = offset, ["total_count"] = found.Count };
        return VendorResponse.Json(200, response);
    }

    private VendorResponse Post(ReceivedRequest request)
    {
        const string Regeneration = ":regenerate";
        var rest = Rest(request);
        if (rest.Length == 0)
            return Create(request);
        return rest.EndsWith(Regeneration, StringComparison.Ordinal)
            ? OfToken(request, rest[..^Regeneration.Length], Regenerate) : VendorResponse.Empty(404);
    }

    // That 409 says that the name is taken is what it is likely to say.
    private VendorResponse Create(ReceivedRequest request)
    {
        if (EmulatorJson.Object(request)?["access_token"] is not JsonObject asked
            || EmulatorJson.Text(asked["name"]) is not { Length: > 0 } name || Texts(asked, "roles") is not { Count: > 0 } roles)
            return VendorResponse.Empty(400);
        if (Tokens.Any(token => !token.IsRevoked && token.Name == name))
            return VendorResponse.Empty(409);
        var created = Add(new()
            { Name = name, Description = EmulatorJson.Text(asked["description"]), Roles = roles, OwnerId = Caller(request) });
        return Response(201, Record(created, withSecret: true));
    }

    private VendorResponse Get(ReceivedRequest request, EmulatedToken token) => Response(200, Record(token));

    // The documents have no 409 here, so a name may be given that is taken. Other members are not looked at, as they can't be changed.
    private VendorResponse Update(ReceivedRequest request, EmulatedToken token)
    {
        if (EmulatorJson.Object(request)?["access_token"] is not JsonObject asked
            || EmulatorJson.Text(asked["name"]) is not { Length: > 0 } name)
            return VendorResponse.Empty(400);
        token.Name = name;
        token.UpdatedAt = Clock.GetUtcNow();
        return Response(200, Record(token));
    }

    // Whether the old secret ends at once isn't known; here it does. What the documented 409 says isn't known either: it is never given.
    private VendorResponse Regenerate(ReceivedRequest request, EmulatedToken token)
    {
        token.Secret = NewSecret();
        token.UpdatedAt = Clock.GetUtcNow();
        return Response(200, Record(token, withSecret: true));
    }

    private VendorResponse Delete(ReceivedRequest request, EmulatedToken token)
    {
        token.IsRevoked = true;
        Remove(token);
        return VendorResponse.Empty(204);
    }

    // Which of the documented 400 and 403 an unknown secret gets isn't known. A session's secret is none of an access token.
    private VendorResponse Validate(ReceivedRequest request)
        => BySecret(request.Query("subject_access_token")) is { } token
            ? Response(200, Record(token)) : VendorResponse.Empty(400);

    private VendorResponse OfToken(ReceivedRequest request, string id, Func<ReceivedRequest, EmulatedToken, VendorResponse> response)
        => Known.FirstOrDefault(token => token.Id == id) is { } found ? response(request, found) : VendorResponse.Empty(404);

    private EmulatedToken? BySecret(string? secret) => Known.FirstOrDefault(token => token.Secret!.Reveal() == secret);

    // XMS's tokens never expire and can't be deactivated. The connections' token is known when it isn't listed any more, too.
    private IEnumerable<EmulatedToken> Known => Tokens.Append(_own).Where(token => !token.IsRevoked);

    private string NextId()
    {
        long id;
        do
            id = NextNumber();
        while (id <= _largestGivenId);
        return id.ToString(CultureInfo.InvariantCulture);
    }

    private TokenSecret NewSecret() => new($"acce55{++_lastSecret:x26}");

    private static string Rest(ReceivedRequest request)
        => request.Path[(request.Path.IndexOf(Collection, StringComparison.Ordinal) + Collection.Length + 1)..];

    private static VendorResponse Response(int status, JsonObject record)
        => VendorResponse.Json(status, new JsonObject { ["access_token"] = record });

    private JsonObject Record(EmulatedToken token, bool withSecret = false)
    {
        var record = new JsonObject { ["id"] = Id(token.Id), ["name"] = token.Name ?? string.Empty };
        if (IsLive || token.Description is not null)
            record["description"] = token.Description ?? string.Empty;
        record["roles"] = IsLive && token.Roles.Count == 0 ? null : EmulatorJson.Texts(token.Roles);
        record["user"] = new JsonObject { ["id"] = Id(token.OwnerId), ["name"] = token.OwnerName ?? string.Empty };

        // What makes it true isn't known.
        record["used"] = false;
        record["create"] = IsLive ? Nanoseconds(token.CreatedAt!.Value) : Milliseconds(token.CreatedAt!.Value);
        record["update"] = IsLive ? EmulatorJson.Time(token.UpdatedAt, "ffffff") : Milliseconds(token.UpdatedAt!.Value);
        if (withSecret)
            record["uuid"] = token.Secret!.Reveal();
        return WithExtra(token, record);
    }

    private static JsonValue? Id(string? id)
        => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number) : JsonValue.Create(id);

    private static List<string>? Texts(JsonObject body, string name)
    {
        if (body[name] is not JsonArray array)
            return null;
        var texts = array.OfType<JsonValue>().Where(value => value.GetValueKind() == JsonValueKind.String)
            .Select(value => value.GetValue<string>()).ToList();
        return texts.Count == array.Count ? texts : null;
    }

    // What can't be read counts as not sent: the documents have no 400 for the list.
    private static long Number(ReceivedRequest request, string parameter, long otherwise)
        => long.TryParse(request.Query(parameter), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static string Nanoseconds(DateTimeOffset time)
        => time.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'36'zzz", CultureInfo.InvariantCulture);

    private static string Milliseconds(DateTimeOffset time)
        => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}
