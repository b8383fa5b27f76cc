using Newtonsoft.Json.Linq;
using Tokenwright.Fimidara;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>How the fimidara adapter validates tokens, and which exceptions its errors become.</summary>
internal sealed class FimidaraErrorTests : FimidaraFixture
{
    [TestCase(FimidaraTokenKind.AgentToken)]
    [TestCase(FimidaraTokenKind.ClientAssignedToken)]
    [TestCase(FimidaraTokenKind.ProgramAccessToken)]
    [TestCase(FimidaraTokenKind.ClientAssignedToken2023)]
    [TestCase(FimidaraTokenKind.ProgramAccessToken2023)]
    public async Task Validate_reads_the_record_of_the_calling_token(FimidaraTokenKind kind)
    {
        Respond(Path(kind) + "/getToken", """{"token":{"resourceId":"x","tokenStr":"secret","jwtToken":"secret"}}""");
        using var client = Client(options => (options.TokenKind, options.WorkspaceId) = (kind, "wrkspce_1"));

        var own = await client.ValidateAsync(TokenReference.Self);
        var other = await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("jwt-2")));

        Assert.That((own.Verdict, own.Reason, own.Token!.Id), Is.EqualTo((TokenVerdict.Active, (string?)null, "x")));
        Assert.That((other.Verdict, other.Reason, other.Token!.Id), Is.EqualTo((TokenVerdict.Active, (string?)null, "x")));
        Assert.That(JObject.FromObject(other.Token.Raw!).ToString(), Does.Not.Contain("secret"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.Exactly(_vendor.Requests[0], "POST", Path(kind) + "/getToken", """{"onReferenced":true}""", AcceptJson, Bearer, Json);
        Sent.Exactly(_vendor.Requests[1], "POST", Path(kind) + "/getToken", """{"onReferenced":true}""", AcceptJson,
            ("Authorization", "Bearer jwt-2"), Json);
    }

    [TestCase("""{"resourceId":"x","expiresAt":1795478399999}""", TokenVerdict.Expired, "expiry has passed")]
    [TestCase("""{"resourceId":"x","isDeleted":true}""", TokenVerdict.Revoked, "marked as deleted")]
    public async Task A_record_can_show_that_its_token_is_expired_or_deleted(string record, TokenVerdict verdict, string reason)
    {
        Respond(AgentTokens + "/getToken", $$"""{"token":{{record}}}""");

        var validation = await _client.ValidateAsync(TokenReference.Self);

        Assert.That((validation.Verdict, validation.IsActive, validation.Token!.Id), Is.EqualTo((verdict, false, "x")));
        Assert.That(validation.Reason, Does.Contain(reason));
    }

    [TestCase(FimidaraTokenKind.AgentToken, 401,
        """{"errors":[{"name":"InvalidCredentialsError","message":"Invalid credentials","action":"loginAgain"}]}""", TokenVerdict.Unknown,
        "wrong, deleted or expired")]
    [TestCase(FimidaraTokenKind.AgentToken, 401,
        """{"errors":[{"name":"CredentialsExpiredError","message":"Credentials expired","action":"loginAgain"}]}""", TokenVerdict.Expired,
        "CredentialsExpiredError")]
    [TestCase(FimidaraTokenKind.AgentToken, 401,
        """{"errors":[{"name":"ChangePasswordError","message":"Change password","action":"requestChangePassword"}]}""",
        TokenVerdict.Undetermined, "user's session")]
    [TestCase(FimidaraTokenKind.AgentToken, 403, """{"errors":[{"name":"PermissionDeniedError","message":"Permission denied"}]}""",
        TokenVerdict.Active, "may not read its own record")]
    [TestCase(FimidaraTokenKind.AgentToken, 500, """{"errors":[{"name":"ServerError","message":"Server error"}]}""",
        TokenVerdict.Undetermined, "error of its own", TestName = "V10: validation of a user's session")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, 401, "<pre>UnauthorizedError: invalid signature</pre>", TokenVerdict.Unknown,
        "HTTP 401", TestName = "F12: validation that a page refuses")]
    [TestCase(FimidaraTokenKind.ProgramAccessToken, 401, "", TokenVerdict.Unknown, "HTTP 401")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken2023, 401, "<pre>UnauthorizedError: invalid signature</pre>", TokenVerdict.Unknown,
        "HTTP 401", TestName = "X1, F12: validation that a page of 2023 refuses")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, 404,
        """{"errors":[{"name":"NotFoundError","message":"Client assigned token not found"}]}""", TokenVerdict.Revoked, "deleted",
        TestName = "F15: validation of a deleted token")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, 400,
        """{"errors":[{"name":"InvalidRequestError","message":"Client assigned token ID or providedResourceId not set"}]}""",
        TokenVerdict.Undetermined, "another kind of token")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, 403, """{"errors":[{"name":"PermissionDeniedError","message":"Permission denied"}]}""",
        TokenVerdict.Active, "may not read its own record")]
    public async Task A_refusal_is_a_verdict(FimidaraTokenKind kind, int status, string body, TokenVerdict verdict, string reason)
    {
        Respond(Path(kind) + "/getToken", body, status);
        using var client = Client(options => options.TokenKind = kind);

        foreach (var reference in new[] { TokenReference.Self, TokenReference.BySecret(new TokenSecret("jwt-2")) })
        {
            var validation = await client.ValidateAsync(reference);

            Assert.That((validation.Verdict, validation.Token), Is.EqualTo((verdict, (ApiToken?)null)));
            Assert.That(validation.Reason, Does.Contain(reason));
        }
    }

    // A response that says nothing about the token is no verdict.
    [TestCase(401, "<html>proxy</html>", typeof(TokenAuthenticationException))]
    [TestCase(403, "<html>blocked</html>", typeof(TokenPermissionException))]
    [TestCase(404, "Not found", typeof(TokenClientException))]
    [TestCase(400, """{"errors":[{"name":"ValidationError","message":"\"onReferenced\" is not allowed","field":"onReferenced"}]}""",
        typeof(TokenInvalidRequestException))]
    [TestCase(502, "<html>bad gateway</html>", typeof(TokenServiceUnavailableException))]
    [TestCase(500, "<html>down</html>", typeof(TokenServiceUnavailableException))]
    public void Another_failure_is_no_verdict(int status, string body, Type type)
    {
        Respond(AgentTokens + "/getToken", body, status);

        Assert.That(() => _client.ValidateAsync(TokenReference.Self),
            Throws.TypeOf(type).With.Property("Operation").EqualTo(TokenOperation.Validate));
    }

    private static readonly TestCaseData[] Errors =
    [
        new(400, """{"errors":[{"name":"ValidationError","message":"\"page\" must be an integer","field":"page"},""" +
            """{"name":"ValidationError","message":"\"value\" must be of type object","field":""}]}""",
            typeof(TokenInvalidRequestException), "ValidationError", "\"page\" must be an integer; \"value\" must be of type object"),
        new(400, """{"errors":[{"name":"InvalidRequestError","message":"Workspace ID not provided"}]}""",
            typeof(TokenInvalidRequestException), "InvalidRequestError", "Workspace ID not provided"),
        new TestCaseData(400, """{"errors":[{"message":"Agent token not found"}]}""", typeof(TokenInvalidRequestException), null,
            "Agent token not found").SetName("V5: an error with a message only"),
        new(401, """{"errors":[{"name":"InvalidCredentialsError","message":"Invalid credentials","action":"loginAgain"}]}""",
            typeof(TokenAuthenticationException), "InvalidCredentialsError", "Invalid credentials"),
        new TestCaseData(401, "<pre>Unauthorized</pre>", typeof(TokenAuthenticationException), null,
            "the body is application/json, not JSON; did something in front of the API respond?").SetName("F12: a 401 as a page"),
        new TestCaseData(400, "<pre>SyntaxError: Unexpected end of JSON input</pre>", typeof(TokenInvalidRequestException), null,
            "the body is application/json, not JSON; did something in front of the API respond?").SetName("F13: a 400 as a page"),
        new TestCaseData(
            403, """{"errors":[{"name":"PermissionDeniedError","message":"Permission denied"}]}""", typeof(TokenPermissionException),
            "PermissionDeniedError", "Permission denied").SetName("X4: an anonymous caller, or one without a grant"),
        new TestCaseData(404, """{"errors":[{"name":"NotFoundError","message":"Agent token not found"}]}""", typeof(TokenNotFoundException),
            "NotFoundError", "Agent token not found").SetName("F15: not found, also for the JWT of a deleted token"),
        new TestCaseData(404, "Not found", typeof(TokenClientException), null,
            "the body is application/json, not JSON; did something in front of the API respond?").SetName("V12: an unknown path"),
        new(409, """{"errors":[{"name":"ResourceExistsError","message":"Agent token exists"}]}""", typeof(TokenConflictException),
            "ResourceExistsError", "Agent token exists"),
        new(429, """{"errors":[{"name":"RateLimitError","message":"Rate limit exceeded"}]}""", typeof(TokenRateLimitedException),
            "RateLimitError", "Rate limit exceeded"),
        new TestCaseData(500, """{"errors":[{"name":"ServerError","message":"Server error"}]}""", typeof(TokenServiceUnavailableException),
            "ServerError", "Server error").SetName("V10, V13: a 500 as JSON"),
        new TestCaseData(500, """{"errors":[{"message":"Server error","isPublicError":true,"name":"ServerError","statusCode":500}]}""",
            typeof(TokenServiceUnavailableException), "ServerError", "Server error").SetName("F14: an unknown path of 2022"),
        new TestCaseData(302, "", typeof(TokenClientException), null, null).SetName("F19: a redirect to https"),
        new(400, """{"errors":["odd",null]}""", typeof(TokenInvalidRequestException), null, null),
        new(400, """{"errors":{"odd":1}}""", typeof(TokenInvalidRequestException), null, null),
        new(503, "", typeof(TokenServiceUnavailableException), null, null),
    ];

    [TestCaseSource(nameof(Errors))]
    public void Errors_become_TokenClientExceptions(int status, string body, Type type, string? code, string? message)
    {
        _vendor.On("POST", AgentTokens + "/getToken",
            VendorResponse.Json(status, body).With("Retry-After", "7").With("Location", "https://elsewhere.example/secret-path"));

        var exception = Assert.CatchAsync<TokenClientException>(() => _client.GetAsync(TokenReference.ById("x")))!;

        AssertFailure(exception, TokenOperation.Get, status, type, (code, message, null));
        Assert.That(exception.ToString(), Does.Not.Contain("secret-path").And.Not.Contain("jwt-1"));
    }

    [Test]
    public void Validation_errors_name_their_fields()
    {
        Respond(AgentTokens + "/getWorkspaceTokens",
            """{"errors":[{"name":"ValidationError","message":"\"workspaceId\" must be a string","field":"workspaceId"},""" +
            """{"name":"ValidationError","message":"jwt-1 is odd","field":""}]}""", 400);

        var exception = Assert.CatchAsync<TokenInvalidRequestException>(async () => await _client.ListAsync().ToListAsync())!;

        Assert.That(exception.Problems, Is.EqualTo(new[]
            { new TokenRequestProblem("workspaceId", "\"workspaceId\" must be a string"), new TokenRequestProblem(null, "*** is odd") }));
    }

    [Test]
    public void A_refused_credential_is_sent_once()
    {
        Respond(AgentTokens + "/getToken",
            """{"errors":[{"name":"InvalidCredentialsError","message":"Invalid credentials: jwt-1","action":"loginAgain"}]}""", 401);

        var exception = Assert.CatchAsync<TokenAuthenticationException>(() => _client.GetAsync(TokenReference.Self))!;

        Assert.That(exception.ToString(), Does.Contain("Invalid credentials: ***").And.Not.Contain("jwt-1"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_changed_credential_is_used_from_then_on()
    {
        Respond(AgentTokens + "/getToken", """{"token":{"resourceId":"x"}}""");
        var options = new FimidaraOptions
            { BaseAddress = _vendor.BaseAddress, MaxRetries = 0, CreationSettleTime = TimeSpan.Zero, Token = new TokenSecret("jwt-1") };
        using var client = new FimidaraTokenClient("prod", options);
        await client.GetAsync(TokenReference.Self);

        options.Token = new TokenSecret("jwt-2");
        await client.GetAsync(TokenReference.Self);

        Assert.That(
            _vendor.Requests.Select(request => request.Header("Authorization")), Is.EqualTo(new[] { "Bearer jwt-1", "Bearer jwt-2" }));
    }
}
