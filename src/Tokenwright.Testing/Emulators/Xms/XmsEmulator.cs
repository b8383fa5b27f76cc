using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// Emulates XSKY XMS: the access tokens of a cluster, and the sessions that a login creates. It starts with the token in the vendor's
/// documents and one that resembles a live one, which connections use.
/// </summary>
/// <remarks>
/// The vendor's documents describe paths, models and statuses. When each status is returned, and the form of errors, is reconstructed. By
/// default, the emulator does what was observed in live systems, even if it was observed only for other collections. It reports a list's
/// total, accepts -1 as a limit, accepts a collection without the slash, and sends null for missing lists and an empty string for missing
/// text. It also serves the web console's <c>/api/v1</c>, where a cookie authenticates too.
/// </remarks>
public sealed class XmsEmulator : VendorEmulator
{
    internal const string OwnUserId = "3";
    private const string Collection = "/access-tokens";

    private readonly XmsSessions _sessions;
    private readonly EmulatedToken _own;
    private long _largestGivenId;
    private int _lastSecret;

    /// <summary>Initializes a new instance of the <see cref="XmsEmulator"/> class and starts it.</summary>
    /// <param name="options">The options; null for a free port, the system clock, and the live service's behavior.</param>
    public XmsEmulator(EmulatorOptions? options = null)
        : base("Xms", options)
    {
        ListsWithPaging = IsLive;
        _sessions = new(this);
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

    /// <summary>Gets the id of the access token in <see cref="VendorEmulator.ConnectionSettings"/>.</summary>
    public static string AccessTokenId => "7";

    /// <summary>
    /// Gets the secret of that token, until it is regenerated. The token works until it is deleted through the API.
    /// <see cref="VendorEmulator.Clear"/> and <see cref="VendorEmulator.Remove"/> only remove it from the list.
    /// </summary>
    public static TokenSecret AccessToken { get; } = new("0123456789abcdef0123456789abcdef");

    /// <summary>Gets the name of the user who can log in and owns that token.</summary>
    public static string Username => "admin";

    /// <summary>Gets the password of that user.</summary>
    public static TokenSecret Password { get; } = new("emulated-xms-password");

    /// <summary>
    /// Gets or sets whether a list has the member <c>paging</c> with its total. Lists of other collections have it in live systems, but it
    /// isn't documented, and generated clients expect none: the Go client of 6.4 refuses it in the list of access tokens. The default
    /// depends on <see cref="EmulatorOptions.Behaviour"/>: true for the live one.
    /// </summary>
    public bool ListsWithPaging { get; set; }

    /// <summary>
    /// Gets or sets the code that a login requires in addition to the password, as <c>verification_code</c>; null, the default, if it
    /// requires none. That there is such a member is documented from 6.4 on. When a login requires it, and how a login without it is
    /// refused, is reconstructed: 401, with a message.
    /// </summary>
    public string? VerificationCode { get; set; }

    /// <inheritdoc />
    public override string ConnectionName => "storage";

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> ConnectionSettings => new Dictionary<string, string>
    {
        ["BaseAddress"] = new Uri(BaseAddress, "v1/").ToString(),
        ["AccessToken"] = _own.Secret!.Reveal(),
    };

    internal DateTimeOffset Now => Clock.GetUtcNow();

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

    // It isn't known whether a live server refuses with 401 or 403 here, or with which body. The documents have 401 for the session calls.
    /// <inheritdoc />
    protected override VendorResponse? Refuse(ReceivedRequest request) => Caller(request) is null ? VendorResponse.Empty(401) : null;

    private void Serve(string root)
    {
        OnAnonymous("POST", $"{root}/auth/tokens:login", _sessions.Login);
        OnAuthenticated("POST", $"{root}/auth/tokens:logout", request => _sessions.Logout(Credential(request)!));
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

    // Gets the owner of the request's credential.
    private string? Caller(ReceivedRequest request)
        => Credential(request) is not { } credential ? null
        : _sessions.IsActive(credential) ? OwnUserId : BySecret(credential)?.OwnerId;

    // The documents describe the header and the parameter as alternatives. It isn't known which one takes precedence.
    private static string? Credential(ReceivedRequest request)
        => request.Header("Xms-Auth-Token")
        ?? request.Query("token")
        ?? (request.Path.StartsWith("/api/", StringComparison.Ordinal) ? Cookie(request, "XMS_AUTH_TOKEN") : null);

    private static string? Cookie(ReceivedRequest request, string name)
        => request.Header("Cookie")?.Split(';', StringSplitOptions.TrimEntries)
            .Where(cookie => cookie.StartsWith($"{name}=", StringComparison.Ordinal))
            .Select(cookie => cookie[(name.Length + 1)..])
            .FirstOrDefault();

    // Without a limit, all tokens are returned, because no document has a default. Without "all", only the caller's own are returned, as
    // the name of the parameter suggests.
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
        if (ListsWithPaging)
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

    // The meaning of 409 is assumed to be that the name is taken.
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

    // The documents have no 409 here, so a taken name is accepted. Other members are ignored, because they can't be changed.
    private VendorResponse Update(ReceivedRequest request, EmulatedToken token)
    {
        if (EmulatorJson.Object(request)?["access_token"] is not JsonObject asked
            || EmulatorJson.Text(asked["name"]) is not { Length: > 0 } name)
            return VendorResponse.Empty(400);
        token.Name = name;
        token.UpdatedAt = Clock.GetUtcNow();
        return Response(200, Record(token));
    }

    // It isn't known whether the old secret becomes invalid at once; here it does. The meaning of the documented 409 isn't known, so it
    // isn't used.
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

    // It isn't known which of the documented 400 and 403 an unknown secret gets. The secret of a session isn't that of an access token.
    private VendorResponse Validate(ReceivedRequest request)
        => BySecret(request.Query("subject_access_token")) is { } token
            ? Response(200, Record(token)) : VendorResponse.Empty(400);

    private VendorResponse OfToken(ReceivedRequest request, string id, Func<ReceivedRequest, EmulatedToken, VendorResponse> response)
        => Known.FirstOrDefault(token => token.Id == id) is { } found ? response(request, found) : VendorResponse.Empty(404);

    private EmulatedToken? BySecret(string? secret) => Known.FirstOrDefault(token => token.Secret!.Reveal() == secret);

    // XMS's tokens never expire and can't be deactivated. The token of connections is known even if it is no longer listed.
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

        // It isn't known when this is true.
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

    // A value that can't be read counts as missing, because the documents have no 400 for the list.
    private static long Number(ReceivedRequest request, string parameter, long otherwise)
        => long.TryParse(request.Query(parameter), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    internal static string Nanoseconds(DateTimeOffset time)
        => time.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'36'zzz", CultureInfo.InvariantCulture);

    private static string Milliseconds(DateTimeOffset time)
        => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}
