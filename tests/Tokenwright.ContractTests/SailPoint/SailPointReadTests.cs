using Tokenwright.SailPoint.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>What the SailPoint adapter sends to read tokens, and how it reads the responses.</summary>
internal sealed class SailPointReadTests : SailPointFixture
{
    [Test]
    public async Task List_sends_the_exchange_and_then_the_list()
    {
        Respond("GET", "/v2025/personal-access-tokens", "[]");

        var tokens = await _client.ListAsync().ToListAsync();

        Assert.That(tokens, Is.Empty);
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.ExactlyText(_vendor.Requests[0], "POST", "/oauth/token",
            "grant_type=client_credentials&client_id=pat-id&client_secret=pat+secret%2F%2B", AcceptJson, Form);
        Sent.Exactly(_vendor.Requests[1], "GET", "/v2025/personal-access-tokens", null, AcceptJson, Bearer);
    }

    [TestCase("me", "?owner-id=me")]
    [TestCase("2c91/a b", "?owner-id=2c91%2Fa%20b")]
    public async Task List_sends_the_owner(string owner, string query)
    {
        Respond("GET", "/v3/personal-access-tokens", "[]");
        using var client = Client(options => options.ApiVersion = "v3");

        await client.ListAsync(owner == "me" ? new TokenQuery { OwnOnly = true } : new TokenQuery { OwnerId = owner }).ToListAsync();

        Sent.Exactly(_vendor.Requests[1], "GET", "/v3/personal-access-tokens" + query, null, AcceptJson, Bearer);
    }

    [Test]
    public async Task List_of_unused_tokens_asks_for_old_use_and_for_no_use()
    {
        _vendor.On("GET", "/v2025/personal-access-tokens",
            request => VendorResponse.Json(200, request.Query("filters")!.Contains("isnull", StringComparison.Ordinal)
            ? """[{"id":"never"}]"""
            : """[{"id":"long ago"}]"""));

        var tokens = await _client.ListAsync(
            new TokenQuery { UnusedSince = new DateTimeOffset(2023, 2, 5, 12, 59, 27, 214, TimeSpan.FromHours(2)) }).ToListAsync();

        Assert.That(tokens.Select(token => token.Id), Is.EqualTo(new[] { "long ago", "never" }));
        Sent.Exactly(_vendor.Requests[1], "GET", "/v2025/personal-access-tokens?filters=lastUsed%20le%202023-02-05T10%3A59%3A27.214Z", null,
            AcceptJson, Bearer);
        Sent.Exactly(_vendor.Requests[2], "GET", "/v2025/personal-access-tokens?filters=lastUsed%20isnull", null, AcceptJson, Bearer);
    }

    [Test]
    public async Task Every_field_is_mapped()
    {
        Respond("GET", "/v2025/personal-access-tokens", """
            [{"id":"86f1dc6fe8f54414950454cbb11278fa","name":"NodeJS Integration","scope":["demo:first","demo:second"],
              "owner":{"type":"IDENTITY","id":"2c9180a46faadee4016fb4e018c20639","name":"Support"},
              "created":"2017-07-11T18:45:37.098Z","lastUsed":"2018-07-11T18:45:37.098Z","managed":true,"accessTokenValiditySeconds":36900,
              "expirationDate":"2027-01-01T00:00:00Z","userAwareTokenNeverExpires":false,"soon":{"a":1}}]
            """);

        var token = await _client.GetAsync(TokenReference.ById("86f1dc6fe8f54414950454cbb11278fa"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Vendor, Is.EqualTo("SailPoint"));
            Assert.That(token.Connection, Is.EqualTo("prod"));
            Assert.That(token.Kind.ToString(), Is.EqualTo("personal access token"));
            Assert.That(token.Id, Is.EqualTo("86f1dc6fe8f54414950454cbb11278fa"));
            Assert.That(token.Key, Is.Null);
            Assert.That(token.Name, Is.EqualTo("NodeJS Integration"));
            Assert.That(token.Description, Is.Null);
            Assert.That(token.Scopes.Select(scope => scope.Value), Is.EqualTo(new[] { "demo:first", "demo:second" }));
            Assert.That(token.Roles, Is.Empty);
            Assert.That((token.Owner!.Kind, token.Owner.Id, token.Owner.Name),
                Is.EqualTo(("IDENTITY", "2c9180a46faadee4016fb4e018c20639", "Support")));
            Assert.That(token.CreatedAt, Is.EqualTo(new DateTimeOffset(2017, 7, 11, 18, 45, 37, 98, TimeSpan.Zero)));
            Assert.That(token.UpdatedAt, Is.Null);
            Assert.That(token.LastUsedAt, Is.EqualTo(new DateTimeOffset(2018, 7, 11, 18, 45, 37, 98, TimeSpan.Zero)));
            Assert.That(token.ExpiresAt, Is.EqualTo(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));
            Assert.That(token.NeverExpires, Is.False);
            Assert.That(token.State, Is.EqualTo(TokenState.Active));
            Assert.That(token.NativeStatus, Is.Null);
            Assert.That(((GetPersonalAccessTokenResponse)token.Raw!).Managed, Is.True);
            Assert.That(((GetPersonalAccessTokenResponse)token.Raw!).AccessTokenValiditySeconds, Is.EqualTo(36900));
            Assert.That(token.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = """{"a":1}""" }));
        }
    }

    [Test]
    public async Task Get_searches_own_tokens_first_and_then_the_tenant()
    {
        _vendor.On("GET", "/v2025/personal-access-tokens", request => VendorResponse.Json(
            200, request.Query("owner-id") == "me" ? """[{"id":"mine"}]""" : """[{"id":"mine"},{"id":"theirs"}]"""));

        Assert.That((await _client.GetAsync(TokenReference.ById("THEIRS"))).Id, Is.EqualTo("theirs"));

        Sent.Exactly(_vendor.Requests[1], "GET", "/v2025/personal-access-tokens?owner-id=me", null, AcceptJson, Bearer);
        Sent.Exactly(_vendor.Requests[2], "GET", "/v2025/personal-access-tokens", null, AcceptJson, Bearer);
        Assert.That(
            async () => await _client.GetAsync(TokenReference.ById("nobody's")),
            Throws.TypeOf<TokenNotFoundException>().With.Message.Contains("nobody's").And.Property("Operation")
                .EqualTo(TokenOperation.Get));
    }

    [Test]
    public async Task Self_is_the_connections_own_token()
    {
        Respond("GET", "/v2025/personal-access-tokens", """[{"id":"other"},{"id":"pat-id"}]""");

        Assert.That((await _client.GetAsync(TokenReference.Self)).Id, Is.EqualTo("pat-id"));

        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.Exactly(_vendor.Requests[1], "GET", "/v2025/personal-access-tokens?owner-id=me", null, AcceptJson, Bearer);
    }

    [Test]
    public async Task Validate_exchanges_id_and_secret()
    {
        var validation = await _client.ValidateAsync(TokenReference.ByIdAndSecret("an id", new TokenSecret("a secret")));

        Assert.That(validation.Verdict, Is.EqualTo(TokenVerdict.Active));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.ExactlyText(_vendor.Requests[0], "POST", "/oauth/token",
            "grant_type=client_credentials&client_id=an+id&client_secret=a+secret", AcceptJson, Form);
    }

    [TestCase(400)]
    [TestCase(401)]
    public async Task A_refused_exchange_is_a_verdict(int status)
    {
        Respond("POST", "/oauth/token", """{"error":"invalid_client","error_description":"Bad client credentials"}""", status);

        var validation = await _client.ValidateAsync(TokenReference.Self);

        Assert.That(validation.Verdict, Is.EqualTo(TokenVerdict.Unknown));
        Assert.That(validation.IsActive, Is.False);
        Assert.That(validation.Reason, Does.Contain($"HTTP {status}"));
    }

    [Test]
    public void A_page_in_place_of_the_token_endpoints_response_is_no_verdict()
    {
        _vendor.On("POST", "/oauth/token", VendorResponse.Html(401, "<html>Sign in to the proxy</html>"));

        Assert.That(async () => await _client.ValidateAsync(TokenReference.Self),
            Throws.TypeOf<TokenAuthenticationException>().With.Message.Contains("in front of the API"));
    }

    // In each of these, live responses differ from the documents.
    [TestCase("""{"id":"x","created":"2023-01-04T18:58:17.486584Z"}""", "2023-01-04T18:58:17.4865840Z",
        TestName = "S5: created with microseconds")]
    [TestCase("""{"id":"x","created":"2012-04-23T18:25Z"}""", "2012-04-23T18:25:00.0000000Z", TestName = "S6: a time without seconds")]
    [TestCase("""{"id":"x","created":"2012-04-23T18:25:01"}""", "2012-04-23T18:25:01.0000000Z", TestName = "S6: a time without a zone")]
    [TestCase("""{"id":"x","created":""}""", null, TestName = "S6: an empty time")]
    [TestCase("""{"id":"x","created":null,"name":null,"scope":null,"owner":null}""", null, TestName = "S2: nulls in required members")]
    public async Task Unexpected_values_are_read(string element, string? created)
    {
        Respond("GET", "/v2025/personal-access-tokens", $"[{element}]");

        var token = await _client.GetAsync(TokenReference.ById("x"));

        Assert.That(token.CreatedAt?.UtcDateTime.ToString("O"), Is.EqualTo(created));
        Assert.That(token.Scopes, Is.Empty);
    }

    [Test]
    public async Task What_cannot_be_read_is_null_and_kept_raw()
    {
        _vendor.On("GET", "/v2025/personal-access-tokens",
            VendorResponse.Json(
            200, """[null,{"id":"x","created":"6 Months from created date","expirationDate":{"odd":""" +
            """true},"managed":"perhaps","scope":"one"}]"""));

        var token = (await _client.ListAsync(new TokenQuery { IncludeRaw = true }).ToListAsync()).Single();

        Assert.That(
            (token.CreatedAt, token.ExpiresAt, token.NeverExpires), Is.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)null, false)));
        Assert.That(token.UnknownFields, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["created"] = "\"6 Months from created date\"",
            ["expirationDate"] = """{"odd":true}""",
            ["managed"] = "\"perhaps\"",
            ["scope"] = "\"one\"",
        }));
    }

    // S4: the flag may be missing. S3, S17: up to v2024, a null or missing date has no agreed meaning without the flag.
    [TestCase("v2025", """{"id":"x"}""", true)]
    [TestCase("v2025", """{"id":"x","expirationDate":null,"userAwareTokenNeverExpires":true}""", true)]
    [TestCase("v3", """{"id":"x","expirationDate":null,"userAwareTokenNeverExpires":true}""", true)]
    [TestCase("v3", """{"id":"x","expirationDate":null}""", false)]
    [TestCase("v2025", """{"id":"x","expirationDate":"2020-01-01T00:00:00Z"}""", false)]
    public async Task Tokens_that_never_expire_are_recognized(string version, string element, bool never)
    {
        Respond("GET", $"/{version}/personal-access-tokens", $"[{element}]");
        using var client = Client(options => options.ApiVersion = version);

        var token = await client.GetAsync(TokenReference.ById("x"));

        Assert.That(token.NeverExpires, Is.EqualTo(never));
        Assert.That(token.State, Is.EqualTo(token.ExpiresAt is null ? TokenState.Active : TokenState.Expired));
    }

    [TestCase("2030-01-01T00:00:00Z")]
    [TestCase("2030-01-01T00:00:00.000Z")]
    [TestCase("2030-01-01T01:00:00.000+01:00")]
    public async Task S14_different_forms_of_one_instant_are_equal(string text)
    {
        Respond("GET", "/v2025/personal-access-tokens", $$"""[{"id":"x","expirationDate":"{{text}}"}]""");

        Assert.That((await _client.GetAsync(TokenReference.ById("x"))).ExpiresAt,
            Is.EqualTo(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [Test]
    public async Task S12_values_beyond_the_documented_ones_are_read()
    {
        Respond("GET", "/v2025/personal-access-tokens", """[{"id":"x","owner":{"type":"ROBOT","id":"o"},"scope":["sp:new:scope"]}]""");

        var token = await _client.GetAsync(TokenReference.ById("x"));

        Assert.That((token.Owner!.Kind, token.Scopes.Single().Value), Is.EqualTo(("ROBOT", "sp:new:scope")));
    }

    // S7: the documents' types for the value have no null, but null is what clears an expiry.
    [Test]
    public async Task S7_a_patch_can_carry_null_as_its_value()
    {
        Respond("PATCH", "/v2025/personal-access-tokens/x", """{"id":"x"}""");
        var api = (ISailPointApiClient)_client.GetService(typeof(ISailPointApiClient))!;

        await api.PatchPersonalAccessTokenAsync("v2025", "x",
            [new JsonPatchOperation { Op = "replace", Path = "/expirationDate", Value = Newtonsoft.Json.Linq.JValue.CreateNull() }]);

        Sent.Exactly(
            _vendor.Requests[1], "PATCH", "/v2025/personal-access-tokens/x", """[{"op":"replace","path":"/expirationDate","value":null}]""",
            AcceptJson, Bearer, ("Content-Type", "application/json-patch+json"));
    }

    // S2: the member is required in the create response, but null for a token that never expires. S19 is among the errors below.
    [TestCase(200)]
    [TestCase(201)]
    public async Task S2_a_create_response_without_an_expiry_is_read(int status)
    {
        Respond("POST", "/v2025/personal-access-tokens",
            """{"id":"x","secret":"s","name":"n","expirationDate":null,"scope":null,"owner":null}""", status);
        var api = (ISailPointApiClient)_client.GetService(typeof(ISailPointApiClient))!;

        var created = await api.CreatePersonalAccessTokenAsync(
            "v2025", new CreatePersonalAccessTokenRequest { Name = "n", UserAwareTokenNeverExpires = true });

        Assert.That((created.Id, created.Secret, created.ExpirationDate, created.AccessTokenValiditySeconds),
            Is.EqualTo(("x", "s", (DateTimeOffset?)null, (int?)null)));
        Sent.Exactly(
            _vendor.Requests[1], "POST", "/v2025/personal-access-tokens", """{"name":"n","userAwareTokenNeverExpires":true}""",
            AcceptJson, Bearer, ("Content-Type", "application/json"));
    }

    private static readonly TestCaseData[] Errors =
    [
        new(400, """{"detailCode":"400.1 Bad Request Content","trackingId":"t-1","messages":""" +
            """[{"locale":"en-US","localeOrigin":"DEFAULT","text":"Wrong."},""" +
            """{"locale":"und","localeOrigin":"REQUEST","text":"Wrong."}],"causes":[]}""", typeof(TokenInvalidRequestException),
            "400.1 Bad Request Content", "Wrong.", "t-1"),
        new(403, """{"detailCode":"403 Forbidden","trackingId":"t-2","messages":[],"causes":null}""", typeof(TokenPermissionException),
            "403 Forbidden", null, "t-2"),
        new(401, """{"error":"JWT validation failed: JWT is expired"}""", typeof(TokenAuthenticationException), null,
            "JWT validation failed: JWT is expired", null),
        // S8: the member has no type
        new(401, """{"error":{"code":7}}""", typeof(TokenAuthenticationException), null, """{"code":7}""", null),
        new(429, """{"message":" Rate Limit Exceeded "}""", typeof(TokenRateLimitedException), null, "Rate Limit Exceeded", null),
        new(500, """{"detailCode":"500.0 Internal Fault","trackingId":"t-3"}""", typeof(TokenServiceUnavailableException),
            "500.0 Internal Fault", null, "t-3"),
        new(503, "<html>down</html>", typeof(TokenServiceUnavailableException), null,
            "the body is application/json, not JSON; did something in front of the API respond?", null),
        new(404, "", typeof(TokenClientException), null, null, null),
    ];

    [TestCaseSource(nameof(Errors))]
    public void Errors_become_TokenClientExceptions(int status, string body, Type type, string? code, string? message, string? requestId)
    {
        _vendor.On("GET", "/v2025/personal-access-tokens", VendorResponse.Json(status, body).With("Retry-After", "7"));

        var exception = Assert.CatchAsync<TokenClientException>(async () => await _client.ListAsync().ToListAsync())!;

        AssertFailure(exception, TokenOperation.List, status, type, (code, message, requestId));
    }

    [Test]
    public void A_refused_credential_is_an_authentication_error()
    {
        Respond("POST", "/oauth/token", """{"error":"invalid_client","error_description":"Bad client credentials: pat secret/+"}""", 400);

        var exception = Assert.CatchAsync<TokenAuthenticationException>(async () => await _client.ListAsync().ToListAsync())!;

        Assert.That(exception.VendorErrorCode, Is.EqualTo("invalid_client"));
        Assert.That(exception.ToString(), Does.Contain("Bad client credentials: ***").And.Not.Contain("pat secret"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void The_typed_client_is_reached_through_the_facade()
        => Assert.That(_client.GetService(typeof(ISailPointApiClient)), Is.InstanceOf<SailPointApiClient>());
}
