using Tokenwright.ExtremeCloudIQ.Api;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud.Api;
using Tokenwright.Xms.Api;

namespace Tokenwright.ContractTests;

/// <summary>
/// Where live services differ from their documents in operations that the facade doesn't use yet, the typed clients accept both. The ids
/// are those of the specs' PROVENANCE.md.
/// </summary>
internal sealed class TypedClientDeviationTests
{
    private VendorServer _vendor = null!;
    private HttpClient _http = null!;

    [SetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        _http = new HttpClient { BaseAddress = _vendor.BaseAddress };
    }

    [TearDown]
    public void Stop()
    {
        _http.Dispose();
        _vendor.Dispose();
    }

    [Test]
    public async Task Q8_and_Q17_a_legacy_list_is_read_in_both_spellings_and_without_total_pages()
    {
        _vendor.On("GET", "/acct-api-token", VendorResponse.Json(200, """
            {"page":1,"count":2,"total_count":2,"data":[{"id":1,"access_token":"a","client_id":"c"},{"id":2,"accessToken":"b",
            "clientId":"d"}]}
            """));

        var page = await new ExtremeCloudIQApiClient(_http).ListApiAccessTokensAsync();

        Assert.That((page.Page, page.Count, page.TotalPages, page.TotalCount), Is.EqualTo(((int?)1, (int?)2, (int?)null, (long?)2)));
        var tokens = page.Data!.ToList();
        Assert.That(
            (tokens[0].AccessToken, tokens[0].ClientId, tokens[1].PublishedAccessToken, tokens[1].PublishedClientId),
            Is.EqualTo(("a", "c", "b", "d")));
    }

    [TestCase(200)]
    [TestCase(201)]
    public async Task Q8_a_legacy_create_sends_a_query_and_accepts_both_statuses(int status)
    {
        _vendor.On("POST", "/acct-api-token", VendorResponse.Json(status, """{"access_token":"a"}"""));

        var created = await new ExtremeCloudIQApiClient(_http).CreateApiAccessTokenAsync("client 1", 30);

        Assert.That(created.AccessToken, Is.EqualTo("a"));
        Sent.Exactly(_vendor.Requests.Single(), "POST", "/acct-api-token?clientId=client%201&tokenExpireInDay=30", null,
            ("Accept", "application/json"), ("Content-Type", "application/json; charset=utf-8"));
    }

    [Test]
    public async Task Q9_an_expiry_is_sent_in_seconds_and_read_as_a_time()
    {
        _vendor.On("POST", "/auth/apitoken",
            VendorResponse.Json(200, """{"access_token":"a","expire_time":"2026-09-07T14:50:03.000+0000"}"""));

        var created = await new ExtremeCloudIQApiClient(_http)
            .GenerateApiTokenAsync(new XiqGenerateApiTokenRequest { Permissions = ["auth:r"], ExpireTime = 1_788_000_000 });

        Assert.That(created.ExpireTime, Is.EqualTo(new DateTimeOffset(2026, 9, 7, 14, 50, 3, TimeSpan.Zero)));
        Sent.Exactly(_vendor.Requests.Single(), "POST", "/auth/apitoken", """{"permissions":["auth:r"],"expire_time":1788000000}""",
            ("Accept", "application/json"), ("Content-Type", "application/json"));
    }

    [TestCase(200)]
    [TestCase(201)]
    public async Task V17_a_create_accepts_both_statuses(int status)
    {
        _vendor.On("POST", "/csp/gateway/am/api/loggedin/user/api-tokens", VendorResponse.Json(status, """{"apiToken":"a"}"""));

        var created = await new VMwareCloudApiClient(_http).GenerateApiTokenAsync(
            new GenerateApiTokenRequestV2 { RefreshTokenTTL = 1800, AllowedScopes = new AllowedScopesDto(), IdToken = "i" });

        Assert.That(created.ApiToken, Is.EqualTo("a"));
    }

    [TestCase(200)]
    [TestCase(201)]
    public async Task X7_a_create_accepts_both_statuses(int status)
    {
        _vendor.On("POST", "/access-tokens/", VendorResponse.Json(status, """{"access_token":{"id":7,"uuid":"u"}}"""));

        var created = await new XmsApiClient(_http)
            .CreateAccessTokenAsync(new AccessTokenCreateReq { AccessToken = new() { Name = "n", Roles = ["r"] } });

        Assert.That((created.AccessToken!.Id, created.AccessToken.Uuid), Is.EqualTo(((long?)7, "u")));
        Sent.Exactly(_vendor.Requests.Single(), "POST", "/access-tokens/", """{"access_token":{"name":"n","roles":["r"]}}""",
            ("Accept", "application/json"), ("Content-Type", "application/json"));
    }
}
