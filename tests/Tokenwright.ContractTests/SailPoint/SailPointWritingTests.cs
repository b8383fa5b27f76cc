using System.Net;
using Newtonsoft.Json.Linq;
using Tokenwright.SailPoint.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>
/// What the SailPoint adapter sends to create, change and delete tokens, what it refuses to send, and how it reads the responses.
/// </summary>
internal sealed class SailPointWritingTests : SailPointFixture
{
    private const string Record = """{"id":"x","name":"n","scope":["a"],"expirationDate":null}""";
    private static readonly (string, string) JsonPatch = ("Content-Type", "application/json-patch+json");
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    protected override void Prepare()
    {
        base.Prepare();
        Respond("POST", "/*/personal-access-tokens", """{"id":"x","secret":"s-1","name":"n"}""");
        Respond("PATCH", "/*/personal-access-tokens/*", Record);
        _vendor.On("DELETE", "/*/personal-access-tokens/*", VendorResponse.Empty(204));
    }

    private static readonly TestCaseData[] Creations =
    [
        new("v2025", null, TokenExpiry.Never, """{"name":"n","userAwareTokenNeverExpires":true}"""),
        new("v2026", null, TokenExpiry.At(new DateTimeOffset(2030, 1, 1, 2, 0, 0, 4, TimeSpan.FromHours(2))),
            """{"name":"n","expirationDate":"2030-01-01T00:00:00.004Z"}"""),
        new("v2025", null, TokenExpiry.After(TimeSpan.FromDays(1)), """{"name":"n","expirationDate":"2026-11-25T00:00:00.000Z"}"""),
        new("v2025", new[] { "a", "b" }, TokenExpiry.Never, """{"name":"n","scope":["a","b"],"userAwareTokenNeverExpires":true}"""),
        new("v2025", Array.Empty<string>(), TokenExpiry.Never, """{"name":"n","scope":[],"userAwareTokenNeverExpires":true}"""),
        new("v3", null, null, """{"name":"n"}"""),
        new("beta", null, TokenExpiry.After(TimeSpan.FromDays(30)), """{"name":"n","expirationDate":"2026-12-24T00:00:00.000Z"}"""),
        new("v2024", null, TokenExpiry.At(Start.AddMonths(6)), """{"name":"n","expirationDate":"2027-05-24T00:00:00.000Z"}"""),
    ];

    [TestCaseSource(nameof(Creations))]
    public async Task Create_sends(string version, string[]? scopes, TokenExpiry? expiry, string body)
    {
        using var client = Client(version);

        await client.CreateAsync(
            new CreateTokenRequest { Name = "n", Scopes = scopes?.Select(scope => new TokenScope(scope)).ToList(), Expiry = expiry });

        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.Exactly(_vendor.Requests[1], "POST", $"/{version}/personal-access-tokens", body, AcceptJson, Bearer, Json);
    }

    [Test]
    public async Task Create_copies_the_vendors_model_and_does_not_change_it()
    {
        var raw = new CreatePersonalAccessTokenRequest
            { Name = "raw", Scope = ["raw"], AccessTokenValiditySeconds = 15, UserAwareTokenNeverExpires = true };

        await _client.CreateAsync(new CreateTokenRequest { Name = "n", Raw = raw });
        await _client.CreateAsync(
            new CreateTokenRequest { Raw = raw, Expiry = TokenExpiry.After(TimeSpan.FromHours(1)), Scopes = [new("a")] });

        Sent.Exactly(_vendor.Requests[1], "POST", "/v2025/personal-access-tokens",
            """{"name":"n","scope":["raw"],"accessTokenValiditySeconds":15,"userAwareTokenNeverExpires":true}""", AcceptJson, Bearer, Json);
        Sent.Exactly(
            _vendor.Requests[2], "POST", "/v2025/personal-access-tokens",
            """{"name":"raw","scope":["a"],"accessTokenValiditySeconds":15,"expirationDate":"2026-11-24T01:00:""" +
            """00.000Z","userAwareTokenNeverExpires":true}""", AcceptJson, Bearer, Json);
        Assert.That((raw.Name, raw.Scope.Single(), raw.ExpirationDate), Is.EqualTo(("raw", "raw", (DateTimeOffset?)null)));
    }

    [Test]
    public void A_secret_with_characters_that_no_header_allows_is_rejected()
    {
        Respond("POST", "/v2025/personal-access-tokens", """{"id":"x","secret":"a\nb"}""");

        var exception = Assert.ThrowsAsync<TokenOutcomeUnknownException>(
            () => _client.CreateAsync(
                new CreateTokenRequest { Name = "n", Expiry = TokenExpiry.Never, IfOutcomeUnknown = UnknownOutcomeAction.Throw }))!;

        Assert.That(exception.InnerException, Is.TypeOf<TokenInvalidResponseException>().With.Message.Contains("no 'secret'"));
    }

    [Test]
    public async Task Every_field_of_a_create_is_mapped_and_only_Secret_contains_the_secret()
    {
        Respond("POST", "/v2025/personal-access-tokens", """
            {"id":"86f1dc6fe8f54414950454cbb11278fa","name":"NodeJS Integration","secret":"s-1","scope":["demo:first"],
            "created":"2026-11-24T00:00:00.486584Z",
             "owner":{"type":"IDENTITY","id":"o","name":"Support"},"accessTokenValiditySeconds":36900,
             "expirationDate":"2027-01-01T00:00:00Z","soon":{"a":1},"SECRET":"s-1"}
            """);

        var issued = await _client.CreateAsync(
            new CreateTokenRequest { Name = "NodeJS Integration", Expiry = TokenExpiry.After(TimeSpan.FromDays(38)) });

        var token = issued.Token;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(issued.Secret.Reveal(), Is.EqualTo("s-1"));
            Assert.That(
                (token.Vendor, token.Connection, token.Kind.ToString()), Is.EqualTo(("SailPoint", "prod", "personal access token")));
            Assert.That((token.Id, token.Name), Is.EqualTo(("86f1dc6fe8f54414950454cbb11278fa", "NodeJS Integration")));
            Assert.That(token.Scopes.Single().Value, Is.EqualTo("demo:first"));
            Assert.That((token.Owner!.Kind, token.Owner.Id, token.Owner.Name), Is.EqualTo(("IDENTITY", "o", "Support")));
            Assert.That(token.CreatedAt, Is.EqualTo(Start.AddTicks(4865840)));
            Assert.That((token.ExpiresAt, token.NeverExpires, token.State),
                Is.EqualTo(((DateTimeOffset?)new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), false, TokenState.Active)));
            Assert.That(((CreatePersonalAccessTokenResponse)token.Raw!).AccessTokenValiditySeconds, Is.EqualTo(36900));
            Assert.That(((CreatePersonalAccessTokenResponse)token.Raw!).Secret, Is.Null);
            Assert.That(token.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = """{"a":1}""" }));
            Assert.That(Newtonsoft.Json.JsonConvert.SerializeObject(token), Does.Not.Contain("s-1"));
        }
    }

    // S2: the older example of the documents has no date at all. It means "never expires" only where the request asked for that.
    [TestCase("v2025", true, true)]
    [TestCase("v2025", false, false)]
    [TestCase("v3", false, false)]
    public async Task S2_a_missing_date_means_never_if_the_request_asked_for_never(string version, bool askedForNever, bool never)
    {
        using var client = Client(version);

        var issued = await client.CreateAsync(
            new CreateTokenRequest { Name = "n", Expiry = askedForNever ? TokenExpiry.Never : TokenExpiry.After(TimeSpan.FromDays(1)) });

        Assert.That((issued.Token.NeverExpires, issued.Token.ExpiresAt), Is.EqualTo((never, (DateTimeOffset?)null)));
    }

    [TestCase("""{"id":"x"}""")]
    [TestCase("""{"id":"x","secret":null}""")]
    [TestCase("""{"id":"x","secret":["s-1"]}""")]
    public void A_create_response_without_a_secret_is_reported(string response)
    {
        Respond("POST", "/v2025/personal-access-tokens", response);

        var exception = Assert.ThrowsAsync<TokenOutcomeUnknownException>(
            () => _client.CreateAsync(new CreateTokenRequest { Name = "n", Expiry = TokenExpiry.Never }))!;

        Assert.That(exception.InnerException, Is.TypeOf<TokenInvalidResponseException>());
        Assert.That(exception.Message, Does.Contain("'secret'"));
        Assert.That(exception.ToString(), Does.Not.Contain("s-1"));
    }

    [Test]
    public void All_problems_of_a_create_are_listed_together_and_nothing_is_sent()
    {
        var request = new CreateTokenRequest
        {
            Name = " ",
            Description = "d",
            Key = "k",
            Roles = [new("r")],
            Scopes = [new("a"), default],
            Expiry = TokenExpiry.At(Start),
            Raw = new CreatePersonalAccessTokenRequest { AccessTokenValiditySeconds = 14 },
        };

        Assert.That(
            RefusedFields(() => _client.CreateAsync(request)),
            Is.EqualTo(new[] { "Name", "Scopes", "Description", "Key", "Roles", "Raw", "Expiry" }));
    }

    private static readonly TestCaseData[] WrongCreations =
    [
        new("v2025", new CreateTokenRequest { Name = "n" }, "Expiry"),
        new("v2025", new CreateTokenRequest
            { Name = "n", Raw = new CreatePersonalAccessTokenRequest { UserAwareTokenNeverExpires = false } }, "Expiry"),
        new("v2025", new CreateTokenRequest { Name = "n", Raw = new CreatePersonalAccessTokenRequest { ExpirationDate = Start } },
            "Expiry"),
        new("v2025", new CreateTokenRequest { Name = "n", Expiry = TokenExpiry.After(TimeSpan.MaxValue) }, "Expiry"),
        new("v2025", new CreateTokenRequest { Expiry = TokenExpiry.Never }, "Name"),
        new("v2025", new CreateTokenRequest { Name = "n", Expiry = TokenExpiry.Never,
            Raw = new CreatePersonalAccessTokenRequest { AccessTokenValiditySeconds = 43201 } }, "Raw"),
        new("v2025", new CreateTokenRequest { Name = "n", Expiry = TokenExpiry.Never, Raw = "text" }, "Raw"),
        new("v3", new CreateTokenRequest { Name = "n", Expiry = TokenExpiry.Never }, "Expiry"),
        new("beta", new CreateTokenRequest { Name = "n", Expiry = TokenExpiry.At(Start.AddMonths(6).AddSeconds(1)) }, "Expiry"),
        new("v2024",
            new CreateTokenRequest { Name = "n", Raw = new CreatePersonalAccessTokenRequest { UserAwareTokenNeverExpires = true } }, "Raw"),
    ];

    [TestCaseSource(nameof(WrongCreations))]
    public void A_wrong_creation_is_not_sent(string version, CreateTokenRequest request, string field)
    {
        using var client = Client(version);

        Assert.That(RefusedFields(() => client.CreateAsync(request)), Is.EqualTo(new[] { field }));
    }

    [TestCase("v3", false)]
    [TestCase("beta", false)]
    [TestCase("v2024", false)]
    [TestCase("v2025", true)]
    [TestCase("v2026", true)]
    public async Task The_capabilities_of_a_version_say_whether_the_expiry_can_be_changed(string version, bool canBeChanged)
    {
        using var client = Client(version);
        var change = new UpdateTokenRequest { Expiry = TokenExpiry.After(TimeSpan.FromDays(1)) };

        Assert.That(client.Metadata.Capabilities.ExpiryCanBeChanged, Is.EqualTo(canBeChanged));
        if (canBeChanged)
            await client.UpdateAsync(TokenReference.ById("x"), change);
        else
            Assert.That(RefusedFields(() => client.UpdateAsync(TokenReference.ById("x"), change)), Is.EqualTo(new[] { "Expiry" }));
    }

    private static readonly TestCaseData[] Updates =
    [
        new("v3", new UpdateTokenRequest { Name = "new" }, """[{"op":"replace","path":"/name","value":"new"}]"""),
        new("v2025", new UpdateTokenRequest { Scopes = [new("a"), new("b")] }, """[{"op":"replace","path":"/scope","value":["a","b"]}]"""),
        new("v2025", new UpdateTokenRequest { Expiry = TokenExpiry.After(TimeSpan.FromHours(1)) },
            """[{"op":"replace","path":"/expirationDate","value":"2026-11-24T01:00:00.000Z"}]"""),
        new("v2026", new UpdateTokenRequest { Name = "new", Expiry = TokenExpiry.Never },
            """[{"op":"replace","path":"/name","value":"new"},{"op":"remove","path":"/expirationDate"},""" +
            """{"op":"replace","path":"/userAwareTokenNeverExpires","value":true}]"""),
        new("v2025",
            new UpdateTokenRequest
            { Name = "new",
            Raw = new[] { new JsonPatchOperation { Op = "add", Path = "/scope", Value = new JArray("a") },
            new JsonPatchOperation { Op = "replace", Path = "/expirationDate" },
            new JsonPatchOperation { Op = "remove", Path = "/other" } } },
            """[{"op":"replace","path":"/name","value":"new"},{"op":"add","path":"/scope","value":["a"]},""" +
            """{"op":"replace","path":"/expirationDate","value":null},{"op":"remove","path":"/other"}]"""),
    ];

    [TestCaseSource(nameof(Updates))]
    public async Task Update_sends(string version, UpdateTokenRequest request, string body)
    {
        using var client = Client(version);

        var token = await client.UpdateAsync(TokenReference.ById("a/b"), request);

        Assert.That((token.Id, token.Name), Is.EqualTo(("x", "n")));
        Assert.That(token.Raw, Is.InstanceOf<GetPersonalAccessTokenResponse>());
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.Exactly(_vendor.Requests[1], "PATCH", $"/{version}/personal-access-tokens/a%2Fb", body, AcceptJson, Bearer, JsonPatch);
    }

    [Test]
    public async Task Update_of_the_connections_own_token_names_it_by_the_client_id()
    {
        await _client.UpdateAsync(TokenReference.Self, new UpdateTokenRequest { Name = "new" });

        Sent.Exactly(_vendor.Requests[1], "PATCH", "/v2025/personal-access-tokens/pat-id",
            """[{"op":"replace","path":"/name","value":"new"}]""", AcceptJson, Bearer, JsonPatch);
    }

    [Test]
    public void All_problems_of_an_update_are_listed_together_and_nothing_is_sent()
    {
        var request = new UpdateTokenRequest
            { Name = "", Description = "", Key = "k", Scopes = [default], Expiry = TokenExpiry.At(Start.AddDays(-1)), Raw = 7 };

        Assert.That(
            RefusedFields(() => _client.UpdateAsync(TokenReference.Self, request)),
            Is.EqualTo(new[] { "Name", "Scopes", "Description", "Key", "Expiry", "Raw" }));
    }

    private static readonly TestCaseData[] WrongUpdates =
    [
        new("v2025", new UpdateTokenRequest(), "UpdateTokenRequest"),
        new("v2025", new UpdateTokenRequest { Raw = Array.Empty<JsonPatchOperation>() }, "UpdateTokenRequest"),
        new("v2025", new UpdateTokenRequest
            { Name = "n", Raw = new[] { new JsonPatchOperation { Op = "replace", Path = "/name", Value = "other" } } }, "Raw"),
        new("v2025", new UpdateTokenRequest { Raw = new[] { new JsonPatchOperation { Op = "replace" } } }, "Raw"),
        new("v2025", new UpdateTokenRequest { Raw = new JsonPatchOperation?[] { null } }, "Raw"),
        new("v2024", new UpdateTokenRequest { Expiry = TokenExpiry.After(TimeSpan.FromDays(1)) }, "Expiry"),
        new("v3", new UpdateTokenRequest { Expiry = TokenExpiry.Never }, "Expiry"),
    ];

    [TestCaseSource(nameof(WrongUpdates))]
    public void A_wrong_update_is_not_sent(string version, UpdateTokenRequest request, string field)
    {
        using var client = Client(version);

        Assert.That(RefusedFields(() => client.UpdateAsync(TokenReference.ById("x"), request)), Is.EqualTo(new[] { field }));
    }

    [Test]
    public async Task Revoke_deletes()
    {
        var other = await _client.RevokeAsync(TokenReference.ById("a/b"));
        var own = await _client.RevokeAsync(TokenReference.Self);

        Sent.Exactly(_vendor.Requests[1], "DELETE", "/v2025/personal-access-tokens/a%2Fb", null, Bearer);
        Sent.Exactly(_vendor.Requests[2], "DELETE", "/v2025/personal-access-tokens/pat-id", null, Bearer);
        Assert.That((other.Outcome, other.Remark), Is.EqualTo((RevocationOutcome.Deleted, (string?)null)));
        Assert.That(own.Outcome, Is.EqualTo(RevocationOutcome.Deleted));
        Assert.That(own.Remark, Does.Contain("own credential"));
    }

    private static readonly TestCaseData[] Errors =
    [
        new(400, """{"detailCode":"400.1 Bad Request Content","trackingId":"t","messages":[{"text":"Taken."},""" +
            """{"text":"Taken."}],"causes":[]}""", typeof(TokenInvalidRequestException), "Taken."),
        new(401, """{"error":"JWT is required"}""", typeof(TokenAuthenticationException), "JWT is required"),
        new(403, """{"detailCode":"403 Forbidden","messages":[{"text":"No."}]}""", typeof(TokenPermissionException), "No."),
        new(429, """{"message":" Rate Limit Exceeded "}""", typeof(TokenRateLimitedException), "Rate Limit Exceeded"),
        new(500, """{"detailCode":"500.0 Internal Fault"}""", typeof(TokenServiceUnavailableException), null),
    ];

    [TestCaseSource(nameof(Errors))]
    public void Errors_of_every_write_become_TokenClientExceptions(int status, string body, Type type, string? message)
    {
        foreach (var (method, path) in new[] { ("POST", "/v2025/personal-access-tokens"), ("PATCH", "/v2025/personal-access-tokens/x"),
            ("DELETE", "/v2025/personal-access-tokens/x") })
            _vendor.On(method, path, VendorResponse.Json(status, body));

        foreach (var (operation, call) in Calls())
        {
            var before = _vendor.Requests.Count(IsWrite);
            var exception = Assert.CatchAsync<TokenClientException>(() => call())!;

            // After a server error, nobody knows whether the token was created.
            Assert.That(
                exception, Is.TypeOf(operation == TokenOperation.Create && status == 500 ? typeof(TokenOutcomeUnknownException) : type));
            Assert.That((exception.Operation, exception.Status, exception.VendorMessage),
                Is.EqualTo((operation, (HttpStatusCode?)status, message)));
            Assert.That(_vendor.Requests.Count(IsWrite), Is.EqualTo(before + 1), "a refused write is not retried");
        }

        static bool IsWrite(ReceivedRequest request) => request.Method != "GET" && request.Path != "/oauth/token";
    }

    [Test]
    public void A_missing_token_is_reported_as_not_found()
    {
        const string Missing = """{"detailCode":"404 Not found","trackingId":"t","messages":[],"causes":[]}""";
        Respond("PATCH", "/v2025/personal-access-tokens/x", Missing, 404);
        Respond("DELETE", "/v2025/personal-access-tokens/x", Missing, 404);

        foreach (var (_, call) in Calls().Skip(1))
            Assert.ThrowsAsync<TokenNotFoundException>(() => call());
    }

    [Test]
    public void An_operation_that_the_vendor_lacks_is_refused_before_anything_is_sent()
    {
        var exception = Assert.ThrowsAsync<TokenOperationNotSupportedException>(() => _client.RegenerateAsync(TokenReference.Self))!;

        Assert.That(exception.Alternative, Does.Contain("Create another"));
        Assert.That(_vendor.Requests, Is.Empty);
    }

    private (TokenOperation Operation, Func<Task> Call)[] Calls() =>
    [
        (TokenOperation.Create, () => _client.CreateAsync(new CreateTokenRequest { Name = "n", Expiry = TokenExpiry.Never })),
        (TokenOperation.Update, () => _client.UpdateAsync(TokenReference.ById("x"), new UpdateTokenRequest { Name = "n" })),
        (TokenOperation.Revoke, () => _client.RevokeAsync(TokenReference.ById("x"))),
    ];


}
