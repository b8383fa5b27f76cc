using Tokenwright.ExtremeCloudIQ;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>The base of the contract tests of the ExtremeCloud IQ adapter.</summary>
internal abstract class ExtremeCloudIQFixture : ContractFixture<ExtremeCloudIQTokenClient, ExtremeCloudIQOptions>
{
    protected const string LoginResponse = """{"access_token":"jwt-1","token_type":"Bearer","expires_in":86400}""";
    protected const string LoginBody = """{"username":"ann@example.net","password":"pass word/+"}""";
    protected const string RevokedError = """{"error_code":"AUTH_TOKEN_REVOKED","error_id":"bcfe97b5092f4101a3b69417a6328ba4"}""";
    protected const string GatewayError =
        """{"code":"UNAUTHORIZED","message":"Authentication failed","details":"Invalid access token or API key"}""";

    protected const string Info = """
        {"user_name":"api@example.net","user_id":9007199254740993,"role":"MONITOR","owner_id":42,"data_center":"US-EAST","scopes":["auth:r",
        "device:list"],
         "issued_at":"2026-08-31T14:50:03.000+0000","expiration_time":"2026-09-07T14:50:03.000+0000","expires_in":604800,"soon":{"a":1}}
        """;

    /// <summary>The initial time of the clock in seconds since 1970.</summary>
    protected const long Now = 1788220800;

    protected static readonly (string, string) Bearer = ("Authorization", "Bearer api.token.1");

    protected override (string Vendor, string Connection) Names => ("ExtremeCloudIQ", "prod");

    protected override DateTimeOffset StartedAt => DateTimeOffset.FromUnixTimeSeconds(Now);

    protected static void SignIn(ExtremeCloudIQOptions options)
        => (options.ApiToken, options.Username, options.Password) = (null, "ann@example.net", new TokenSecret("pass word/+"));

    protected override void Prepare() => _vendor.On("POST", "/login", VendorResponse.Json(200, LoginResponse));

    protected override ExtremeCloudIQOptions NewOptions()
        => new() { BaseAddress = _vendor.BaseAddress, MaxRetries = 0, ApiToken = new TokenSecret("api.token.1") };

    protected override ExtremeCloudIQTokenClient Open(ExtremeCloudIQOptions options)
        => new("prod", options, new() { TimeProvider = _clock });

    protected int Logins() => _vendor.Requests.Count(request => request.Path == "/login");
}
