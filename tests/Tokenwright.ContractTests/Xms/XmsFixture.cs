using Tokenwright.Xms;

namespace Tokenwright.ContractTests;

/// <summary>The base of the contract tests of the XMS adapter.</summary>
internal abstract class XmsFixture : ContractFixture<XmsTokenClient, XmsOptions>
{
    protected const string Validation = "/v1/access-tokens:validate";

    protected static readonly (string, string) Credential = ("Xms-Auth-Token", "own-secret");

    protected override (string Vendor, string Connection) Names => ("Xms", "lab");

    protected override XmsOptions NewOptions() => new()
    {
        BaseAddress = new Uri(_vendor.BaseAddress, "v1"),
        MaxRetries = 0,
        CreationSettleTime = TimeSpan.Zero,
        AccessToken = new TokenSecret("own-secret"),
    };

    protected override XmsTokenClient Open(XmsOptions options) => new("lab", options, new() { TimeProvider = _clock });
}
