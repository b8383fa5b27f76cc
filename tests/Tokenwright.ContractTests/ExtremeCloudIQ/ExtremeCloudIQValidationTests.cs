using System.Net;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>What the ExtremeCloud IQ adapter sends to validate tokens, which responses are a verdict, and which are an error.</summary>
internal sealed class ExtremeCloudIQValidationTests : ExtremeCloudIQFixture
{
    private static readonly (string, string) Text = ("Content-Type", "text/plain");

    [Test]
    public async Task Validate_sends_the_secret_as_plain_text_with_the_connections_credential()
    {
        _vendor.On("POST", "/auth/apitoken/:validate", VendorResponse.Empty(200));

        var validation = await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("other.api.token")));

        Assert.That(
            (validation.Verdict, validation.Reason, validation.Token), Is.EqualTo((TokenVerdict.Active, (string?)null, (ApiToken?)null)));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.ExactlyText(_vendor.Requests[0], "POST", "/auth/apitoken/:validate", "other.api.token", Text, Bearer);
    }

    [Test]
    public async Task Validate_of_self_sends_the_api_token()
    {
        _vendor.On("POST", "/auth/apitoken/:validate", VendorResponse.Empty(200));

        Assert.That((await _client.ValidateAsync(TokenReference.Self)).IsActive, Is.True);

        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.ExactlyText(_vendor.Requests[0], "POST", "/auth/apitoken/:validate", "api.token.1", Text, Bearer);
    }

    [Test]
    public async Task Validate_of_self_sends_the_session_token_and_drops_a_refused_one()
    {
        _vendor.On("POST", "/auth/apitoken/:validate", VendorResponse.Empty(401));
        using var client = Client(SignIn);

        Assert.That((await client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Unknown));

        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.Exactly(_vendor.Requests[0], "POST", "/login", LoginBody, AcceptJson, Json);
        Sent.ExactlyText(_vendor.Requests[1], "POST", "/auth/apitoken/:validate", "jwt-1", Text, ("Authorization", "Bearer jwt-1"));

        _vendor.On("POST", "/auth/apitoken/:validate", VendorResponse.Empty(200));
        await client.ValidateAsync(TokenReference.Self);
        await client.ValidateAsync(TokenReference.Self);
        Assert.That(Logins(), Is.EqualTo(2));
    }

    [TestCase("", TokenVerdict.Unknown, "doesn't show whether it is wrong, expired or revoked")]
    [TestCase(RevokedError, TokenVerdict.Revoked, "says that it was revoked")]
    [TestCase(GatewayError, TokenVerdict.Unknown, "doesn't show whether it is wrong, expired or revoked",
        TestName = "Q7: the gateway's refusal doesn't show why")]
    [TestCase("[]", TokenVerdict.Unknown, "doesn't show whether it is wrong, expired or revoked")]
    [TestCase("<html>Sign in</html>", TokenVerdict.Undetermined, "isn't the API's", TestName = "Q14: a page that refuses is no verdict")]
    public async Task A_refused_token_is_a_verdict(string body, TokenVerdict verdict, string reason)
    {
        _vendor.On("POST", "/auth/apitoken/:validate", request => request.Body == "api.token.1" ? VendorResponse.Empty(200)
            : body.StartsWith('<') ? VendorResponse.Html(401, body) : VendorResponse.Json(401, body));

        var validation = await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("other.api.token")));

        Assert.That((validation.Verdict, validation.IsActive), Is.EqualTo((verdict, false)));
        Assert.That(validation.Reason, Does.Contain(reason).And.Contain("HTTP 401").And.Not.Contain("other.api.token"));
        Assert.That(Bodies(), Is.EqualTo(verdict == TokenVerdict.Undetermined
            ? "other.api.token as api.token.1" : "other.api.token as api.token.1, api.token.1 as api.token.1"));
    }

    // A server that requires a credential refuses a good token if the credential is wrong. That is no verdict about the token.
    [TestCase("")]
    [TestCase(RevokedError)]
    [TestCase(GatewayError)]
    public void A_refusal_of_the_connections_own_credential_is_no_verdict_about_another_token(string body)
    {
        _vendor.On("POST", "/auth/apitoken/:validate", VendorResponse.Json(401, body));

        Assert.That(async () => await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("other.api.token"))),
            Throws.TypeOf<TokenAuthenticationException>().With.Property("Status").EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(Bodies(), Is.EqualTo("other.api.token as api.token.1, api.token.1 as api.token.1"));
    }

    [TestCase("good.api.token", TokenVerdict.Active, "good.api.token as jwt-1, jwt-1 as jwt-1, good.api.token as jwt-2")]
    [TestCase("bad.api.token", TokenVerdict.Unknown,
        "bad.api.token as jwt-1, jwt-1 as jwt-1, bad.api.token as jwt-2, jwt-2 as jwt-2")]
    public async Task A_session_that_has_ended_is_renewed_before_another_token_is_judged(string secret, TokenVerdict verdict, string bodies)
    {
        var logins = 0;
        _vendor.On("POST", "/login", _ => VendorResponse.Json(
            200, LoginResponse.Replace("jwt-1", $"jwt-{Interlocked.Increment(ref logins)}", StringComparison.Ordinal)));
        _vendor.On("POST", "/auth/apitoken/:validate", request => VendorResponse.Empty(
            request.Header("Authorization") == "Bearer jwt-2" && request.Body is "good.api.token" or "jwt-2" ? 200 : 401));
        using var client = Client(SignIn);

        var validation = await client.ValidateAsync(TokenReference.BySecret(new TokenSecret(secret)));

        Assert.That(validation.Verdict, Is.EqualTo(verdict));
        Assert.That(Bodies(), Is.EqualTo(bodies));
        Assert.That(Logins(), Is.EqualTo(2));

        // Wrong tokens don't end a session that works.
        await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("bad.api.token")));
        Assert.That(Logins(), Is.EqualTo(2));
    }

    private string Bodies()
        => string.Join(", ", _vendor.Requests.Where(request => request.Path == "/auth/apitoken/:validate")
            .Select(request => $"{request.Body} as {request.Header("Authorization")?["Bearer ".Length..]}"));

    [Test]
    public void A_response_without_a_verdict_is_an_exception()
    {
        Respond("POST", "/auth/apitoken/:validate",
            """{"error_code":"X","error_id":"e","error_message":"other.api.token broke it."}""", 500);

        Assert.That(
            async () => await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("other.api.token"))),
            Throws.TypeOf<TokenServiceUnavailableException>().With.Property("VendorMessage")
                .EqualTo("*** broke it.").And.Property("Operation").EqualTo(TokenOperation.Validate));
    }

    [Test]
    public void Q14_a_page_in_place_of_a_response_is_no_success()
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Html(200, "<html>Sign in first</html>"));
        _vendor.On("POST", "/auth/apitoken/:validate", VendorResponse.Html(200, "<html>Sign in first</html>"));

        foreach (var call
            in new Func<Task>[] { () => _client.GetAsync(TokenReference.Self), () => _client.ValidateAsync(TokenReference.Self) })
        {
            var exception = Assert.CatchAsync<TokenInvalidResponseException>(async () => await call())!;
            Assert.That(exception.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(exception.ToString(), Does.Contain("HTML page").And.Not.Contain("Sign in first"));
        }
    }

    [Test]
    public void Q14_a_redirect_is_not_followed()
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Empty(302).With("Location", "https://portal.example.net/sso?ticket=t-1"));

        var exception = Assert.CatchAsync<TokenClientException>(async () => await _client.GetAsync(TokenReference.Self))!;

        Assert.That(exception, Is.TypeOf<TokenClientException>());
        Assert.That(exception.Status, Is.EqualTo(HttpStatusCode.Found));
        Assert.That(exception.Message, Does.Contain("https://portal.example.net").And.Not.Contain("ticket"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Q14_a_page_that_refuses_a_secret_does_not_prove_anything_about_the_token()
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Html(401, "<html>Sign in</html>"));

        Assert.That(
            async () => await _client.GetAsync(TokenReference.BySecret(new TokenSecret("other.api.token"))),
            Throws.TypeOf<TokenAuthenticationException>().With.Property("VendorMessage")
                .Contains("did something in front of the API respond?"));
    }

    private static readonly TestCaseData[] Errors =
    [
        new(400, """{"error_code":"C","error_id":"e-1","error_message":"Wrong."}""", typeof(TokenInvalidRequestException), "C", "Wrong.",
            "e-1"),
        new(401, RevokedError, typeof(TokenAuthenticationException), "AUTH_TOKEN_REVOKED", null, "bcfe97b5092f4101a3b69417a6328ba4")
            { TestName = "Q6: an error without its message" },
        new(401, GatewayError, typeof(TokenAuthenticationException), "UNAUTHORIZED",
            "Authentication failed: Invalid access token or API key", null) { TestName = "Q7: the gateway's error" },
        new(401, "", typeof(TokenAuthenticationException), null, null, null),
        new(403, """{"error_code":"C","error_id":"e-2","error_message":"No.","error_message_code":"M","error_message_description":"No """ +
            """right.","error_params":{"a":"b"}}""", typeof(TokenPermissionException), "C", "No.: No right.", "e-2"),
        new(403, """{"error_message_code":"M","error_message_description":"No right."}""", typeof(TokenPermissionException), "M",
            "No right.", null),
        new(404, """{"error_code":"C","error_id":"e-3","error_message":"Gone.","error_message_description":"Gone."}""",
            typeof(TokenNotFoundException), "C", "Gone.", "e-3"),
        new(429, "", typeof(TokenRateLimitedException), null, null, null),
        new(500, """{"error_code":"C","error_id":null,"error_message":""}""", typeof(TokenServiceUnavailableException), "C", null, null),
        new(503, "<html>down</html>", typeof(TokenServiceUnavailableException), null,
            "the body is application/json, not JSON; did something in front of the API respond?", null)
            { TestName = "Q14: a page with an error" },
    ];

    [TestCaseSource(nameof(Errors))]
    public void Errors_become_TokenClientExceptions(int status, string body, Type type, string? code, string? message, string? requestId)
    {
        _vendor.On("GET", "/auth/apitoken/info",
            VendorResponse.Json(status, body).With("Retry-After", "7").With("RateLimit-Reset", "1800"));

        var exception = Assert.CatchAsync<TokenClientException>(async () => await _client.GetAsync(TokenReference.Self))!;

        AssertFailure(exception, TokenOperation.Get, status, type, (code, message, requestId));
    }

    [Test]
    public void The_field_of_an_error_is_a_problem()
    {
        Respond("GET", "/auth/apitoken/info",
            """{"error_code":"C","error_id":"e","error_message":"Wrong.","error_params":{"field":"expire_time","value":"1"}}""", 400);

        var exception = Assert.CatchAsync<TokenInvalidRequestException>(async () => await _client.GetAsync(TokenReference.Self))!;

        Assert.That(exception.Problems, Is.EqualTo(new[] { new TokenRequestProblem("expire_time", "Wrong.") }));
    }

    // No wait is longer than MaxRetryAfter.
    [TestCase(429, "180", 180)]
    [TestCase(429, "1800", 300)]
    [TestCase(503, "180", null)]
    public void The_wait_for_a_new_quota_is_reported_without_Retry_After(int status, string reset, int? seconds)
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Empty(status).With(
            "RateLimit-Limit", "7500;w=3600").With("RateLimit-Remaining", "0").With("RateLimit-Reset", reset));

        var exception = Assert.CatchAsync<TokenClientException>(async () => await _client.GetAsync(TokenReference.Self))!;

        Assert.That(exception.RetryAfter?.TotalSeconds, Is.EqualTo(seconds));
    }
}
