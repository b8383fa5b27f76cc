using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>
/// How the adapter of VMware Cloud Services exchanges its API token for an access token, and keeps and renews the access token.
/// </summary>
internal sealed class VMwareCloudSessionTests : VMwareCloudFixture
{
    [TestCase(TestName =
        "V2, V3, V4, V5, V8, V12, V14: the exchange is a form with api_token and nothing else; its response is sent as Bearer")]
    public async Task The_typed_client_exchanges_the_api_token_first()
    {
        await TypedClient.GetLoggedInUserAsync();

        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.ExactlyText(_vendor.Requests[0], "POST", Authorize, "api_token=own+token%2F%2B%22quoted%22", AcceptJson, Form);
        Sent.Exactly(_vendor.Requests[1], "GET", User, null, AcceptJson, Bearer);
    }

    [Test]
    public async Task Concurrent_callers_share_one_exchange()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TypedClient.GetLoggedInUserAsync()));

        Assert.That(_vendor.Requests.Select(request => request.Path), Is.EquivalentTo(Enumerable.Repeat(User, 8).Append(Authorize)));
    }

    [Test]
    public async Task The_access_token_is_renewed_before_it_expires_and_for_a_new_api_token()
    {
        await TypedClient.GetLoggedInUserAsync();
        _clock.Advance(TimeSpan.FromSeconds(1678));
        await TypedClient.GetLoggedInUserAsync();
        Assert.That(Exchanges(), Has.Count.EqualTo(1));

        _clock.Advance(TimeSpan.FromSeconds(91));
        await TypedClient.GetLoggedInUserAsync();
        Assert.That(Exchanges(), Has.Count.EqualTo(2));

        _options.ApiToken = new TokenSecret("another");
        await TypedClient.GetLoggedInUserAsync();
        Assert.That(Exchanges(), Has.Count.EqualTo(3));
        Assert.That(Exchanges()[2].Body, Is.EqualTo("api_token=another"));
    }

    // The margin is a tenth of the lifetime, and at most a minute. Without a lifetime, the access token is used until the vendor refuses
    // it.
    [TestCase("""{"access_token":"at-1"}""", 1)]
    [TestCase("""{"access_token":"at-1","expires_in":null}""", 1)]
    [TestCase("""{"access_token":"at-1","expires_in":9223372036854775807}""", 1)]
    [TestCase("""{"access_token":"at-1","expires_in":0}""", 2)]
    [TestCase("""{"access_token":"at-1","expires_in":-9223372036854775808}""", 2)]
    public async Task Invalid_lifetimes_of_the_access_token_are_handled(string response, int exchanges)
    {
        Respond("POST", Authorize, response);

        await TypedClient.GetLoggedInUserAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        await TypedClient.GetLoggedInUserAsync();

        Assert.That(Exchanges(), Has.Count.EqualTo(exchanges));
    }

    [Test]
    public async Task A_refused_access_token_is_renewed_once()
    {
        var exchanges = 0;
        _vendor.On("POST", Authorize,
            _ => VendorResponse.Json(200, $$"""{"access_token":"at-{{Interlocked.Increment(ref exchanges)}}","expires_in":1799}"""));
        _vendor.On("GET", User, request => request.Header("Authorization") == "Bearer at-2" ? VendorResponse.Json(
            200, """{"userId":"user-1"}""") : VendorResponse.Json(401, "{}"));

        Assert.That((await TypedClient.GetLoggedInUserAsync()).UserId, Is.EqualTo("user-1"));

        Assert.That(_vendor.Requests.Select(request => request.Path), Is.EqualTo(new[] { Authorize, User, Authorize, User }));
    }

    [Test]
    public void An_access_token_that_is_refused_again_is_an_error()
    {
        var exchanges = 0;
        _vendor.On("POST", Authorize,
            _ => VendorResponse.Json(200, $$"""{"access_token":"at-{{Interlocked.Increment(ref exchanges)}}","expires_in":1799}"""));
        Respond("GET", User, """{"message":"No."}""", 401);

        Assert.That(() => TypedClient.GetLoggedInUserAsync(), Throws.InstanceOf<ApiException>().With.Property("StatusCode").EqualTo(401));

        Assert.That(_vendor.Requests.Select(request => request.Path), Is.EqualTo(new[] { Authorize, User, Authorize, User }));
    }

    [TestCase(400, TestName = "V6: an exchange refused with 400")]
    [TestCase(404, TestName = "V6: an exchange refused with 404")]
    public async Task A_refused_exchange_reaches_the_caller_and_is_not_cached(int status)
    {
        Respond("POST", Authorize, """{"message":"invalid_grant: Invalid refresh token: xxxx...tN3NK"}""", status);

        var exception = Assert.CatchAsync(() => TypedClient.GetLoggedInUserAsync())!;

        Assert.That(exception.InnerException, Is.InstanceOf<ApiException>().With.Property("StatusCode").EqualTo(status));
        Assert.That(((ApiException)exception.InnerException!).Response, Does.Contain("invalid_grant"));
        Assert.That(exception.ToString(), Does.Not.Contain(OwnToken));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));

        Respond("POST", Authorize, AccessTokenResponse);
        Assert.That((await TypedClient.GetLoggedInUserAsync()).UserId, Is.EqualTo("user-1"));
    }

    [TestCase("{}")]
    [TestCase("""{"access_token":"","id_token":"hush"}""")]
    [TestCase("""{"access_token":["hush"]}""")]
    public void An_exchange_without_an_access_token_is_reported(string response)
    {
        Respond("POST", Authorize, response);

        var exception = Assert.CatchAsync(() => TypedClient.GetLoggedInUserAsync())!;

        Assert.That(exception.ToString(), Does.Contain("no 'access_token'").And.Not.Contain("hush"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_connection_whose_token_cannot_be_exchanged_can_still_read_by_secret()
    {
        Respond("POST", Authorize, "{}", 404);
        Respond("POST", Details, """{"tokenId":"x","deactivated":true}""");

        Assert.That((await _client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Deactivated));
        Assert.That(Exchanges(), Is.Empty);
    }
}
