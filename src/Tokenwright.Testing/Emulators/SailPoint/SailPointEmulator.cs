using System.Globalization;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// Emulates SailPoint Identity Security Cloud: the token endpoint, the introspection and revocation of access tokens, and the personal
/// access tokens, in the path versions <c>v3</c>, <c>beta</c>, <c>v2024</c>, <c>v2025</c> and <c>v2026</c> and in the per-service form
/// <c>/personal-access-tokens/v1</c>, which also has the bulk update. It starts with the token in the vendor's documents.
/// </summary>
/// <remarks>
/// <para>
/// A credential is any token of the emulator (its id and secret), or an API client, which isn't a token and acts for the emulator's own
/// user. Scopes are stored and shown, but not enforced. <see cref="EmulatedToken.Extra"/> contains what <see cref="ApiToken"/> has no
/// property for. If it contains <c>accessTokenValiditySeconds</c>, the token's access tokens have that lifetime; by default, it is the
/// documented 43200 seconds.
/// </para>
/// <para>
/// The texts of refusals for a taken name, too many tokens, a missing or invalid expiry, and a bulk update were never recorded. They are
/// reconstructed in the form of other responses of the same gateway. Don't rely on their wording. It is also reconstructed that a bulk
/// update with one wrong id changes no token, and that removing an expiry that isn't set is accepted.
/// </para>
/// </remarks>
public sealed partial class SailPointEmulator : VendorEmulator
{
    private const int TokensPerOwner = 10;
    private const int ShortestAccess = 15;
    internal const int LongestAccess = 43200;
    private const int CallsPerWindow = 100;
    private const int DefaultPage = 250;
    private const int LargestBulkUpdate = 25;
    private const string PerService = "v1";
    private const string BulkUpdateId = "bulk-update";
    internal const string OwnerId = "2c9180a46faadee4016fb4e018c20639";
    internal const string OwnerName = "Support";
    internal const string AllScopes = "sp:scopes:all";
    private const string ValidityMember = "accessTokenValiditySeconds";

    // The detail codes were observed at other endpoints of the same gateway. It isn't known which of them these operations use.
    private const string BadSyntax = "400.0 Bad request syntax";
    internal const string BadContent = "400.1 Bad Request Content";
    private const string MissingData = "400.1.0 Required data missing or empty";
    private const string IllegalValue = "400.1.3 Illegal value";

    private static readonly string[] Versions = ["v3", "beta", "v2024", "v2025", "v2026", PerService];
    private static readonly TimeSpan CallWindow = TimeSpan.FromSeconds(10);

    private readonly SailPointSessions _sessions;
    private readonly Dictionary<(string ClientId, string Version), (DateTimeOffset Start, int Calls)> _windows = [];

    /// <summary>Initializes a new instance of the <see cref="SailPointEmulator"/> class and starts it.</summary>
    /// <param name="options">The options; null for a free port, the system clock, and the live service's behavior.</param>
    public SailPointEmulator(EmulatorOptions? options = null)
        : base("SailPoint", options)
    {
        _sessions = new(this);
        OnAnonymous("POST", "/oauth/token", _sessions.Exchange);
        OnAnonymous("POST", "/oauth/introspect", _sessions.Introspect);
        OnAnonymous("POST", "/oauth/revoke", _sessions.Revoke);
        foreach (var path in new[] { "/*/personal-access-tokens", "/personal-access-tokens/v1" })
        {
            OnAuthenticated("GET", path, request => InVersion(request, (version, _, caller) => List(request, version, caller)));
            OnAuthenticated("POST", path, request => InVersion(request, (version, _, caller) => Create(request, version, caller)));
            OnAuthenticated("PATCH", path + "/*", request => InVersion(request, (version, id, caller) =>
                version == PerService && id == BulkUpdateId ? BulkUpdate(request, caller) : Patch(request, version, id)));
            OnAuthenticated("DELETE", path + "/*", request => InVersion(request, (_, id, _) => Delete(id)));
        }

        // A bulk update can be sent with both methods.
        OnAuthenticated("POST", $"/personal-access-tokens/v1/{BulkUpdateId}",
            request => InVersion(request, (_, _, caller) => BulkUpdate(request, caller)));

        Add(new EmulatedToken
        {
            Id = ClientId,
            Secret = ClientSecret,
            Name = "NodeJS Integration",
            Scopes = ["demo:personal-access-token-scope:first", "demo:personal-access-token-scope:second"],
            CreatedAt = new DateTimeOffset(2017, 7, 11, 18, 45, 37, 98, TimeSpan.Zero),
            LastUsedAt = new DateTimeOffset(2017, 7, 11, 18, 45, 37, 98, TimeSpan.Zero),
        });
    }

    /// <summary>
    /// Gets the id of the token in the documents, with which the emulator starts. After <see cref="VendorEmulator.Clear"/>, the id and
    /// secret belong to an API client. If the token itself was deleted, they are refused.
    /// </summary>
    public static string ClientId => "86f1dc6fe8f54414950454cbb11278fa";

    /// <summary>Gets the secret for <see cref="ClientId"/>.</summary>
    public static TokenSecret ClientSecret { get; } = new("emulated-sailpoint-client-secret-0000000000000000000000000000000000");

    /// <summary>
    /// Gets the id of an API client, a credential that isn't a token and is independent of the tokens. Its form, a UUID, distinguishes it
    /// from the id of a token.
    /// </summary>
    public static string ApiClientId => "00000000-0000-4000-8000-00000000a91c";

    /// <summary>Gets the secret for <see cref="ApiClientId"/>.</summary>
    public static TokenSecret ApiClientSecret { get; } = new("emulated-sailpoint-api-client-secret-000000000000000000000000000000");

    /// <summary>
    /// Gets or sets whether calls are limited as documented: 100 in 10 seconds by the emulator's clock, for each client id and version.
    /// Further calls get HTTP 429 with <c>Retry-After</c>. The default is false, so that other tests can make any number of calls. It isn't
    /// known whether the vendor's window slides; this one doesn't. The token endpoint is never limited, because its limit isn't known.
    /// </summary>
    public bool RateLimit { get; set; }

    /// <summary>
    /// Gets or sets whether access tokens stay valid until their own expiry after their personal access token was deleted. No source says
    /// what the vendor does. By default, they become invalid.
    /// </summary>
    public bool AccessTokensLiveOn { get; set; }

    /// <summary>
    /// Gets or sets what lists do with <c>limit</c> and <c>offset</c>, which no document declares for them. The default is that they are
    /// ignored.
    /// </summary>
    public SailPointPaging Paging { get; set; }

    /// <summary>
    /// Gets or sets after how many tokens a list is cut, whatever the request says; null, the default, for the whole list. It is for tests
    /// of the worst case: a list that is cut, and no paging to read the rest.
    /// </summary>
    public int? ListsEndAfter { get; set; }

    /// <inheritdoc />
    public override string ConnectionName => "identity";

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> ConnectionSettings => new Dictionary<string, string>
    {
        ["BaseAddress"] = BaseAddress.ToString(),
        ["ClientId"] = ClientId,
        ["ClientSecret"] = ClientSecret.Reveal(),
    };

    internal DateTimeOffset Now => Clock.GetUtcNow();

    /// <inheritdoc />
    public override bool Remove(EmulatedToken token)
    {
        if (!base.Remove(token))
            return false;
        if (token.Id == ClientId)
            _sessions.IsExampleEnded = true;
        return true;
    }

    /// <inheritdoc />
    public override void AddSampleTokens()
    {
        var now = Clock.GetUtcNow();
        Add(new() { Name = "nightly-export", Scopes = ["sp:scopes:all"], CreatedAt = now.AddDays(-700), LastUsedAt = now.AddDays(-2) });
        Add(new()
        {
            Name = "nightly-export-2", Scopes = ["sp:scopes:default"], CreatedAt = now.AddDays(-300), ExpiresAt = now.AddDays(6),
            LastUsedAt = now.AddDays(-1),
        });
        Add(new()
        {
            Name = "migration 2024", Scopes = ["sp:scopes:default"], CreatedAt = now.AddDays(-500), ExpiresAt = now.AddDays(200),
            LastUsedAt = now.AddDays(-410),
        });
        Add(new()
        {
            Name = "trial of a contractor", Scopes = ["sp:scopes:default"], CreatedAt = now.AddDays(-120), ExpiresAt = now.AddDays(-30),
        });
        for (var i = 1; i <= 4; i++)
        {
            Add(new()
            {
                Name = $"pipeline {(char)('a' + i - 1)}", Scopes = ["sp:scopes:default"], CreatedAt = now.AddDays(-20 * i),
                ExpiresAt = now.AddDays(60 + i), LastUsedAt = now.AddDays(-1),
            });
        }
    }

    /// <inheritdoc />
    protected override void Complete(EmulatedToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var number = NextNumber();
        token.Id ??= $"0e{number:x30}";
        token.Secret ??= new($"5ec2e7{number:x58}");
        token.OwnerId ??= OwnerId;
        if (token.OwnerId == OwnerId)
            token.OwnerName ??= OwnerName;
        if (token.Scopes.Count == 0)
            token.Scopes = [AllScopes];
        if (token.Id == ClientId)
            _sessions.IsExampleEnded = false;
    }

    /// <inheritdoc />
    protected override VendorResponse? Refuse(ReceivedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _sessions.Refuse(request);
    }

    // Splits the path, in either form, and counts the call.
    private VendorResponse InVersion(ReceivedRequest request, Func<string, string, SailPointSessions.Session, VendorResponse> response)
    {
        var caller = _sessions.Of(request)!;
        var segments = request.PathAndQuery.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments is not ([_, "personal-access-tokens", ..] or ["personal-access-tokens", "v1", ..]) || segments.Length > 3)
            return NotFound();
        var version = segments[0] == "personal-access-tokens" ? segments[1] : segments[0];
        if (!Versions.Contains(version) || (version == PerService && segments[0] == PerService))
            return NotFound();
        return Limit(caller.ClientId, version)
            ?? response(version, segments.Length == 3 ? Uri.UnescapeDataString(segments[2]) : string.Empty, caller);
    }

    private VendorResponse? Limit(string clientId, string version)
    {
        if (!RateLimit)
            return null;
        var window = _windows.GetValueOrDefault((clientId, version));
        if (Now - window.Start >= CallWindow)
            window = (Now, 0);
        if (window.Calls == CallsPerWindow)
        {
            var wait = Math.Ceiling((window.Start + CallWindow - Now).TotalSeconds);
            return VendorResponse.Json(429, new JsonObject { ["message"] = " Rate Limit Exceeded " })
                .With("Retry-After", wait.ToString(CultureInfo.InvariantCulture));
        }

        _windows[(clientId, version)] = window with { Calls = window.Calls + 1 };
        return null;
    }

    private VendorResponse List(ReceivedRequest request, string version, SailPointSessions.Session caller)
    {
        IEnumerable<EmulatedToken> found = ListedTokens;
        if (request.Query("owner-id") is { } owner)
            found = found.Where(token => token.OwnerId == (owner == "me" ? caller.OwnerId : owner));
        if (request.Query("filters") is { } filters)
        {
            switch (filters.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                case ["lastUsed", "isnull"]:
                    found = found.Where(token => token.LastUsedAt is null);
                    break;
                case ["lastUsed", "le", var text] when SailPointInput.TryTime(text, out var time):
                    found = found.Where(token => token.LastUsedAt <= time);
                    break;
                default:
                    return Error(400, IllegalValue, $"The filter \"{filters}\" is not supported.");
            }
        }

        if (Paging == SailPointPaging.Refused && (request.Query("limit") ?? request.Query("offset")) is not null)
            return Error(400, IllegalValue, "The query has an unknown parameter."); // reconstructed
        if (Paging == SailPointPaging.Honoured)
        {
            if (!IsNumber("limit", DefaultPage, out var limit) || limit > DefaultPage || !IsNumber("offset", 0, out var offset))
                return Error(400, IllegalValue, $"\"limit\" must be from 0 to {DefaultPage}, and \"offset\" must not be negative.");
            found = found.Skip(offset).Take(limit);
        }

        return VendorResponse.Json(
            200, new JsonArray([.. found.Take(ListsEndAfter ?? int.MaxValue).Select(token => Record(token, version))]));

        bool IsNumber(string name, int otherwise, out int number)
        {
            number = otherwise;
            return request.Query(name) is not { } text
                || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        }
    }

    private EmulatedToken? Find(string id) => Tokens.FirstOrDefault(token => token.Id == id);

    private VendorResponse? Expiry(DateTimeOffset? expiry, bool? aware)
    {
        if (expiry is null && aware != true)
            return Error(400, BadContent, "\"userAwareTokenNeverExpires\" must be true if \"expirationDate\" is null.");
        return expiry <= Now ? Error(400, IllegalValue, "The value of \"expirationDate\" must be in the future.") : null;
    }

    private VendorResponse? Name(string name, string? owner)
        => Tokens.Any(token => token.OwnerId == owner && token.Name == name)
            ? Error(400, BadContent, $"The owner has a personal access token of the name \"{name}\" already.")
            : null;

    private VendorResponse NotFound() => Error(404, "404 Not found", "The requested object was not found.");

    private VendorResponse Unreadable() => Error(400, BadSyntax, "The request could not be parsed.");

    // The live service repeats the text for the system's locale and for the request's, and sends an empty causes member.
    internal VendorResponse Error(int status, string code, string text)
    {
        var messages = new JsonArray(new JsonObject { ["locale"] = "en-US", ["localeOrigin"] = "DEFAULT", ["text"] = text });
        if (!IsDocumented)
            messages.Add(new JsonObject { ["locale"] = "und", ["localeOrigin"] = "REQUEST", ["text"] = text });
        var body = new JsonObject { ["detailCode"] = code, ["trackingId"] = $"7ac4{NextNumber():x28}", ["messages"] = messages };
        if (!IsDocumented)
            body["causes"] = new JsonArray();
        return VendorResponse.Json(status, body);
    }

    private JsonObject Record(EmulatedToken token, string version)
    {
        var record = new JsonObject
        {
            ["id"] = token.Id,
            ["name"] = token.Name,
            ["scope"] = EmulatorJson.Texts(token.Scopes),
            ["owner"] = Owner(token),
            ["created"] = Created(token),
            ["lastUsed"] = EmulatorJson.Time(token.LastUsedAt),
            ["managed"] = false,
            [ValidityMember] = Validity(token),
            ["expirationDate"] = EmulatorJson.Time(token.ExpiresAt),
        };
        if (IsFrom2025(version))
            record["userAwareTokenNeverExpires"] = token.ExpiresAt is null;
        return WithExtra(token, record);
    }

    private static JsonObject Owner(EmulatedToken token)
        => new() { ["type"] = "IDENTITY", ["id"] = token.OwnerId, ["name"] = token.OwnerName };

    // The only recorded response to a create has microseconds; the documents have milliseconds.
    private string? Created(EmulatedToken token) => EmulatorJson.Time(token.CreatedAt, IsDocumented ? "fff" : "ffffff");

    internal static int Validity(EmulatedToken token)
        => token.Extra?[ValidityMember] is JsonValue value && value.TryGetValue<int>(out var seconds) ? seconds : LongestAccess;

    private static bool IsFrom2025(string version) => version is not ("v3" or "beta" or "v2024");
}
