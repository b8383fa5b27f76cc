using Newtonsoft.Json.Linq;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.ContractTests;

/// <summary>The base of the tests that create and change tokens. Its vendor carries out every request.</summary>
internal abstract class VMwareCloudWritingFixture : VMwareCloudFixture
{
    protected const string Create = "/csp/gateway/am/api/loggedin/user/api-tokens";
    protected const string Deactivate = "/csp/gateway/am/api/orgs/org-1/api-tokens/deactivate";
    protected const string IdTokenValue = "hush.hush-hush_hush";
    private const string Activate = "/csp/gateway/am/api/orgs/org-1/api-tokens/activate";

    protected static GenerateApiTokenRequestV2 Raw => new() { IdToken = IdTokenValue };

    protected override void Prepare()
    {
        base.Prepare();
        Respond("POST", Create, """{"apiToken":"new-secret"}""");
        Respond("POST", Details, """{"tokenId":"id-1","orgId":"org-1","tokenName":"as recorded","token":"new-secret","soon":1}""");
        _vendor.On("POST", Deactivate, request => VendorResponse.Json(
            200, new JObject { ["successes"] = JObject.Parse(request.Body)["ids"], ["failures"] = new JArray() }.ToString()));
        _vendor.On("POST", Activate,
            request => VendorResponse.Json(200, new JObject { ["successes"] = JObject.Parse(request.Body)["ids"] }.ToString()));
    }

    protected override VMwareCloudOptions NewOptions() => new()
        { BaseAddress = _vendor.BaseAddress, MaxRetries = 0, ApiToken = new TokenSecret("own-secret"), OrganizationId = "org-1" };
}
