using System.Text.Json;

namespace Tokenwright.Testing;

/// <summary>SailPoint Identity Security Cloud: the token endpoint, and the list of personal access tokens of the vendor's documents.</summary>
public sealed class SailPointEmulator : VendorEmulator
{
    private const string AccessToken = "emulated.sailpoint.access-token";

    /// <summary>Starts the emulator.</summary>
    /// <param name="options">How it is to run; null for a free port, the system's clock, and the live service's behaviour.</param>
    public SailPointEmulator(EmulatorOptions? options = null)
        : base("SailPoint", options)
    {
        On("POST", "/oauth/token", Exchange);
        OnAuthenticated("GET", "/*/personal-access-tokens", List);
    }

    /// <summary>The id of the token that the emulator lets in, and that its list holds.</summary>
    public static string ClientId => "86f1dc6fe8f54414950454cbb11278fa";

    /// <summary>Its secret.</summary>
    public static TokenSecret ClientSecret { get; } = new("emulated-sailpoint-client-secret-0000000000000000000000000000000000");

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> ConnectionSettings => new Dictionary<string, string>
    {
        ["BaseAddress"] = BaseAddress.ToString(),
        ["ClientId"] = ClientId,
        ["ClientSecret"] = ClientSecret.Reveal(),
    };

    /// <inheritdoc />
    protected override VendorAnswer? Refuse(ReceivedRequest request)
        => request.Header("Authorization") == $"Bearer {AccessToken}" ? null : VendorAnswer.Json(401, """{"error":"JWT is required"}""");

    private static VendorAnswer Exchange(ReceivedRequest request)
    {
        var form = request.Form();
        return form.GetValueOrDefault("grant_type") == "client_credentials"
            && form.GetValueOrDefault("client_id") == ClientId
            && form.GetValueOrDefault("client_secret") == ClientSecret.Reveal()
            ? VendorAnswer.Json(200, $$"""
                {"access_token":"{{AccessToken}}","token_type":"bearer","expires_in":749,"scope":"sp:scopes:all","pod":"cook","org":"example","strong_auth_supported":false,"strong_auth":true,"jti":"emulated"}
                """)
            : VendorAnswer.Json(401, """{"error":"invalid_client","error_description":"Bad client credentials"}""");
    }

    private static VendorAnswer List(ReceivedRequest request)
    {
        var owner = request.Query("owner-id");
        return VendorAnswer.Json(200, owner is null or "me" or "2c9180a46faadee4016fb4e018c20639" ? ExampleTokens : "[]");
    }

    // The example of the vendor's GetPersonalAccessTokenResponse, with the members that came with v2025.
    private static string ExampleTokens { get; } = JsonSerializer.Serialize(new[]
    {
        new
        {
            id = ClientId,
            name = "NodeJS Integration",
            scope = new[] { "demo:personal-access-token-scope:first", "demo:personal-access-token-scope:second" },
            owner = new { type = "IDENTITY", id = "2c9180a46faadee4016fb4e018c20639", name = "Support" },
            created = "2017-07-11T18:45:37.098Z",
            lastUsed = "2017-07-11T18:45:37.098Z",
            managed = false,
            accessTokenValiditySeconds = 43200,
            expirationDate = (string?)null,
            userAwareTokenNeverExpires = true,
        },
    });
}
