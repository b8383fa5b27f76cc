using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Tokenwright.ExtremeCloudIQ;
using Tokenwright.ExtremeCloudIQ.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>What the ExtremeCloud IQ adapter sends and how it reads what comes back.</summary>
internal sealed class ExtremeCloudIQContractTests
{
    private const string LoginResponse = """{"access_token":"jwt-1","token_type":"Bearer","expires_in":86400}""";
    private const string LoginBody = """{"username":"ann@example.net","password":"pass word/+"}""";
    private const string Info = """
        {"user_name":"api@example.net","user_id":9007199254740993,"role":"MONITOR","owner_id":42,"data_center":"US-EAST","scopes":["auth:r",
        "device:list"],
         "issued_at":"2026-08-31T14:50:03.000+0000","expiration_time":"2026-09-07T14:50:03.000+0000","expires_in":604800,"soon":{"a":1}}
        """;

    private const string RevokedError = """{"error_code":"AUTH_TOKEN_REVOKED","error_id":"bcfe97b5092f4101a3b69417a6328ba4"}""";
    private const string GatewayError =
        """{"code":"UNAUTHORIZED","message":"Authentication failed","details":"Invalid access token or API key"}""";

    private static readonly (string, string) AcceptJson = ("Accept", "application/json");
    private static readonly (string, string) Bearer = ("Authorization", "Bearer api.token.1");
    private static readonly (string, string) Json = ("Content-Type", "application/json");
    private static readonly (string, string) Text = ("Content-Type", "text/plain");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero));
    private VendorServer _vendor = null!;
    private ExtremeCloudIQTokenClient _client = null!;

    [SetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        _vendor.On("POST", "/login", VendorResponse.Json(200, LoginResponse));
        _client = Client();
    }

    [TearDown]
    public void Stop()
    {
        _client.Dispose();
        _vendor.Dispose();
    }

    [Test]
    public async Task Self_is_read_with_the_api_token_as_it_stands()
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(200, Info));

        await _client.GetAsync(TokenReference.Self);

        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "GET", "/auth/apitoken/info", null, AcceptJson, Bearer);
    }

    [Test]
    public async Task Self_is_read_with_the_session_of_user_name_and_password()
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(200, Info));
        using var client = Client(SignIn);

        await client.GetAsync(TokenReference.Self);

        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.Exactly(_vendor.Requests[0], "POST", "/login", LoginBody, AcceptJson, Json);
        Sent.Exactly(_vendor.Requests[1], "GET", "/auth/apitoken/info", null, AcceptJson, ("Authorization", "Bearer jwt-1"));
    }

    [Test]
    public async Task A_token_is_read_by_its_secret_without_the_connections_credential()
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(200, Info));
        using var client = Client(SignIn);

        var token = await client.GetAsync(TokenReference.BySecret(new TokenSecret("other.api.token")));

        Assert.That(token.Owner!.Name, Is.EqualTo("api@example.net"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "GET", "/auth/apitoken/info", null, AcceptJson, ("Authorization", "Bearer other.api.token"));
    }

    [Test]
    public async Task Every_field_is_mapped()
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(200, Info));

        var token = await _client.GetAsync(TokenReference.Self);

        var raw = (XiqApiTokenInfo)token.Raw!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Vendor, Is.EqualTo("ExtremeCloudIQ"));
            Assert.That(token.Connection, Is.EqualTo("prod"));
            Assert.That(token.Kind.ToString(), Is.EqualTo("api token"));
            Assert.That((token.Id, token.Key, token.Name, token.Description),
                Is.EqualTo(((string?)null, (string?)null, (string?)null, (string?)null)));
            Assert.That(
                (token.Owner!.Kind, token.Owner.Id, token.Owner.Name), Is.EqualTo(((string?)null, "9007199254740993", "api@example.net")));
            Assert.That(token.Scopes.Select(scope => scope.Value), Is.EqualTo(new[] { "auth:r", "device:list" }));
            Assert.That(token.Roles.Select(role => role.Value), Is.EqualTo(new[] { "MONITOR" }));
            Assert.That(token.CreatedAt, Is.EqualTo(new DateTimeOffset(2026, 8, 31, 14, 50, 3, TimeSpan.Zero)));
            Assert.That(token.ExpiresAt, Is.EqualTo(new DateTimeOffset(2026, 9, 7, 14, 50, 3, TimeSpan.Zero)));
            Assert.That((token.UpdatedAt, token.LastUsedAt), Is.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)null)));
            Assert.That(token.NeverExpires, Is.False);
            Assert.That(token.State, Is.EqualTo(TokenState.Active));
            Assert.That(token.NativeStatus, Is.Null);
            Assert.That((raw.Owner_id, raw.Data_center, raw.Expires_in), Is.EqualTo(((long?)42, "US-EAST", (long?)604800)));
            Assert.That(token.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = """{"a":1}""" }));
        }
    }

    [Test]
    public async Task One_session_serves_concurrent_callers_until_shortly_before_its_end()
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(200, Info));
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
    public async Task Sessions_live_as_long_as_the_response_says(string response, int seconds, int logins)
    {
        _vendor.On("POST", "/login", VendorResponse.Json(200, response));
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(200, Info));
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

        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(401, RevokedError));
        Assert.That(async () => await client.GetAsync(TokenReference.Self), Throws.TypeOf<TokenAuthenticationException>());
        Assert.That(_vendor.Requests, Has.Count.EqualTo(7));
    }

    [Test]
    public void A_refused_api_token_is_sent_once()
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(401, RevokedError));

        Assert.That(
            async () => await _client.GetAsync(TokenReference.Self),
            Throws.TypeOf<TokenAuthenticationException>().With.Property("VendorErrorCode").EqualTo("AUTH_TOKEN_REVOKED"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(400)]
    [TestCase(401)]
    public void A_refused_sign_in_is_one_clear_error(int status)
    {
        _vendor.On("POST", "/login",
            VendorResponse.Json(status, """{"error_code":"X","error_id":"e-1","error_message":"No user with pass word/+ here."}"""));
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
        _vendor.On("POST", "/login", VendorResponse.Json(200, response));
        using var client = Client(SignIn);

        var exception = Assert.CatchAsync<TokenInvalidResponseException>(async () => await client.GetAsync(TokenReference.Self))!;

        Assert.That(exception.ToString(), Does.Contain(told).And.Not.Contain("jwt-1"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_credential_may_change_while_the_connection_is_open()
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(200, Info));
        var options =
            new ExtremeCloudIQOptions { BaseAddress = _vendor.BaseAddress, MaxRetries = 0, ApiToken = new TokenSecret("api.token.1") };
        using var client = new ExtremeCloudIQTokenClient("prod", options, timeProvider: _clock);

        await client.GetAsync(TokenReference.Self);
        options.ApiToken = new TokenSecret("api.token.2");
        await client.GetAsync(TokenReference.Self);
        SignIn(options);
        await client.GetAsync(TokenReference.Self);

        Assert.That(_vendor.Requests.Select(request => request.Header("Authorization")),
            Is.EqualTo(new[] { "Bearer api.token.1", "Bearer api.token.2", null, "Bearer jwt-1" }));
    }

    [TestCase("""{"error_code":"AUTH_TOKEN_REVOKED","error_id":"e"}""", "says that it was revoked")]
    [TestCase(GatewayError, "doesn't tell wrong, expired and revoked ones apart")]
    [TestCase("", "doesn't tell wrong, expired and revoked ones apart")]
    public void A_refused_secret_is_a_token_that_is_not_there(string body, string detail)
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(401, body));

        var exception = Assert.CatchAsync<TokenNotFoundException>(
            async () => await _client.GetAsync(TokenReference.BySecret(new TokenSecret("other.api.token"))))!;

        Assert.That(
            (exception.Vendor, exception.Connection, exception.Operation), Is.EqualTo(("ExtremeCloudIQ", "prod", TokenOperation.Get)));
        Assert.That(exception.ToString(), Does.Contain("secret ***").And.Contain(detail).And.Not.Contain("other.api.token"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_secret_without_the_right_to_read_itself_is_not_a_missing_token()
    {
        _vendor.On("GET", "/auth/apitoken/info",
            VendorResponse.Json(403, """{"error_code":"X","error_id":"e","error_message":"other.api.token may not."}"""));

        Assert.That(
            async () => await _client.GetAsync(TokenReference.BySecret(new TokenSecret("other.api.token"))),
            Throws.TypeOf<TokenPermissionException>().With.Property("VendorMessage").EqualTo("*** may not."));
    }

    [Test]
    public async Task Validate_sends_the_secret_as_plain_text_without_a_credential()
    {
        _vendor.On("POST", "/auth/apitoken/:validate", VendorResponse.Empty(200));

        var validation = await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("other.api.token")));

        Assert.That(
            (validation.Verdict, validation.Reason, validation.Token), Is.EqualTo((TokenVerdict.Active, (string?)null, (ApiToken?)null)));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.ExactlyText(_vendor.Requests[0], "POST", "/auth/apitoken/:validate", "other.api.token", Text);
    }

    [Test]
    public async Task Validate_of_self_sends_the_api_token()
    {
        _vendor.On("POST", "/auth/apitoken/:validate", VendorResponse.Empty(200));

        Assert.That((await _client.ValidateAsync(TokenReference.Self)).IsActive, Is.True);

        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.ExactlyText(_vendor.Requests[0], "POST", "/auth/apitoken/:validate", "api.token.1", Text);
    }

    [Test]
    public async Task Validate_of_self_sends_the_session_token_and_drops_a_refused_one()
    {
        _vendor.On("POST", "/auth/apitoken/:validate", VendorResponse.Empty(401));
        using var client = Client(SignIn);

        Assert.That((await client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Unknown));

        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.Exactly(_vendor.Requests[0], "POST", "/login", LoginBody, AcceptJson, Json);
        Sent.ExactlyText(_vendor.Requests[1], "POST", "/auth/apitoken/:validate", "jwt-1", Text);

        _vendor.On("POST", "/auth/apitoken/:validate", VendorResponse.Empty(200));
        await client.ValidateAsync(TokenReference.Self);
        await client.ValidateAsync(TokenReference.Self);
        Assert.That(Logins(), Is.EqualTo(2));
    }

    [TestCase("", TokenVerdict.Unknown, "doesn't tell wrong, expired and revoked ones apart")]
    [TestCase(RevokedError, TokenVerdict.Revoked, "says that it was revoked")]
    [TestCase(GatewayError, TokenVerdict.Unknown, "doesn't tell wrong, expired and revoked ones apart",
        TestName = "Q7: the gateway's refusal doesn't tell why")]
    [TestCase("[]", TokenVerdict.Unknown, "doesn't tell wrong, expired and revoked ones apart")]
    [TestCase("<html>Sign in</html>", TokenVerdict.Undetermined, "isn't the API's", TestName = "Q14: a page that refuses is no verdict")]
    public async Task A_refused_token_is_a_verdict(string body, TokenVerdict verdict, string reason)
    {
        _vendor.On("POST", "/auth/apitoken/:validate",
            body.StartsWith('<') ? VendorResponse.Html(401, body) : VendorResponse.Json(401, body));

        var validation = await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("other.api.token")));

        Assert.That((validation.Verdict, validation.IsActive), Is.EqualTo((verdict, false)));
        Assert.That(validation.Reason, Does.Contain(reason).And.Contain("HTTP 401").And.Not.Contain("other.api.token"));
    }

    [Test]
    public void What_is_no_verdict_on_a_token_is_an_exception()
    {
        _vendor.On("POST", "/auth/apitoken/:validate",
            VendorResponse.Json(500, """{"error_code":"X","error_id":"e","error_message":"other.api.token broke it."}"""));

        Assert.That(
            async () => await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("other.api.token"))),
            Throws.TypeOf<TokenServiceUnavailableException>().With.Property("VendorMessage")
                .EqualTo("*** broke it.").And.Property("Operation").EqualTo(TokenOperation.Validate));
    }

    [Test]
    public void Q14_a_page_in_place_of_an_response_is_no_success()
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
    public void Q14_a_page_that_refuses_a_secret_says_nothing_of_the_token()
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Html(401, "<html>Sign in</html>"));

        Assert.That(
            async () => await _client.GetAsync(TokenReference.BySecret(new TokenSecret("other.api.token"))),
            Throws.TypeOf<TokenAuthenticationException>().With.Property("VendorMessage")
                .Contains("did something in front of the API respond?"));
    }

    // Each is a way in which live responses differ from the documents.
    [TestCase("""{"issued_at":"2026-09-07T14:50:03.000+0000"}""", "2026-09-07T14:50:03.0000000Z",
        TestName = "Q2: an offset without a colon")]
    [TestCase("""{"issued_at":"2026-09-07T16:50:03.000+0200"}""", "2026-09-07T14:50:03.0000000Z",
        TestName = "Q2: an offset without a colon that is not zero")]
    [TestCase("""{"issued_at":"2026-09-07T14:50:03.000+00:00"}""", "2026-09-07T14:50:03.0000000Z", TestName = "Q2: an offset with a colon")]
    [TestCase("""{"issued_at":""}""", null, TestName = "An empty time")]
    [TestCase("{}", null, TestName = "Q5: required members left out")]
    [TestCase("""{"user_name":null,"user_id":null,"role":null,"owner_id":null,"data_center":null,"scopes":null,"issued_at":""" +
        """null,"expiration_time":null,"expires_in":null}""", null, TestName = "N1: nulls in required members")]
    public async Task Odd_values_are_read(string body, string? created)
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(200, body));

        var token = await _client.GetAsync(TokenReference.Self);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.CreatedAt?.UtcDateTime.ToString("O"), Is.EqualTo(created));
            Assert.That(token.Owner, Is.Null);
            Assert.That(token.Scopes, Is.Empty);
            Assert.That(token.Roles, Is.Empty);
            Assert.That((token.ExpiresAt, token.NeverExpires, token.State), Is.EqualTo(((DateTimeOffset?)null, false, TokenState.Active)));
        }
    }

    [Test]
    public async Task What_cannot_be_read_is_null_and_kept_raw()
    {
        _vendor.On("GET", "/auth/apitoken/info",
            VendorResponse.Json(
            200, """{"user_id":"one","role":" ","user_name":"ann","scopes":"all","issued_at":"yesterday","expiration_time":"never","ex""" +
            """pires_in":604800}"""));

        var token = await _client.GetAsync(TokenReference.Self);

        Assert.That((token.Owner!.Id, token.Owner.Name, token.CreatedAt, token.ExpiresAt, token.NeverExpires),
            Is.EqualTo(((string?)null, "ann", (DateTimeOffset?)null, (DateTimeOffset?)null, false)));
        Assert.That(token.Roles, Is.Empty);
        Assert.That(token.UnknownFields, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["user_id"] = "\"one\"",
            ["scopes"] = "\"all\"",
            ["issued_at"] = "\"yesterday\"",
            ["expiration_time"] = "\"never\"",
        }));
    }

    [Test]
    public async Task Q3_the_end_is_not_reckoned_from_expires_in()
    {
        _vendor.On("GET", "/auth/apitoken/info",
            VendorResponse.Json(200, """{"issued_at":"2026-08-31T14:50:03.000+0000","expires_in":604800}"""));

        var token = await _client.GetAsync(TokenReference.Self);

        Assert.That(token.ExpiresAt, Is.Null);
        Assert.That(((XiqApiTokenInfo)token.Raw!).Expires_in, Is.EqualTo(604800));
    }

    [Test]
    public async Task Q4_a_platform_one_key_shows_the_session_that_each_call_makes()
    {
        _vendor.On("GET", "/auth/apitoken/info", _ => VendorResponse.Json(200, Info
            .Replace("2026-08-31T14:50:03.000+0000", _clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'.000+0000'"),
                StringComparison.Ordinal)
            .Replace("2026-09-07T14:50:03.000+0000", _clock.GetUtcNow().AddDays(7).ToString("yyyy-MM-dd'T'HH:mm:ss'.000+0000'"),
                StringComparison.Ordinal)));
        using var client = Client(options => options.ApiToken = new TokenSecret("extr_sk_1"));

        var first = await client.GetAsync(TokenReference.Self);
        _clock.Advance(TimeSpan.FromDays(1));
        var second = await client.GetAsync(TokenReference.Self);

        Assert.That(_vendor.Requests[0].Header("Authorization"), Is.EqualTo("Bearer extr_sk_1"));
        Assert.That((second.CreatedAt - first.CreatedAt, second.ExpiresAt - first.ExpiresAt),
            Is.EqualTo(((TimeSpan?)TimeSpan.FromDays(1), (TimeSpan?)TimeSpan.FromDays(1))));
        Assert.That(client.Metadata.Capabilities[TokenOperation.Get].Remark, Does.Contain("Platform ONE"));
    }

    [Test]
    public async Task A_token_that_could_be_read_is_active_whatever_the_clock_says()
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(200, Info));
        _clock.SetUtcNow(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.That((await _client.GetAsync(TokenReference.Self)).State, Is.EqualTo(TokenState.Active));
    }

    [TestCase("Administrator", TestName = "Q18: a role that isn't in capitals")]
    [TestCase("NEW_ROLE", TestName = "Q18: a role that isn't known")]
    public async Task Roles_are_kept_as_they_are(string role)
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(200, Info.Replace("MONITOR", role, StringComparison.Ordinal)));

        Assert.That((await _client.GetAsync(TokenReference.Self)).Roles.Single().Value, Is.EqualTo(role));
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
    public void Errors_become_one_family(int status, string body, Type type, string? code, string? message, string? requestId)
    {
        _vendor.On("GET", "/auth/apitoken/info",
            VendorResponse.Json(status, body).With("Retry-After", "7").With("RateLimit-Reset", "1800"));

        var exception = Assert.CatchAsync<TokenClientException>(async () => await _client.GetAsync(TokenReference.Self))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception, Is.TypeOf(type));
            Assert.That(
                (exception.Vendor, exception.Connection, exception.Operation), Is.EqualTo(("ExtremeCloudIQ", "prod", TokenOperation.Get)));
            Assert.That(exception.Status, Is.EqualTo((HttpStatusCode)status));
            Assert.That(
                (exception.VendorErrorCode, exception.VendorMessage, exception.VendorRequestId), Is.EqualTo((code, message, requestId)));
            Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
            Assert.That(exception.IsTransient, Is.EqualTo(status is 429 or 500 or 503));
        }
    }

    [Test]
    public void The_field_of_an_error_is_a_problem()
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(
            400, """{"error_code":"C","error_id":"e","error_message":"Wrong.","error_params":{"field":"expire_time","value":"1"}}"""));

        var exception = Assert.CatchAsync<TokenInvalidRequestException>(async () => await _client.GetAsync(TokenReference.Self))!;

        Assert.That(exception.Problems, Is.EqualTo(new[] { new TokenRequestProblem("expire_time", "Wrong.") }));
    }

    // No wait is longer than MaxRetryAfter.
    [TestCase(429, "180", 180)]
    [TestCase(429, "1800", 300)]
    [TestCase(503, "180", null)]
    public void The_wait_for_a_new_quota_is_told_without_Retry_After(int status, string reset, int? seconds)
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Empty(status).With(
            "RateLimit-Limit", "7500;w=3600").With("RateLimit-Remaining", "0").With("RateLimit-Reset", reset));

        var exception = Assert.CatchAsync<TokenClientException>(async () => await _client.GetAsync(TokenReference.Self))!;

        Assert.That(exception.RetryAfter?.TotalSeconds, Is.EqualTo(seconds));
    }

    private static readonly TestCaseData[] Unsupported =
    [
        Case(client => client.ListAsync().ToListAsync(), TokenOperation.List, "no list", "by its secret"),
        Case(client => client.GetAsync(TokenReference.ById("1")), TokenOperation.Get, "named by Id", "Secret, Self"),
        Case(client => client.ValidateAsync(TokenReference.ByIdAndSecret("1", new TokenSecret("s"))), TokenOperation.Validate,
            "named by IdAndSecret", "Secret, Self"),
        Case(client => client.UpdateAsync(TokenReference.Self, new UpdateTokenRequest()), TokenOperation.Update, "can't be changed",
            "Create another"),
        Case(client => client.RegenerateAsync(TokenReference.Self), TokenOperation.Regenerate, "never replaces", "Create another"),
        Case(client => client.RevokeAsync(TokenReference.ById("1")), TokenOperation.Revoke, "named by Id", "Secret, Self"),
    ];

    [TestCaseSource(nameof(Unsupported))]
    public void What_cannot_be_done_is_said_before_anything_is_sent(
        Func<ITokenClient, Task> call, TokenOperation operation, string reason, string alternative)
    {
        var exception = Assert.CatchAsync<TokenOperationNotSupportedException>(async () => await call(_client))!;

        Assert.That(exception.Operation, Is.EqualTo(operation));
        Assert.That(exception.Reason, Does.Contain(reason));
        Assert.That(exception.Alternative, Does.Contain(alternative));
        Assert.That(_vendor.Requests, Is.Empty);
    }

    [Test]
    public void The_capabilities_gives_the_vendors_limits()
    {
        var capabilities = _client.Metadata.Capabilities;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((capabilities.Limits.CallsPerWindow, capabilities.Limits.CallWindow),
                Is.EqualTo(((int?)7500, (TimeSpan?)TimeSpan.FromHours(1))));
            Assert.That(capabilities.Limits.MinLifetime, Is.EqualTo(TimeSpan.FromMinutes(5)));
            Assert.That(capabilities.CreationRecovery, Is.EqualTo(CreationRecovery.BoundedByExpiry));
            Assert.That(capabilities[TokenOperation.Suspend].Support, Is.EqualTo(OperationSupport.Unsupported));
            Assert.That(_client.GetService(typeof(ITokenSuspension)), Is.Null);
        }
    }

    [TestCase(null, null, null, "The credential is missing: give ApiToken, or Username and Password.")]
    [TestCase("t", "u", "p", "ApiToken is set beside Username or Password")]
    [TestCase("t", "u", null, "ApiToken is set beside Username or Password")]
    [TestCase("t", null, "p", "ApiToken is set beside Username or Password")]
    [TestCase(null, "u", null, "Password is missing")]
    [TestCase(null, " ", "p", "Username is missing")]
    public void Exactly_one_way_of_signing_in_is_taken(string? token, string? username, string? password, string problem)
    {
        var options = new ExtremeCloudIQOptions
        {
            ApiToken = token is null ? null : new TokenSecret(token),
            Username = username,
            Password = password is null ? null : new TokenSecret(password),
        };

        Assert.That(() => new ExtremeCloudIQTokenClient("prod", options),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains(problem).And.Message.Contains("'prod'"));
    }

    [Test]
    public void The_address_has_a_default()
    {
        using var client = new ExtremeCloudIQTokenClient("prod", new ExtremeCloudIQOptions { ApiToken = new TokenSecret("t") });

        Assert.That(client.Metadata.BaseAddress, Is.EqualTo(new Uri("https://api.extremecloudiq.com/")));
    }

    [Test]
    public async Task The_gateways_address_keeps_its_path()
    {
        _vendor.On("GET", "/xiq/v1/auth/apitoken/info", VendorResponse.Json(200, Info));
        _vendor.On("POST", "/xiq/v1/auth/apitoken/:validate", VendorResponse.Empty(200));
        using var client = Client(options => options.BaseAddress = new Uri(_vendor.BaseAddress, "xiq/v1"));

        await client.GetAsync(TokenReference.Self);
        await client.ValidateAsync(TokenReference.Self);

        Assert.That(_vendor.Requests.Select(request => request.PathAndQuery),
            Is.EqualTo(new[] { "/xiq/v1/auth/apitoken/info", "/xiq/v1/auth/apitoken/:validate" }));
    }

    [Test]
    public async Task Q1_permissions_are_an_array()
    {
        _vendor.On("GET", "/auth/permissions",
            VendorResponse.Json(200, """[{"name":"account:r","description":"Reads the account","category":"Account"}]"""));

        var permission = (await Api().ListPermissionsAsync()).Single();

        Assert.That(
            (permission.Name, permission.Description, permission.Category), Is.EqualTo(("account:r", "Reads the account", "Account")));
        Sent.Exactly(_vendor.Requests.Single(), "GET", "/auth/permissions", null, AcceptJson, Bearer);
    }

    [Test]
    public async Task Q8_Q17_legacy_tokens_are_read_in_both_spellings_and_without_a_count_of_pages()
    {
        _vendor.On("GET", "/acct-api-token", VendorResponse.Json(200, """
            {"page":1,"count":2,"total_count":2,"data":[
              {"id":1,"create_time":"2026-08-31T14:50:03.000+0000","access_token":"a-1","expiration":5,"client_id":"c-1","application":"x"},
              {"id":2,"accessToken":"a-2","expireAt":6,"clientId":"c-2","applicationName":"y"}]}
            """));

        var page = await Api().ListApiAccessTokensAsync(page: 1, limit: 100, order: "ASC");

        Sent.Exactly(_vendor.Requests.Single(), "GET", "/acct-api-token?page=1&limit=100&order=ASC", null, AcceptJson, Bearer);
        Assert.That((page.Total_pages, page.Total_count), Is.EqualTo(((int?)null, (long?)2)));
        Assert.That(page.Data!.Select(token => token.Access_token ?? token.AccessToken), Is.EqualTo(new[] { "a-1", "a-2" }));
        Assert.That(page.Data!.Select(token => token.Expiration ?? token.ExpireAt), Is.EqualTo(new[] { 5, 6 }));
        Assert.That(page.Data!.Select(token => token.Client_id ?? token.ClientId), Is.EqualTo(new[] { "c-1", "c-2" }));
        Assert.That(page.Data!.First().Create_time, Is.EqualTo(new DateTimeOffset(2026, 8, 31, 14, 50, 3, TimeSpan.Zero)));
    }

    [Test]
    public async Task The_emulator_serves_a_connection_of_a_container()
    {
        using var emulator = new ExtremeCloudIQEmulator(new() { TimeProvider = _clock });
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            emulator.ConnectionSettings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build();
        var services = new ServiceCollection();
        services.AddTokenwright().AddExtremeCloudIQ("emulated", configuration);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ITokenClient>("emulated");

        var token = await client.GetAsync(TokenReference.Self);

        Assert.That((token.Connection, token.Owner!.Name, token.CreatedAt, token.ExpiresAt),
            Is.EqualTo(("emulated", "api@example.net", (DateTimeOffset?)_clock.GetUtcNow(), (DateTimeOffset?)null)));
        Assert.That((await client.GetAsync(TokenReference.BySecret(emulator.Tokens[0].Secret!))).ExpiresAt,
            Is.EqualTo(_clock.GetUtcNow().AddDays(7)));
        Assert.That(token.UnknownFields, Is.Empty);
        Assert.That((await client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Active));
        Assert.That(
            (await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("wrong")))).Verdict, Is.EqualTo(TokenVerdict.Unknown));
        Assert.That(async () => await client.GetAsync(TokenReference.BySecret(new TokenSecret("wrong"))),
            Throws.TypeOf<TokenNotFoundException>().With.Message.Contains("doesn't tell"));
        Assert.That(async () => await client.GetAsync(TokenReference.BySecret(ExtremeCloudIQEmulator.RevokedToken)),
            Throws.TypeOf<TokenNotFoundException>().With.Message.Contains("was revoked"));
    }

    [Test]
    public async Task The_emulator_lets_its_user_sign_in()
    {
        using var emulator = new ExtremeCloudIQEmulator();
        var services = new ServiceCollection();
        services.AddTokenwright()
            .AddExtremeCloudIQ("user", options => (options.BaseAddress, options.Username, options.Password) = (
                emulator.BaseAddress, ExtremeCloudIQEmulator.Username, ExtremeCloudIQEmulator.Password));
        services.AddTokenwright()
            .AddExtremeCloudIQ("stranger", options => (options.BaseAddress, options.Username, options.Password) = (
                emulator.BaseAddress, "stranger", ExtremeCloudIQEmulator.Password));
        await using var provider = services.BuildServiceProvider();

        Assert.That((await provider.GetRequiredKeyedService<ITokenClient>("user").GetAsync(TokenReference.Self)).Roles.Single().Value,
            Is.EqualTo("ADMINISTRATOR"));
        Assert.That((await provider.GetRequiredKeyedService<ITokenClient>("user").ValidateAsync(TokenReference.Self)).IsActive, Is.True);
        Assert.That(async () => await provider.GetRequiredKeyedService<ITokenClient>("stranger").GetAsync(TokenReference.Self),
            Throws.TypeOf<TokenAuthenticationException>());
    }

    [Test]
    public void The_typed_client_is_reached_through_the_facade()
        => Assert.That(_client.GetService(typeof(IExtremeCloudIQApiClient)), Is.InstanceOf<ExtremeCloudIQApiClient>());

    private static TestCaseData Case(Func<ITokenClient, Task> call, TokenOperation operation, string reason, string alternative)
        => new(call, operation, reason, alternative) { TestName = $"{operation}: {reason}" };

    private static void SignIn(ExtremeCloudIQOptions options)
        => (options.ApiToken, options.Username, options.Password) = (null, "ann@example.net", new TokenSecret("pass word/+"));

    private int Logins() => _vendor.Requests.Count(request => request.Path == "/login");

    private IExtremeCloudIQApiClient Api() => (IExtremeCloudIQApiClient)_client.GetService(typeof(IExtremeCloudIQApiClient))!;

    private ExtremeCloudIQTokenClient Client(Action<ExtremeCloudIQOptions>? change = null)
    {
        var options =
            new ExtremeCloudIQOptions { BaseAddress = _vendor.BaseAddress, MaxRetries = 0, ApiToken = new TokenSecret("api.token.1") };
        change?.Invoke(options);
        return new ExtremeCloudIQTokenClient("prod", options, timeProvider: _clock);
    }
}
