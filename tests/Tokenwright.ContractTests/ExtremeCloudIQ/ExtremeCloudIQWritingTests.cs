using System.Net;
using Newtonsoft.Json;
using Tokenwright.ExtremeCloudIQ.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>
/// What the ExtremeCloud IQ adapter sends to create and revoke tokens, what it refuses to send, and how it reads the responses.
/// </summary>
internal sealed class ExtremeCloudIQWritingTests : ExtremeCloudIQFixture
{
    private const string Issued = """
        {"access_token":"new.api.token","create_time":"2026-09-01T00:00:00.000+0000","expire_time":"2026-09-02T00:00:00.000+0000",
        "creator_id":9007199254740993,
         "customer_id":42,"permissions":["auth:r","device:list"],"description":"Reads devices","soon":{"a":1}}
        """;

    protected override void Prepare()
    {
        base.Prepare();
        Respond("POST", "/auth/apitoken", Issued);
        _vendor.On("POST", "/logout", VendorResponse.Empty(200));
    }


    [Test]
    public async Task Create_sends_permissions_expiry_and_description()
    {
        await _client.CreateAsync(new()
        {
            Scopes = [new("auth:r"), new("device:list")],
            Description = "Ünïcode \"note\"",
            Expiry = TokenExpiry.After(TimeSpan.FromDays(1)),
        });

        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(
            _vendor.Requests[0], "POST", "/auth/apitoken",
            """{"permissions":["auth:r","device:list"],"expire_time":1788307200,"description":"Ünïcode \"note\""}""", AcceptJson,
            Bearer, Json);
    }

    private static readonly TestCaseData[] Ends =
    [
        new(TokenExpiry.Never, null) { TestName = "Never means no expiry" },
        new(TokenExpiry.After(TimeSpan.FromSeconds(300)), Now + 300) { TestName = "The shortest lifetime" },
        new(TokenExpiry.After(TimeSpan.FromSeconds(300.2)), Now + 301) { TestName = "Seconds are rounded up" },
        new(TokenExpiry.At(DateTimeOffset.FromUnixTimeSeconds(Now + 900).ToOffset(TimeSpan.FromHours(8))), Now + 900)
            { TestName = "An instant elsewhere" },
    ];

    [TestCaseSource(nameof(Ends))]
    public async Task The_expiry_is_sent_in_seconds(TokenExpiry expiry, long? seconds)
    {
        await _client.CreateAsync(new() { Scopes = [new("auth:r")], Expiry = expiry, AllowUnboundedOrphan = true });

        Sent.Exactly(
            _vendor.Requests.Single(), "POST", "/auth/apitoken", seconds is null ? """{"permissions":["auth:r"]}"""
                : $$"""{"permissions":["auth:r"],"expire_time":{{seconds}}}""", AcceptJson, Bearer, Json);
    }

    [Test]
    public async Task The_vendors_own_request_is_copied_and_not_changed()
    {
        var raw = new XiqGenerateApiTokenRequest
            { Permissions = ["client:r"], Description = "raw", ExpireTime = Now + 600, RateLimit = new() { Hour = 100, Second = 5 } };
        var before = JsonConvert.SerializeObject(raw);

        await _client.CreateAsync(new() { Raw = raw });
        await _client.CreateAsync(
            new() { Raw = raw, Scopes = [new("auth:r")], Description = "mine", Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true });

        Sent.Exactly(
            _vendor.Requests[0], "POST", "/auth/apitoken",
            """{"permissions":["client:r"],"expire_time":1788221400,"description":"raw","rate_limit":{"hour":100,"second":5}}""",
            AcceptJson, Bearer, Json);
        Sent.Exactly(
            _vendor.Requests[1], "POST", "/auth/apitoken",
            """{"permissions":["auth:r"],"description":"mine","rate_limit":{"hour":100,"second":5}}""", AcceptJson, Bearer, Json);
        Assert.That(JsonConvert.SerializeObject(raw), Is.EqualTo(before));
    }

    [Test]
    public async Task Every_field_of_the_issued_token_is_mapped()
    {
        var issued = await _client.CreateAsync(Good);

        var token = issued.Token;
        var raw = (XiqGenerateApiTokenResponse)token.Raw!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(issued.Secret.Reveal(), Is.EqualTo("new.api.token"));
            Assert.That((token.Vendor, token.Connection, token.Kind.ToString()), Is.EqualTo(("ExtremeCloudIQ", "prod", "api token")));
            Assert.That((token.Id, token.Key, token.Name, token.Description),
                Is.EqualTo(((string?)null, (string?)null, (string?)null, "Reads devices")));
            Assert.That(
                (token.Owner!.Id, token.Owner.Name, token.Owner.Kind), Is.EqualTo(("9007199254740993", (string?)null, (string?)null)));
            Assert.That(token.Scopes.Select(scope => scope.Value), Is.EqualTo(new[] { "auth:r", "device:list" }));
            Assert.That(token.Roles, Is.Empty);
            Assert.That((token.CreatedAt, token.ExpiresAt),
                Is.EqualTo(((DateTimeOffset?)_clock.GetUtcNow(), (DateTimeOffset?)_clock.GetUtcNow().AddDays(1))));
            Assert.That(
                (token.UpdatedAt, token.LastUsedAt, token.NeverExpires), Is.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)null, false)));
            Assert.That((token.State, token.NativeStatus), Is.EqualTo((TokenState.Active, (string?)null)));
            Assert.That((raw.CustomerId, raw.AccessToken), Is.EqualTo(((long?)42, (string?)null)));
            Assert.That(token.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = """{"a":1}""" }));
            Assert.That(JsonConvert.SerializeObject(token), Does.Not.Contain("new.api.token"));
        }
    }

    [TestCase(true, """{"access_token":"s","expire_time":null}""", true)]
    [TestCase(true, """{"access_token":"s"}""", true)]
    [TestCase(true, """{"access_token":"s","expire_time":"2026-09-02T00:00:00.000+0000"}""", false)]
    [TestCase(true, """{"access_token":"s","expire_time":"some day"}""", false)]
    [TestCase(false, """{"access_token":"s","expire_time":null}""", false)]
    [TestCase(false, """{"access_token":"s"}""", false)]
    public async Task A_token_never_expires_if_requested_and_not_denied(bool never, string response, bool neverExpires)
    {
        Respond("POST", "/auth/apitoken", response);

        var issued = await _client.CreateAsync(new() { Scopes = [new("auth:r")],
            Expiry = never ? TokenExpiry.Never : TokenExpiry.After(TimeSpan.FromDays(1)), AllowUnboundedOrphan = never });

        Assert.That(issued.Token.NeverExpires, Is.EqualTo(neverExpires));
    }

    [TestCase(200,
        """{"access_token":"s","create_time":null,"expire_time":null,"creator_id":null,"customer_id":null,"permissions":""" +
        """null,"description":null}""", TestName = "N1: nulls in the issued token")]
    [TestCase(201, """{"access_token":"s","create_time":"","creator_id":"me","permissions":"all"}""",
        TestName = "Values of the issued token that can't be read")]
    public async Task The_secret_is_returned_despite_invalid_values(int status, string response)
    {
        Respond("POST", "/auth/apitoken", response, status);

        var issued = await _client.CreateAsync(Good);

        Assert.That(issued.Secret.Reveal(), Is.EqualTo("s"));
        Assert.That((issued.Token.Owner, issued.Token.CreatedAt, issued.Token.ExpiresAt),
            Is.EqualTo(((TokenOwner?)null, (DateTimeOffset?)null, (DateTimeOffset?)null)));
        Assert.That(issued.Token.Scopes, Is.Empty);
    }

    [TestCase("""{"access_token":null,"description":"d-1"}""", "access_token")]
    [TestCase("""{"access_token":{"value":"d-1"}}""", "access_token")]
    [TestCase("""{"access_token":"d-1",""", "line 1")]
    [TestCase("", "")]
    public void A_success_without_a_secret_leaves_an_orphan(string response, string told)
    {
        Respond("POST", "/auth/apitoken", response);

        var exception = Assert.CatchAsync<TokenOutcomeUnknownException>(async () => await _client.CreateAsync(Good))!;

        Assert.That(exception.InnerException, Is.TypeOf<TokenInvalidResponseException>());
        Assert.That((exception.Operation, exception.Status), Is.EqualTo((TokenOperation.Create, (HttpStatusCode?)HttpStatusCode.OK)));
        Assert.That(exception.ToString(), Does.Contain(told).And.Not.Contain("d-1"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    private static readonly TestCaseData[] WrongRequests =
    [
        Wrong(new() { Scopes = Scopes, Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true, Name = "n" }, "Name",
            "write it into Description"),
        Wrong(new() { Scopes = Scopes, Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true, Key = "k" }, "Key",
            "write it into Description"),
        Wrong(new() { Scopes = Scopes, Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true, Roles = [new("MONITOR")] }, "Roles",
            "role of the user"),
        Wrong(new() { Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true }, "Scopes", "at least one permission"),
        Wrong(new() { Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true, Scopes = [] }, "Scopes", "It is missing"),
        Wrong(new() { Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true, Scopes = [],
            Raw = new XiqGenerateApiTokenRequest { Permissions = ["auth:r"] } }, "Scopes", "ListPermissionsAsync"),
        Wrong(new() { Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true, Scopes = [new("auth:r"), default] }, "Scopes", "is empty"),
        Wrong(new() { Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true, Scopes = [default] }, "Scopes",
            "A permission in it is empty"),
        Wrong(new() { Scopes = Scopes }, "Expiry", "TokenExpiry.Never"),
        Wrong(new() { Scopes = Scopes, Expiry = TokenExpiry.After(TimeSpan.FromSeconds(299)) }, "Expiry", "minimum is 00:05:00"),
        Wrong(new() { Scopes = Scopes, Expiry = TokenExpiry.At(DateTimeOffset.FromUnixTimeSeconds(Now)) }, "Expiry", "in the past"),
        Wrong(new() { Scopes = Scopes, Raw = new XiqGenerateApiTokenRequest { ExpireTime = Now + 299 } }, "Raw",
            "minimum is 00:05:00"),
        Wrong(new() { Scopes = Scopes, Raw = new XiqGenerateApiTokenRequest { ExpireTime = 0 } }, "Raw", "in the past"),
        Wrong(new() { Scopes = Scopes, Raw = new XiqGenerateApiTokenRequest { ExpireTime = Now * 1000 } }, "Raw", "not milliseconds"),
        Wrong(new() { Scopes = Scopes, Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true,
            Raw = new XiqGenerateApiTokenRequest { RateLimit = new() } }, "Raw", "at least 1 request"),
        Wrong(new() { Scopes = Scopes, Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true, Raw = new XiqGenerateApiTokenRequest
            { RateLimit = new() { Hour = 1, Second = 0 } } }, "Raw", "rate_limit must allow at least 1 request"),
        Wrong(new() { Scopes = Scopes, Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true, Raw = new XiqLoginRequest() }, "Raw",
            "XiqGenerateApiTokenRequest"),
    ];

    [TestCaseSource(nameof(WrongRequests))]
    public void A_wrong_request_is_not_sent(CreateTokenRequest request, string field, string message)
    {
        var exception = Refused(() => _client.CreateAsync(request));

        Assert.That(exception.Operation, Is.EqualTo(TokenOperation.Create));
        Assert.That(exception.Problems.Select(problem => problem.Field), Is.EqualTo(new[] { field }));
        Assert.That(exception.Problems[0].Message, Does.Contain(message));
    }

    [Test]
    public void All_problems_of_a_request_are_reported_together()
    {
        var request = new CreateTokenRequest { Name = "n", Key = "k", Roles = [new("MONITOR")], Raw = "text" };

        Assert.That(RefusedFields(() => _client.CreateAsync(request)),
            Is.EquivalentTo(new[] { "Name", "Key", "Roles", "Raw", "Scopes", "Expiry" }));
    }

    [TestCase(400, """{"error_code":"C","error_id":"e","error_message":"Wrong.","error_params":{"field":"permissions"}}""",
        typeof(TokenInvalidRequestException))]
    [TestCase(401, RevokedError, typeof(TokenAuthenticationException))]
    [TestCase(403, """{"error_code":"C","error_id":"e","error_message":"No."}""", typeof(TokenPermissionException))]
    [TestCase(404, """{"error_code":"C","error_id":"e","error_message":"What?"}""", typeof(TokenClientException))]
    [TestCase(429, "", typeof(TokenRateLimitedException))]
    [TestCase(500, "", typeof(TokenOutcomeUnknownException))]
    [TestCase(503, "", typeof(TokenOutcomeUnknownException))]
    public void A_refused_create_is_sent_once(int status, string body, Type type)
    {
        Respond("POST", "/auth/apitoken", body, status);

        var exception = Assert.CatchAsync<TokenClientException>(async () => await _client.CreateAsync(Good))!;

        Assert.That(exception, Is.TypeOf(type));
        Assert.That((exception.Operation, exception.Status), Is.EqualTo((TokenOperation.Create, (HttpStatusCode?)status)));
        if (exception is TokenInvalidRequestException invalid)
            Assert.That(invalid.Problems.Single(), Is.EqualTo(new TokenRequestProblem("permissions", "Wrong.")));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Create_signs_in_again_when_the_session_is_refused()
    {
        var logins = 0;
        _vendor.On("POST", "/login", _ => VendorResponse.Json(
            200, LoginResponse.Replace("jwt-1", $"jwt-{Interlocked.Increment(ref logins)}", StringComparison.Ordinal)));
        _vendor.On("POST", "/auth/apitoken", request => request.Header(
            "Authorization") == "Bearer jwt-2" ? VendorResponse.Json(200, Issued) : VendorResponse.Json(401, RevokedError));
        using var client = Client(SignIn);

        await client.CreateAsync(Good);

        Assert.That(Calls(), Is.EqualTo(new[] { "/login", "/auth/apitoken Bearer jwt-1", "/login", "/auth/apitoken Bearer jwt-2" }));
    }

    [TestCase(200)]
    [TestCase(204)]
    public async Task Revoke_signs_out_with_the_token_itself(int status)
    {
        _vendor.On("POST", "/logout", VendorResponse.Empty(status));
        using var client = Client(SignIn);

        var revocation = await client.RevokeAsync(TokenReference.BySecret(new TokenSecret("other.api.token")));

        Assert.That(revocation.Outcome, Is.EqualTo(RevocationOutcome.SessionEnded));
        Assert.That(revocation.Remark, Does.Contain("refuses the token from now on"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "POST", "/logout", null, ("Authorization", "Bearer other.api.token"), EmptyJson);
    }

    [Test]
    public async Task Revoke_of_self_signs_out_with_the_api_token()
    {
        await _client.RevokeAsync(TokenReference.Self);

        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "POST", "/logout", null, Bearer, EmptyJson);
    }

    [Test]
    public async Task Revoke_of_self_signs_out_and_the_next_call_signs_in_again()
    {
        using var client = Client(SignIn);

        await client.CreateAsync(Good);
        await client.RevokeAsync(TokenReference.Self);
        await client.CreateAsync(Good);

        Assert.That(Calls(),
            Is.EqualTo(new[] { "/login", "/auth/apitoken Bearer jwt-1", "/logout Bearer jwt-1", "/login", "/auth/apitoken Bearer jwt-1" }));
    }

    [Test]
    public async Task A_session_that_is_revoked_by_its_value_is_not_used_again()
    {
        using var client = Client(SignIn);

        await client.CreateAsync(Good);
        await client.RevokeAsync(TokenReference.BySecret(new TokenSecret("jwt-1")));
        await client.CreateAsync(Good);

        Assert.That(_vendor.Requests.Count(request => request.Path == "/login"), Is.EqualTo(2));
    }

    [TestCase(RevokedError, "says that it was revoked")]
    [TestCase(GatewayError, "doesn't show whether it is wrong, expired or revoked")]
    [TestCase("", "doesn't show whether it is wrong, expired or revoked")]
    public void Revoking_an_invalid_token_finds_none(string body, string detail)
    {
        Respond("POST", "/logout", body, 401);

        var exception = Assert.CatchAsync<TokenNotFoundException>(
            async () => await _client.RevokeAsync(TokenReference.BySecret(new TokenSecret("other.api.token"))))!;

        Assert.That(
            (exception.Operation, exception.Status), Is.EqualTo((TokenOperation.Revoke, (HttpStatusCode?)HttpStatusCode.Unauthorized)));
        Assert.That(exception.ToString(), Does.Contain(detail).And.Not.Contain("other.api.token"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Revoking_an_expired_session_does_not_sign_in_again()
    {
        Respond("POST", "/logout", RevokedError, 401);
        using var client = Client(SignIn);

        Assert.That(async () => await client.RevokeAsync(TokenReference.Self),
            Throws.TypeOf<TokenAuthenticationException>().With.Property("Operation").EqualTo(TokenOperation.Revoke));
        Assert.That(Calls(), Is.EqualTo(new[] { "/login", "/logout Bearer jwt-1" }));
    }

    [Test]
    public void Q14_a_page_in_response_to_a_revocation_does_not_prove_anything_about_the_token()
    {
        var reference = TokenReference.BySecret(new TokenSecret("other.api.token"));

        _vendor.On("POST", "/logout", VendorResponse.Html(401, "<html>Sign in</html>"));
        Assert.That(async () => await _client.RevokeAsync(reference), Throws.TypeOf<TokenAuthenticationException>());

        _vendor.On("POST", "/logout", VendorResponse.Html(200, "<html>Sign in</html>"));
        Assert.That(async () => await _client.RevokeAsync(reference), Throws.TypeOf<TokenInvalidResponseException>());
    }

    [TestCase(403, """{"error_code":"C","error_id":"e","error_message":"other.api.token may not."}""", typeof(TokenPermissionException))]
    [TestCase(429, "", typeof(TokenRateLimitedException))]
    [TestCase(500, "", typeof(TokenServiceUnavailableException))]
    public void A_failed_revocation_is_reported(int status, string body, Type type)
    {
        Respond("POST", "/logout", body, status);

        var exception = Assert.CatchAsync<TokenClientException>(
            async () => await _client.RevokeAsync(TokenReference.BySecret(new TokenSecret("other.api.token"))))!;

        Assert.That(exception, Is.TypeOf(type));
        Assert.That(exception.ToString(), Does.Not.Contain("other.api.token"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_result_for_a_platform_one_key_does_not_say_that_it_stops_working()
        => Assert.That(
            (await _client.RevokeAsync(TokenReference.BySecret(new TokenSecret("extr_sk_1")))).Remark, Does.Contain("may still work"));

    [Test]
    public void The_capabilities_say_what_can_be_written()
    {
        var capabilities = _client.Metadata.Capabilities;
        var (create, revoke) = (capabilities[TokenOperation.Create], capabilities[TokenOperation.Revoke]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((create.Support, create.SafeToRetry, create.References),
                Is.EqualTo((OperationSupport.Native, false, TokenReferenceKinds.None)));
            Assert.That((revoke.Support, revoke.SafeToRetry, revoke.References),
                Is.EqualTo((OperationSupport.Native, true, TokenReferenceKinds.Secret | TokenReferenceKinds.Self)));
        }
    }

    private static TokenScope[] Scopes => [new("auth:r")];
    private static CreateTokenRequest Good => new() { Scopes = Scopes, Expiry = TokenExpiry.After(TimeSpan.FromDays(1)) };

    private static TestCaseData Wrong(CreateTokenRequest request, string field, string message)
        => new(request, field, message) { TestName = $"{field} is refused: {message}" };

    private IEnumerable<string> Calls()
        => _vendor.Requests.Select(request => $"{request.Path} {request.Header("Authorization")}".TrimEnd());
}
