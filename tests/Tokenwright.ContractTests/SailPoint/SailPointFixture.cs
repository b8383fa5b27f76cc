using Tokenwright.SailPoint;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>The base of the contract tests of the SailPoint adapter.</summary>
internal abstract class SailPointFixture : ContractFixture<SailPointTokenClient, SailPointOptions>
{
    protected static readonly (string, string) Bearer = ("Authorization", "Bearer at-1");

    protected override (string Vendor, string Connection) Names => ("SailPoint", "prod");

    protected override void Prepare() => _vendor.On("POST", "/oauth/token", VendorResponse.Json(
        200, """{"access_token":"at-1","token_type":"bearer","expires_in":749,"scope":"sp:scopes:all"}"""));

    protected override SailPointOptions NewOptions() => new()
    {
        BaseAddress = _vendor.BaseAddress,
        MaxRetries = 0,
        CreationSettleTime = TimeSpan.Zero,
        ClientId = "pat-id",
        ClientSecret = new TokenSecret("pat secret/+"),
    };

    protected SailPointTokenClient Client(string version) => Client(options => options.ApiVersion = version);

    protected override SailPointTokenClient Open(SailPointOptions options) => new("prod", options, new() { TimeProvider = _clock });
}
