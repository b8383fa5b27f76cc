using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tokenwright.Testing;

/// <summary>
/// Emulates VMware Cloud Services: the exchange of API tokens, the look-up of a token by its value, create, deactivate and activate, the
/// calling user, and the public key. It starts with two tokens: the connection's own one and the example in the vendor's documents.
/// </summary>
/// <remarks>
/// The vendor has no list, no update and no delete. The connection's own token isn't in <see cref="VendorEmulator.Tokens"/> and isn't
/// removed by <see cref="VendorEmulator.Clear"/>. In all other respects it is a normal token: it counts against the limit of 50 and can be
/// deactivated. The emulator's user owns the organization; a token with another <see cref="EmulatedToken.OwnerId"/> belongs to a member. A
/// token belongs to <see cref="OrganizationId"/> unless its <see cref="EmulatedToken.Extra"/> has another <c>orgId</c>.
/// </remarks>
public sealed class VMwareCloudEmulator : VendorEmulator
{
    /// <summary>The organization of the emulator's user.</summary>
    public const string OrganizationId = "00000000-0000-4000-8000-000000000001";

    private const string Api = "/csp/gateway/am/api";
    private const string UserId = "example.com:00000000-0000-4000-8000-000000000002";
    internal const string Account = "jane.doe@example.com";
    internal const string UserName = "jane.doe";
    private const int TokensPerUser = 50;
    private const int TokensPerRequest = 15;
    private const int ShortestLife = 1800;

    // The documents say 60 months. Five years with two leap days are the longest 60 months.
    private const int LongestLife = ((5 * 365) + 2) * 24 * 60 * 60;
    private const int LongestName = 64;
    private const int LongestOrganizationId = 255;
    private const int SecretLength = 65;
    private const string MarksInNames = " -_.`':@&,";

    private readonly VMwareCloudSessions _sessions;
    private int _lastNumber = 1;

    /// <summary>Initializes a new instance of the <see cref="VMwareCloudEmulator"/> class and starts it.</summary>
    /// <param name="options">The options; null for a free port, the system clock, and the live service's behavior.</param>
    public VMwareCloudEmulator(EmulatorOptions? options = null)
        : base("VMwareCloud", options)
    {
        TimesInSeconds = IsDocumented;
        OwnToken = MakeOwnToken(Now);
        Documented = Add(new EmulatedToken { Id = "string", Secret = DocumentedToken, Name = "string", OwnerId = "string",
            OwnerName = "string", Extra = new() { ["orgId"] = "string" } });
        _sessions = new(this);
        OnAnonymous("POST", Api + "/auth/api-tokens/authorize", _sessions.Exchange);
        OnAnonymous("POST", Api + "/auth/api-tokens/details", Details);
        OnAnonymous("GET", Api + "/auth/token-public-key", PublicKey);
        OnAuthenticated("GET", Api + "/loggedin/user", LoggedInUser);
        OnAuthenticated("POST", Api + "/loggedin/user/api-tokens", Create);
        OnAuthenticated("POST", Api + "/orgs/*/api-tokens/deactivate", request => Change(request, deactivate: true));
        OnAuthenticated("POST", Api + "/orgs/*/api-tokens/activate", request => Change(request, deactivate: false));

        // This is the deprecated path of the same operation in the documents.
        OnAuthenticated("POST", Api + "/orgs/*/tokens/deactivate", request => Change(request, deactivate: true));
    }

    /// <summary>Gets the value of the connection's own token.</summary>
    public static TokenSecret ApiToken { get; } = new("emulatedVMwareCloudApiToken00000000000000000000000000000000000000001");

    /// <summary>Gets the token in the documents' example, in which every value is a placeholder. It can only be looked up.</summary>
    public static TokenSecret DocumentedToken { get; } = new("string");

    /// <summary>Gets the identity token of the emulator's user, which a create requires. It never expires.</summary>
    public static TokenSecret IdToken { get; } = new("emulated.vmwarecloud.id-token");

    /// <summary>Gets the connection's own token, which isn't in <see cref="VendorEmulator.Tokens"/>.</summary>
    public EmulatedToken OwnToken { get; }

    /// <summary>
    /// Gets or sets whether the times of a token's record are seconds since 1970, as in the documents, or milliseconds, as most clients of
    /// the live service read them. At least one client reads seconds, so it isn't established what the service sends. The default depends
    /// on <see cref="EmulatorOptions.Behaviour"/>: milliseconds for the live one.
    /// </summary>
    public bool TimesInSeconds { get; set; }

    /// <inheritdoc />
    public override string ConnectionName => "cloud";

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> ConnectionSettings => new Dictionary<string, string>
    {
        ["BaseAddress"] = BaseAddress.ToString(),
        ["ApiToken"] = ApiToken.Reveal(),
    };

    internal IEnumerable<EmulatedToken> AllTokens => Tokens.Prepend(OwnToken);

    internal DateTimeOffset Now => Clock.GetUtcNow();

    // The token in the documents' example.
    internal EmulatedToken Documented { get; }

    /// <inheritdoc />
    public override void AddSampleTokens()
    {
        // This vendor has no list, so an audit sees only the connection's own token.
        OwnToken.ExpiresAt = Clock.GetUtcNow().AddDays(8);
        OwnToken.Scopes = ["openid", "csp:org_owner"];
        OwnToken.Roles = ["csp:org_owner"];
    }

    /// <inheritdoc />
    protected override void Complete(EmulatedToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var number = (++_lastNumber).ToString(CultureInfo.InvariantCulture);
        token.Id ??= $"synthetic-token-id-{number.PadLeft(4, '0')}";
        const string Prefix = "emulatedVMwareCloudApiToken";
        token.Secret ??= new TokenSecret(Prefix + number.PadLeft(SecretLength - Prefix.Length, '0'));
        token.OwnerId ??= UserId;
    }

    /// <inheritdoc />
    protected override VendorResponse? Refuse(ReceivedRequest request)
        => _sessions.Caller(request) is null ? Error(401, "The caller is not authenticated.") : null;

    internal EmulatedToken? FindBySecret(string secret)
        => AllTokens.FirstOrDefault(token => !token.IsRevoked && token.Secret?.Reveal() == secret);

    private VendorResponse Details(ReceivedRequest request)
    {
        if (EmulatorJson.Text(EmulatorJson.Object(request)?["tokenValue"]) is not { Length: > 0 } value)
            return Error(400, "The body has no tokenValue.");
        var token = FindBySecret(value);

        // Among the declared statuses, only 404 fits.
        if (token is null || token.ExpiresAt <= Now)
            return Error(404, "There is no such API token.");
        return token == Documented ? VendorResponse.Json(200, VMwareCloudExamples.Details) : VendorResponse.Json(200, Record(token));
    }

    private VendorResponse Create(ReceivedRequest request)
    {
        if (EmulatorJson.Object(request) is not { } body)
            return Error(400, "The body is not a JSON object.");
        var caller = _sessions.Caller(request)!;
        var name = EmulatorJson.Text(body["tokenName"]);
        if (EmulatorJson.Text(body["idToken"]) != IdToken.Reveal() || caller.OwnerId != UserId)
            return Error(400, "The idToken is missing, invalid, expired, or of another user.");
        if (OrganizationOf(caller) != OrganizationId)
            return Error(400, "The organizations of the access token and of the idToken differ.");
        if (Whole(body["refreshTokenTTL"]) is not { } life || life < ShortestLife)
            return Error(400, $"The refreshTokenTTL must be at least {ShortestLife}.");

        // The documents have the limit in prose, but don't say what the service does with a longer lifetime. The refusal is reconstructed.
        if (life > LongestLife)
            return Error(400, $"The refreshTokenTTL must be at most {LongestLife}, which is 60 months.");
        if (body["allowedScopes"] is not JsonObject allowed)
            return Error(400, "The allowedScopes are missing.");
        if (body["tokenName"] is not null && (name is null || name.Length > LongestName || !name.EnumerateRunes().All(IsAllowedInNames)))
            return Error(400, $"The tokenName must have up to {LongestName} letters, digits, spaces and -_.`':@&,");
        if (EmulatorJson.Text(body["orgId"])?.Length > LongestOrganizationId)
            return Error(400, $"The orgId must have up to {LongestOrganizationId} characters.");

        // The documents don't say which roles are too privileged, or which of them are exempt. So only the use of all roles is refused.
        var organizationScopes = allowed["organizationScopes"] as JsonObject;
        if (organizationScopes?["allRoles"] is JsonValue all && all.GetValueKind() == JsonValueKind.True)
            return Error(400, "All roles of an organization may not be in the scope of an API token.");

        var now = Now;
        if (AllTokens.Count(token => token.OwnerId == caller.OwnerId && !token.IsRevoked && !(token.ExpiresAt <= now)) >= TokensPerUser)
            return Error(400, $"The user has {TokensPerUser} API tokens already.");

        string[] roles =
            [.. Items(organizationScopes?["roles"]).Select(role => EmulatorJson.Text((role as JsonObject)?["name"])).OfType<string>()];
        var token = Add(new EmulatedToken
        {
            Name = name,
            Scopes = [.. Items(allowed["generalScopes"]).Select(EmulatorJson.Text).OfType<string>().Union(roles)],
            Roles = roles,
            ExpiresAt = now.AddSeconds(life),
            Extra = new() { ["allowedScopes"] = allowed.DeepClone() },
        });
        return VendorResponse.Json(200, new JsonObject { ["apiToken"] = token.Secret!.Reveal() });
    }

    private VendorResponse Change(ReceivedRequest request, bool deactivate)
    {
        var organizationId = request.Path[(Api.Length + "/orgs/".Length)..].Split('/')[0];
        var caller = _sessions.Caller(request)!;
        if (!AllTokens.Any(token => OrganizationOf(token) == organizationId))
            return Error(404, "There is no such organization.");
        if (caller.OwnerId != UserId || OrganizationOf(caller) != organizationId)
            return Error(403, "Only an owner of the organization may do this.");
        if (EmulatorJson.Object(request)?["ids"] is not JsonArray list || list.Any(id => EmulatorJson.Text(id) is null))
            return Error(400, "The body has no ids.");

        // The documents state the limit, but no status for it.
        if (list.Count > TokensPerRequest)
            return Error(400, $"There are more than {TokensPerRequest} ids.");

        var now = Now;
        var successes = new JsonArray();
        var failures = new JsonArray();
        foreach (var id in list.Select(EmulatorJson.Text).OfType<string>())
        {
            var token = AllTokens.FirstOrDefault(
                known => known.Id == id && OrganizationOf(known) == organizationId && !known.IsRevoked && !(known.ExpiresAt <= now));
            if (token is null)
            {
                failures.Add((JsonNode)new JsonObject { ["id"] = id, ["message"] = "The organization has no API token with this id." });
                continue;
            }

            // It isn't known what the service reports for tokens that are already in the requested state. Here they are successes.
            if (token.IsDeactivated != deactivate)
            {
                token.IsDeactivated = deactivate;
                token.UpdatedAt = now;
                (token.Extra ??= [])["deactivatedUpdatedBy"] = caller.OwnerName ?? Account;
            }

            successes.Add((JsonNode)id);
        }

        return VendorResponse.Json(200, new JsonObject { ["successes"] = successes, ["failures"] = failures });
    }

    private VendorResponse LoggedInUser(ReceivedRequest request)
    {
        var caller = _sessions.Caller(request)!;
        var account = caller.OwnerName ?? Account;
        var user = new JsonObject
        {
            ["userId"] = caller.OwnerId,
            ["username"] = account,
            ["acct"] = account,
            ["email"] = account,
            ["firstName"] = "Jane",
            ["lastName"] = "Doe",
            ["emailVerified"] = true,
        };
        if (request.Query("expand") is not null)
        {
            user["address"] = "1 Example Street";
            user["city"] = "Exampleton";
            user["company"] = "Example Ltd";
            user["country"] = "US";
            user["workPhone"] = "5550100";
            user["zipcode"] = "00000";
        }

        if (request.Query("expandProfile") is not null)
            user["userProfile"] = new JsonObject
                { ["defaultOrgId"] = OrganizationOf(caller), ["isFederated"] = false, ["language"] = "en", ["locale"] = "en_US" };
        return VendorResponse.Json(200, user);
    }

    private VendorResponse PublicKey(ReceivedRequest request) => request.Query("format") switch
    {
        null or "pem" => VendorResponse.Json(200, new JsonObject { ["alg"] = "RS256", ["issuer"] = "https://issuer.example.com",
            ["value"] = "-----BEGIN PUBLIC KEY-----\nSYNTHETIC\n-----END PUBLIC KEY-----\n" }),
        "jwks" => VendorResponse.Json(200, new JsonObject
        {
            ["issuer"] = "https://issuer.example.com",
            ["keys"] = new JsonArray(new JsonObject
                { ["kty"] = "RSA", ["kid"] = "synthetic-key", ["use"] = "sig", ["alg"] = "RS256", ["n"] = "SYNTHETIC", ["e"] = "AQAB" }),
        }),
        _ => Error(400, "The format must be pem or jwks."),
    };

    // It isn't known how an expiry of never or a missing last use is written. Here the member is left out.
    private JsonObject Record(EmulatedToken token)
    {
        var record = new JsonObject
        {
            ["acct"] = token.OwnerName ?? Account,
            ["allowedScopes"] = new JsonObject
            {
                ["generalScopes"] = EmulatorJson.Texts(token.Scopes.Except(token.Roles)),
                ["organizationScopes"] = new JsonObject
                {
                    ["allPermissions"] = false,
                    ["allRoles"] = false,
                    ["keptInToken"] = new JsonArray("ROLES"),
                    ["permissions"] = new JsonArray(),
                    ["roles"] = new JsonArray([.. token.Roles.Select(role => new JsonObject { ["name"] = role })]),
                },
                ["servicesScopes"] = new JsonArray(),
            },
            ["createdAt"] = Time(token.CreatedAt),
            ["deactivated"] = token.IsDeactivated,
            ["deactivatedUpdatedOn"] = Time(token.UpdatedAt),
            ["domain"] = "example.com",
            ["expiresAt"] = Time(token.ExpiresAt),
            ["idpId"] = "00000000-0000-4000-8000-000000000004",
            ["lastUsedAt"] = Time(token.LastUsedAt),
            ["orgId"] = OrganizationId,
            ["scope"] = EmulatorJson.Texts(Scopes(token)),
            ["token"] = token.Secret!.Reveal(),
            ["tokenId"] = token.Id,
            ["tokenName"] = token.Name,
            ["userId"] = token.OwnerId,
            ["username"] = token.OwnerName ?? UserName,
        };
        foreach (var (member, _) in record.Where(member => member.Value is null).ToList())
            record.Remove(member);
        return WithExtra(token, record);
    }

    internal static IEnumerable<string> Scopes(EmulatedToken token) => token.Scopes.Union(token.Roles);

    internal static string OrganizationOf(EmulatedToken token) => EmulatorJson.Text(token.Extra?["orgId"]) ?? OrganizationId;

    private JsonNode? Time(DateTimeOffset? time) => time is { } instant
        ? TimesInSeconds ? instant.ToUnixTimeSeconds() : instant.ToUnixTimeMilliseconds()
        : null;

    private static bool IsAllowedInNames(Rune rune)
        => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        || (rune.IsBmp && MarksInNames.Contains((char)rune.Value, StringComparison.Ordinal));

    private static int? Whole(JsonNode? node) => node is JsonValue value && value.TryGetValue(out int number) ? number : null;

    private static IEnumerable<JsonNode?> Items(JsonNode? node) => node as JsonArray ?? Enumerable.Empty<JsonNode?>();

    // The live form and its codes come from an observed error and don't depend on the cause. The documented form has errorCode, which no
    // known client reads. The messages are the emulator's.
    internal VendorResponse Error(int status, string message)
    {
        JsonObject body = IsDocumented
            ? new()
            {
                ["cspErrorCode"] = "540.120-340.800",
                ["errorCode"] = "emulated",
                ["message"] = message,
                ["moduleCode"] = 540,
                ["requestId"] = "0105e0f320064337",
                ["statusCode"] = status,
            }
            : new()
            {
                ["metadata"] = null,
                ["traceId"] = "abc71b186e364bc4",
                ["statusCode"] = status,
                ["message"] = message,
                ["requestId"] = "0105e0f320064337",
                ["moduleCode"] = 540,
                ["cspErrorCode"] = "540.120-340.800",
            };
        return VendorResponse.Json(status, body);
    }

    // The values are invented, because no response of the live service was ever published.
    private static EmulatedToken MakeOwnToken(DateTimeOffset now) => new()
    {
        Id = "synthetic-token-id-0001",
        Secret = ApiToken,
        Name = "build server",
        OwnerId = UserId,
        Scopes = ["openid", "csp:org_member"],
        Roles = ["csp:org_member"],
        CreatedAt = now.AddDays(-60),
        ExpiresAt = now.AddDays(120),
        LastUsedAt = now.AddHours(-1),
    };
}
