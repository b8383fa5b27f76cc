using System.Net;
using Tokenwright.ExtremeCloudIQ;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>How the ExtremeCloud IQ adapter signs in, and how it keeps and renews its session.</summary>
internal sealed class ExtremeCloudIQSessionTests : ExtremeCloudIQFixture
{
    [Test]
    public async Task Self_is_read_with_the_session_of_user_name_and_password()
    {
        Respond("GET", "/auth/apitoken/info", Info);
        using var client = Client(SignIn);

        await client.GetAsync(TokenReference.Self);

        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.Exactly(_vendor.Requests[0], "POST", "/login", LoginBody, AcceptJson, Json);
        Sent.Exactly(_vendor.Requests[1], "GET", "/auth/apitoken/info", null, AcceptJson, ("Authorization", "Bearer jwt-1"));
    }

    [Test]
    public async Task Concurrent_callers_share_one_session_until_shortly_before_it_expires()
    {
        Respond("GET", "/auth/apitoken/info", Info);
        using var client = Client(SignIn);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.GetAsync(TokenReference.Self)));
        Assert.That(Logins(), Is.EqualTo(1));

        _clock.Advance(TimeSpan.FromSeconds(86400 - 121));
        await client.GetAsync(TokenReference.Self);
        Assert.That(Logins(), Is.EqualTo(1));

        _clock.Advance(TimeSpan.FromSeconds(91));
        await client.GetAsync(TokenReference.Self);
        Assert.That(Logins(), Is.EqualTo(2));
    }

    [TestCase("""{"access_token":"jwt-1","token_type":"Bearer","expires_in":3600}""", 3479, 1,
        TestName = "Q15: a session of one hour is kept until two minutes before its end")]
    [TestCase("""{"access_token":"jwt-1","token_type":"Bearer","expires_in":3600}""", 3570, 2,
        TestName = "Q15: a session of one hour is not used any more half a minute before its end")]
    [TestCase("""{"access_token":"jwt-1","token_type":null,"expires_in":null}""", 700000, 1,
        TestName = "Q15: a session of unknown length is kept until it is refused")]
    public async Task Sessions_are_used_as_long_as_the_response_says(string response, int seconds, int logins)
    {
        Respond("POST", "/login", response);
        Respond("GET", "/auth/apitoken/info", Info);
        using var client = Client(SignIn);

        await client.GetAsync(TokenReference.Self);
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        await client.GetAsync(TokenReference.Self);

        Assert.That(Logins(), Is.EqualTo(logins));
    }

    [Test]
    public async Task A_refused_session_is_renewed_once()
    {
        var logins = 0;
        _vendor.On("POST", "/login", _ => VendorResponse.Json(
            200, LoginResponse.Replace("jwt-1", $"jwt-{Interlocked.Increment(ref logins)}", StringComparison.Ordinal)));
        _vendor.On("GET", "/auth/apitoken/info", request => request.Header(
            "Authorization") == "Bearer jwt-2" ? VendorResponse.Json(200, Info) : VendorResponse.Json(401, RevokedError));
        using var client = Client(SignIn);

        await client.GetAsync(TokenReference.Self);

        Assert.That(_vendor.Requests.Select(request => $"{request.Path} {request.Header("Authorization")}".TrimEnd()), Is.EqualTo(new[]
        {
            "/login", "/auth/apitoken/info Bearer jwt-1", "/login", "/auth/apitoken/info Bearer jwt-2",
        }));

        Respond("GET", "/auth/apitoken/info", RevokedError, 401);
        Assert.That(async () => await client.GetAsync(TokenReference.Self), Throws.TypeOf<TokenAuthenticationException>());
        Assert.That(_vendor.Requests, Has.Count.EqualTo(7));
    }

    [Test]
    public void A_refused_api_token_is_sent_once()
    {
        Respond("GET", "/auth/apitoken/info", RevokedError, 401);

        Assert.That(
            async () => await _client.GetAsync(TokenReference.Self),
            Throws.TypeOf<TokenAuthenticationException>().With.Property("VendorErrorCode").EqualTo("AUTH_TOKEN_REVOKED"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(400)]
    [TestCase(401)]
    public void A_refused_sign_in_is_an_authentication_error(int status)
    {
        Respond("POST", "/login", """{"error_code":"X","error_id":"e-1","error_message":"No user with pass word/+ here."}""", status);
        using var client = Client(SignIn);

        var exception = Assert.CatchAsync<TokenAuthenticationException>(async () => await client.GetAsync(TokenReference.Self))!;

        Assert.That(
            (exception.Status, exception.VendorErrorCode, exception.VendorRequestId), Is.EqualTo(((HttpStatusCode?)status, "X", "e-1")));
        Assert.That(exception.ToString(), Does.Contain("No user with *** here.").And.Not.Contain("pass word"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("""{"access_token":null,"token_type":"Bearer","expires_in":86400}""", "access_token")]
    [TestCase("""{"access_token":"jwt-1",""", "line 1")]
    public void A_sign_in_without_a_session_is_an_invalid_response(string response, string told)
    {
        Respond("POST", "/login", response);
        using var client = Client(SignIn);

        var exception = Assert.CatchAsync<TokenInvalidResponseException>(async () => await client.GetAsync(TokenReference.Self))!;

        Assert.That(exception.ToString(), Does.Contain(told).And.Not.Contain("jwt-1"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_credential_may_change_while_the_connection_is_open()
    {
        Respond("GET", "/auth/apitoken/info", Info);
        var options =
            new ExtremeCloudIQOptions { BaseAddress = _vendor.BaseAddress, MaxRetries = 0, ApiToken = new TokenSecret("api.token.1") };
        using var client = new ExtremeCloudIQTokenClient("prod", options, new() { TimeProvider = _clock });

        await client.GetAsync(TokenReference.Self);
        options.ApiToken = new TokenSecret("api.token.2");
        await client.GetAsync(TokenReference.Self);
        SignIn(options);
        await client.GetAsync(TokenReference.Self);

        Assert.That(_vendor.Requests.Select(request => request.Header("Authorization")),
            Is.EqualTo(new[] { "Bearer api.token.1", "Bearer api.token.2", null, "Bearer jwt-1" }));
    }
}
