using System.Text.Json.Nodes;
using Tokenwright.SpecTests.Spec;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.ContractTests;

/// <summary>The base of the contract tests of the adapter of VMware Cloud Services.</summary>
internal abstract class VMwareCloudFixture : ContractFixture<VMwareCloudTokenClient, VMwareCloudOptions>
{
    protected const string Authorize = "/csp/gateway/am/api/auth/api-tokens/authorize";
    protected const string Details = "/csp/gateway/am/api/auth/api-tokens/details";
    protected const string User = "/csp/gateway/am/api/loggedin/user";
    protected const string OwnToken = "own token/+\"quoted\"";
    protected const string AccessTokenResponse =
        """{"id_token":null,"token_type":"bearer","expires_in":1799,"scope":"openid csp:""" +
        """org_member","access_token":"at-1","refresh_token":null}""";

    protected static readonly (string, string) Bearer = ("Authorization", "Bearer at-1");

    /// <summary>Gets the example of a token's record in the vendor's documents, from the spec.</summary>
    protected static JsonNode DocumentedRecord
        => SpecFile.Of("vmwarecloud").Operations.Single(operation => operation.Name == "getApiTokenDetails")
            .Node["responses"]!["200"]!["content"]!["application/json"]!["examples"]!["documented"]!["value"]!;

    protected IVMwareCloudApiClient TypedClient => Typed<IVMwareCloudApiClient>();

    protected override (string Vendor, string Connection) Names => ("VMwareCloud", "prod");

    protected override void Prepare()
    {
        _vendor.On("POST", Authorize, VendorResponse.Json(200, AccessTokenResponse));
        _vendor.On("GET", User, VendorResponse.Json(200, """{"userId":"user-1"}"""));
    }

    protected override VMwareCloudOptions NewOptions()
        => new() { BaseAddress = _vendor.BaseAddress, MaxRetries = 0, ApiToken = new TokenSecret(OwnToken) };

    protected override VMwareCloudTokenClient Open(VMwareCloudOptions options) => new("prod", options, new() { TimeProvider = _clock });

    protected List<ReceivedRequest> Exchanges() => [.. _vendor.Requests.Where(request => request.Path == Authorize)];
}
