using Tokenwright.SailPoint;
using Tokenwright.SailPoint.Api;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

/// <summary>Exchanged credentials, over sockets.</summary>
internal sealed class ExchangeOverTheWireTests
{
    // A credential that is already expired is still used for the call that fetched it.
    [TestCase("9223372036854775807", 1)]
    [TestCase("2147483647", 1)]
    [TestCase("99999999999999999999999999", 1)]
    [TestCase("1e400", 1)]
    [TestCase("\"soon\"", 1)]
    [TestCase("null", 1)]
    [TestCase("0", 2)]
    [TestCase("-1", 2)]
    [TestCase("-2147483648", 2)]
    public async Task Calls_work_with_any_lifetime_of_a_credential(string lifetime, int exchanges)
    {
        using var vendor = new VendorServer();
        vendor.On("POST", "/oauth/token", VendorResponse.Json(200, $$"""{"access_token":"at","expires_in":{{lifetime}}}"""));
        vendor.On("GET", "/v2025/personal-access-tokens", VendorResponse.Json(200, "[]"));
        using var client = Client(vendor);

        await client.ListAsync().ToListAsync();
        await client.ListAsync().ToListAsync();

        Assert.That(vendor.Requests.Count(request => request.Path == "/oauth/token"), Is.EqualTo(exchanges));
    }

    [Test]
    public async Task After_a_401_a_call_is_retried_once_with_a_new_value()
    {
        using var vendor = new VendorServer();
        var exchanges = 0;
        vendor.On("POST", "/oauth/token",
            _ => VendorResponse.Json(200, $$"""{"access_token":"at-{{Interlocked.Increment(ref exchanges)}}"}"""));
        vendor.On("GET", "/v2025/personal-access-tokens", request => request.Header(
            "Authorization") == "Bearer at-2" ? VendorResponse.Json(200, "[]") : VendorResponse.Json(401, """{"error":"expired"}"""));
        using var client = Client(vendor);

        Assert.That(await client.ListAsync().ToListAsync(), Is.Empty);

        Assert.That(vendor.Requests.Select(request => $"{request.Path} {request.Header("Authorization")}"), Is.EqualTo(new[]
        {
            "/oauth/token ", "/v2025/personal-access-tokens Bearer at-1", "/oauth/token ", "/v2025/personal-access-tokens Bearer at-2",
        }));
    }

    [Test]
    public void After_a_401_nothing_is_retried_if_the_value_is_the_same()
    {
        using var vendor = new VendorServer();
        vendor.On("POST", "/oauth/token", VendorResponse.Json(200, """{"access_token":"at"}"""));
        vendor.On("GET", "/v2025/personal-access-tokens", VendorResponse.Json(401, """{"error":"no"}"""));
        using var client = Client(vendor);

        Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenAuthenticationException>());

        Assert.That(vendor.Requests.Select(request => request.Path),
            Is.EqualTo(new[] { "/oauth/token", "/v2025/personal-access-tokens", "/oauth/token" }));
    }

    [Test]
    public async Task Concurrent_calls_share_one_exchange_over_the_wire()
    {
        using var vendor = new VendorServer();
        vendor.On("POST", "/oauth/token", VendorResponse.Json(200, """{"access_token":"at","expires_in":749}"""));
        vendor.On("GET", "/v2025/personal-access-tokens", VendorResponse.Json(200, "[]"));
        using var client = Client(vendor);

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => client.ListAsync().ToListAsync()));

        Assert.That(vendor.Requests.Count(request => request.Path == "/oauth/token"), Is.EqualTo(1));
        Assert.That(vendor.Requests, Has.Count.EqualTo(33));
    }

    [Test]
    public async Task A_credential_that_changes_at_run_time_is_used_for_later_calls()
    {
        using var vendor = new VendorServer();
        vendor.On("POST", "/oauth/token",
            request => VendorResponse.Json(200, $$"""{"access_token":"for {{request.Form()["client_secret"]}}"}"""));
        vendor.On("GET", "/v2025/personal-access-tokens", VendorResponse.Json(200, "[]"));
        var options = new SailPointOptions
            { BaseAddress = vendor.BaseAddress, MaxRetries = 0, ClientId = "id", ClientSecret = new TokenSecret("old") };
        using var client = new SailPointTokenClient("prod", options);

        await client.ListAsync().ToListAsync();
        options.ClientSecret = new TokenSecret("new");
        await client.ListAsync().ToListAsync();

        Assert.That(vendor.Requests.Select(request => request.Header("Authorization")),
            Is.EqualTo(new[] { null, "Bearer for old", null, "Bearer for new" }));
    }

    [Test]
    public void An_exchanged_secret_that_an_error_repeats_is_redacted()
    {
        using var vendor = new VendorServer();
        vendor.On("POST", "/oauth/token", VendorResponse.Json(200, """{"access_token":"exchanged-secret-value"}"""));
        vendor.On("GET", "/v2025/personal-access-tokens", VendorResponse.Json(403, """{"error":"not with exchanged-secret-value"}"""));
        using var client = Client(vendor);

        var exception = Assert.CatchAsync<TokenPermissionException>(async () => await client.ListAsync().ToListAsync())!;
        var typed = (ISailPointApiClient)client.GetService(typeof(ISailPointApiClient))!;
        var bare = Assert.CatchAsync<ApiException>(async () => await typed.ListPersonalAccessTokensAsync("v2025"))!;

        Assert.That(exception.VendorMessage, Is.EqualTo("not with ***"));
        Assert.That(bare.Response, Is.EqualTo("""{"error":"not with ***"}"""));
    }

    [Test]
    public void A_response_without_a_token_is_reported()
    {
        using var vendor = new VendorServer();
        vendor.On("POST", "/oauth/token", VendorResponse.Json(200, """{"token_type":"bearer"}"""));
        using var client = Client(vendor);

        Assert.That(async () => await client.ListAsync().ToListAsync(),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("access_token"));
    }

    private static SailPointTokenClient Client(VendorServer vendor)
        => new("prod", new SailPointOptions
            { BaseAddress = vendor.BaseAddress, MaxRetries = 0, ClientId = "id", ClientSecret = new TokenSecret("secret") });
}
