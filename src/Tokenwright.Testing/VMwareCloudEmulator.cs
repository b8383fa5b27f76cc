using System.Text.Json;

namespace Tokenwright.Testing;

/// <summary>
/// VMware Cloud Services: the exchange of an API token, the look-up of a token by its value, and the calling user. It knows two tokens, its
/// connection's own and the example of the vendor's documents.
/// </summary>
public sealed class VMwareCloudEmulator : VendorEmulator
{
    private const string Api = "/csp/gateway/am/api";
    private const string AccessToken = "emulated.vmwarecloud.access-token";
    private const string UserId = "example.com:00000000-0000-4000-8000-000000000002";

    private readonly string _ownToken;

    /// <summary>Starts the emulator.</summary>
    /// <param name="options">How it is to run; null for a free port, the system's clock, and the live service's behaviour.</param>
    public VMwareCloudEmulator(EmulatorOptions? options = null)
        : base("VMwareCloud", options)
    {
        _ownToken = OwnToken(Clock.GetUtcNow());
        On("POST", Api + "/auth/api-tokens/authorize", Exchange);
        On("POST", Api + "/auth/api-tokens/details", Details);
        OnAuthenticated("GET", Api + "/loggedin/user", LoggedInUser);
    }

    /// <summary>The token that the emulator lets in.</summary>
    public static TokenSecret ApiToken { get; } = new("emulatedVMwareCloudApiToken00000000000000000000000000000000000001");

    /// <summary>The token of the documents' example, in which every value is a placeholder: it can be looked up, and nothing else.</summary>
    public static TokenSecret DocumentedToken { get; } = new("string");

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> ConnectionSettings => new Dictionary<string, string>
    {
        ["BaseAddress"] = BaseAddress.ToString(),
        ["ApiToken"] = ApiToken.Reveal(),
    };

    /// <inheritdoc />
    protected override VendorAnswer? Refuse(ReceivedRequest request)
        => request.Header("Authorization") == $"Bearer {AccessToken}" || request.Header("csp-auth-token") == AccessToken
            ? null
            : Error(401, "The caller is not authenticated.");

    private static VendorAnswer Exchange(ReceivedRequest request)
    {
        var form = request.Form();
        var apiToken = form.GetValueOrDefault("api_token") ?? form.GetValueOrDefault("refresh_token");
        if (string.IsNullOrEmpty(apiToken))
            return Error(400, "invalid_request: The api_token is missing.");
        return apiToken == ApiToken.Reveal()
            ? VendorAnswer.Json(200, $$"""
                {"id_token":null,"token_type":"bearer","expires_in":1799,"scope":"openid csp:org_member","access_token":"{{AccessToken}}","refresh_token":null}
                """)
            : Error(404, $"invalid_grant: Invalid refresh token: xxxx...{apiToken[^Math.Min(5, apiToken.Length / 2)..]}");
    }

    private static VendorAnswer LoggedInUser(ReceivedRequest request)
        => VendorAnswer.Json(200, $$"""
            {"userId":"{{UserId}}","username":"jane.doe@example.com","acct":"jane.doe@example.com","email":"jane.doe@example.com","firstName":"Jane","lastName":"Doe","emailVerified":true}
            """);

    private VendorAnswer Details(ReceivedRequest request)
    {
        if (!TryReadTokenValue(request.Body, out var tokenValue))
            return Error(400, "The body has no tokenValue.");
        return tokenValue == ApiToken.Reveal() ? VendorAnswer.Json(200, _ownToken)
            : tokenValue == DocumentedToken.Reveal() ? VendorAnswer.Json(200, DocumentedExample)
            : Error(404, "There is no such API token.");
    }

    private static bool TryReadTokenValue(string body, out string? tokenValue)
    {
        tokenValue = null;
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("tokenValue", out var value)
                && value.ValueKind == JsonValueKind.String)
            {
                tokenValue = value.GetString();
            }
        }
        catch (JsonException)
        {
        }

        return !string.IsNullOrEmpty(tokenValue);
    }

    // The shape and the codes are those of an error seen live; the sentences are the emulator's.
    private static VendorAnswer Error(int status, string message) => VendorAnswer.Json(status, JsonSerializer.Serialize(new
    {
        metadata = (object?)null,
        traceId = "abc71b186e364bc4",
        statusCode = status,
        message,
        requestId = "0105e0f320064337",
        moduleCode = 540,
        cspErrorCode = "540.120-340.800",
    }));

    // Made up: no answer of the live service was ever published. Times in milliseconds, as most clients of it read them.
    private static string OwnToken(DateTimeOffset now) => $$"""
        {
            "acct": "jane.doe@example.com",
            "allowedScopes": {
                "generalScopes": ["openid"],
                "organizationScopes": {
                    "allPermissions": false,
                    "allRoles": false,
                    "keptInToken": ["ROLES"],
                    "permissions": [],
                    "roles": [{"name": "csp:org_member"}]
                },
                "servicesScopes": [
                    {
                        "allPermissions": false,
                        "allRoles": true,
                        "keptInToken": ["ROLES"],
                        "permissions": [],
                        "roles": [],
                        "serviceDefinitionId": "00000000-0000-4000-8000-000000000003"
                    }
                ]
            },
            "createdAt": {{now.AddDays(-60).ToUnixTimeMilliseconds()}},
            "deactivated": false,
            "domain": "example.com",
            "expiresAt": {{now.AddDays(120).ToUnixTimeMilliseconds()}},
            "idpId": "00000000-0000-4000-8000-000000000004",
            "lastUsedAt": {{now.AddHours(-1).ToUnixTimeMilliseconds()}},
            "orgId": "00000000-0000-4000-8000-000000000001",
            "scope": ["openid", "csp:org_member"],
            "token": "{{ApiToken.Reveal()}}",
            "tokenId": "synthetic-token-id-0001",
            "tokenName": "build server",
            "userId": "{{UserId}}",
            "username": "jane.doe"
        }
        """;

    // The example of the vendor's ApiTokenDetailsDto, as it stands there.
    private const string DocumentedExample = """
        {
            "acct": "string",
            "allowedScopes": {
                "generalScopes": [
                    "string"
                ],
                "organizationScopes": {
                    "allPermissions": false,
                    "allRoles": false,
                    "keptInToken": [
                        "string"
                    ],
                    "permissions": [
                        {
                            "permissionId": "string",
                            "resources": [
                                "string"
                            ]
                        }
                    ],
                    "roles": [
                        {
                            "name": "string",
                            "resource": "string"
                        }
                    ]
                },
                "servicesScopes": [
                    {
                        "allPermissions": false,
                        "allRoles": false,
                        "keptInToken": [
                            "string"
                        ],
                        "permissions": [
                            {
                                "permissionId": "string",
                                "resources": [
                                    "string"
                                ]
                            }
                        ],
                        "roles": [
                            {
                                "name": "string",
                                "resource": "string"
                            }
                        ],
                        "serviceDefinitionId": "string"
                    }
                ]
            },
            "createdAt": 0,
            "deactivated": false,
            "deactivatedUpdatedBy": "string",
            "deactivatedUpdatedOn": 0,
            "domain": "string",
            "expiresAt": 0,
            "idpId": "string",
            "lastUsedAt": 0,
            "orgId": "string",
            "scope": [
                "string"
            ],
            "token": "string",
            "tokenId": "string",
            "tokenName": "string",
            "userId": "string",
            "username": "string"
        }
        """;
}
