using System.Globalization;
using System.Text.Json;

namespace Tokenwright.Testing;

/// <summary>ExtremeCloud IQ: sign-in, and one API token that can be read and validated. No document of the vendor has example data for them; the values are made up.</summary>
public sealed class ExtremeCloudIQEmulator : VendorEmulator
{
    private const string SessionToken = "emulated.extremecloudiq.session-token";

    // What was seen of the vendor's refusals: of the API itself, and of the gateway in front of it.
    private const string RevokedError = """{"error_code":"AUTH_TOKEN_REVOKED","error_id":"bcfe97b5092f4101a3b69417a6328ba4"}""";
    private const string GatewayError = """{"code":"UNAUTHORIZED","message":"Authentication failed","details":"Invalid access token or API key"}""";

    /// <summary>Starts the emulator. Its token was issued at this time and lives for a week.</summary>
    /// <param name="options">How it is to run; null for a free port, the system's clock, and the live service's behaviour.</param>
    public ExtremeCloudIQEmulator(EmulatorOptions? options = null)
        : base("ExtremeCloudIQ", options)
    {
        var issued = Clock.GetUtcNow();
        var info = $$"""
            {"user_name":"api@example.net","user_id":1,"role":"MONITOR","owner_id":42,"data_center":"US-EAST","scopes":["auth:r","device:list"],"issued_at":"{{Written(issued)}}","expiration_time":"{{Written(issued.AddDays(7))}}","expires_in":604800}
            """;
        On("POST", "/login", Login);
        OnAuthenticated("GET", "/auth/apitoken/info", _ => WithQuota(VendorAnswer.Json(200, info)));
        On("POST", "/auth/apitoken/:validate", request => WithQuota(VendorAnswer.Empty(IsValid(request.Body) ? 200 : 401)));
    }

    /// <summary>The API token that the emulator lets in.</summary>
    public static TokenSecret ApiToken { get; } = new("emulated.extremecloudiq.api-token");

    /// <summary>An API token that was revoked.</summary>
    public static TokenSecret RevokedToken { get; } = new("emulated.extremecloudiq.revoked-token");

    /// <summary>The user who may sign in.</summary>
    public static string Username => "username@company.com";

    /// <summary>The user's password.</summary>
    public static TokenSecret Password { get; } = new("emulated-extremecloudiq-password");

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> ConnectionSettings => new Dictionary<string, string>
    {
        ["BaseAddress"] = BaseAddress.ToString(),
        ["ApiToken"] = ApiToken.Reveal(),
    };

    /// <inheritdoc />
    protected override VendorAnswer? Refuse(ReceivedRequest request)
    {
        var token = request.Header("Authorization")?.Split(' ', 2) is ["Bearer", var value] ? value : null;
        return IsValid(token) ? null : WithQuota(VendorAnswer.Json(401, token == RevokedToken.Reveal() ? RevokedError : GatewayError));
    }

    private static VendorAnswer Login(ReceivedRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        return body.RootElement.GetProperty("username").GetString() == Username && body.RootElement.GetProperty("password").GetString() == Password.Reveal()
            ? WithQuota(VendorAnswer.Json(200, $$"""{"access_token":"{{SessionToken}}","token_type":"Bearer","expires_in":86400}"""))
            : WithQuota(VendorAnswer.Json(401, """{"error_code":"EMULATED_LOGIN_REFUSED","error_id":"00000000000000000000000000000000","error_message":"The emulator knows no such user."}"""));
    }

    private static bool IsValid(string? token) => token == ApiToken.Reveal() || token == SessionToken;

    private static VendorAnswer WithQuota(VendorAnswer answer)
        => answer.With("RateLimit-Limit", "7500;w=3600").With("RateLimit-Remaining", "7421").With("RateLimit-Reset", "1800");

    // The vendor writes no colon in the offset.
    private static string Written(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);
}
