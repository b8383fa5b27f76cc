using System.Net;
using Tokenwright.Testing;
using Tokenwright.Xms.Api;

namespace Tokenwright.ContractTests;

/// <summary>
/// What the XMS adapter sends to create, change and revoke tokens, what it refuses to send, and how it reads the responses.
/// </summary>
internal sealed class XmsWritingTests : XmsFixture
{
    private const string Record =
        """{"id":7,"name":"zabbix","description":"","roles":["admin"],"user":{"id":3,"name":"admin"},"used":""" +
        """false,"create":"2026-11-24T08:00:00.000000001+08:00","soon":1""";

    private static readonly TokenReference Seven = TokenReference.ById("7");

    private static readonly TestCaseData[] Creations =
    [
        new TestCaseData(
            new CreateTokenRequest { Name = "n", Roles = [new("admin")] },
            """{"access_token":{"name":"n","roles":["admin"]}}""").SetArgDisplayNames("what is required"),
        new TestCaseData(
            new CreateTokenRequest { Name = "n\u00e4me \U0001F511", Description = "a \"b\"", Roles = [new("admin"), new("auditor")],
                Scopes = [], Expiry = TokenExpiry.Never },
            """{"access_token":{"name":"näme 🔑","description":"a \"b\"","roles":["admin","auditor"]}}""")
            .SetArgDisplayNames("everything"),
        new TestCaseData(
            new CreateTokenRequest
                { Raw = new AccessTokenCreateReq { AccessToken = new() { Name = "raw", Description = "raw", Roles = ["raw"] } } },
            """{"access_token":{"name":"raw","description":"raw","roles":["raw"]}}""").SetArgDisplayNames("the vendor's model"),
        new TestCaseData(
            new CreateTokenRequest { Name = "n", Roles = [new("admin")],
                Raw = new AccessTokenCreateReq { AccessToken = new() { Name = "raw", Description = "raw", Roles = ["raw"] } } },
            """{"access_token":{"name":"n","description":"raw","roles":["admin"]}}""")
                .SetArgDisplayNames("members before those of the vendor's model"),
        new TestCaseData(
            new CreateTokenRequest { Name = "n", Roles = [new("admin")], Raw = new AccessTokenCreateReq() },
            """{"access_token":{"name":"n","roles":["admin"]}}""").SetArgDisplayNames("an empty vendor's model"),
    ];

    [TestCaseSource(nameof(Creations))]
    public async Task Create_sends(CreateTokenRequest request, string body)
    {
        _vendor.On("POST", "/v1/access-tokens/", Issued(201));

        await _client.CreateAsync(request);

        Sent.Exactly(_vendor.Requests.Single(), "POST", "/v1/access-tokens/", body, AcceptJson, Json, Credential);
    }

    [Test]
    public async Task The_callers_model_is_not_changed()
    {
        _vendor.On("POST", "/v1/access-tokens/", Issued(201));
        var raw = new AccessTokenCreateReq { AccessToken = new() { Name = "raw", Roles = ["raw"] } };

        await _client.CreateAsync(new CreateTokenRequest { Name = "n", Roles = [new("admin")], Raw = raw });

        Assert.That((raw.AccessToken.Name, raw.AccessToken.Roles.Single()), Is.EqualTo(("raw", "raw")));
    }

    // The documents have 201 for create and 200 for regenerate. The client accepts both for each (X7).
    [TestCase(200)]
    [TestCase(201)]
    public async Task Create_and_regenerate_return_the_record_and_the_secret(int status)
    {
        _vendor.On("POST", "/v1/access-tokens/*", Issued(status));

        var created = await _client.CreateAsync(Valid());
        var regenerated = await _client.RegenerateAsync(Seven);

        Sent.Exactly(_vendor.Requests[1], "POST", "/v1/access-tokens/7:regenerate", null, AcceptJson, EmptyJson, Credential);
        foreach (var issued in new[] { created, regenerated })
        {
            using (Assert.EnterMultipleScope())
            {
                Assert.That(issued.Secret.Reveal(), Is.EqualTo("fresh-secret"));
                Assert.That((issued.Token.Id, issued.Token.Name, issued.Token.Description), Is.EqualTo(("7", "zabbix", (string?)null)));
                Assert.That((issued.Token.Owner!.Id, issued.Token.Owner.Name), Is.EqualTo(("3", "admin")));
                Assert.That(issued.Token.Roles.Single().Value, Is.EqualTo("admin"));
                Assert.That((issued.Token.CreatedAt, issued.Token.NeverExpires, issued.Token.ExpiresAt),
                    Is.EqualTo((_clock.GetUtcNow(), true, (DateTimeOffset?)null)));
                Assert.That((issued.Token.State, issued.Token.NativeStatus), Is.EqualTo((TokenState.Active, "used: false")));
                Assert.That(((AccessToken)issued.Token.Raw!).Name, Is.EqualTo("zabbix"));
                Assert.That(issued.Token.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = "1" }));
                Assert.That(
                    Newtonsoft.Json.JsonConvert.SerializeObject(issued.Token), Does.Contain("zabbix").And.Not.Contain("fresh-secret"));
                Assert.That($"{issued} {issued.Secret}", Does.Not.Contain("fresh-secret"));
            }
        }
    }

    [TestCase("""{}""", "access_token")]
    [TestCase("""{"access_token":null}""", "access_token")]
    [TestCase("""{"access_token":{"id":7}}""", "access_token.uuid")]
    [TestCase("""{"access_token":{"id":7,"uuid":""}}""", "access_token.uuid")]
    [TestCase("""{"access_token":{"id":7,"uuid":{"fresh":"fresh-secret"}}}""", "access_token.uuid")]
    [TestCase("""{"access_token":{"id":7,"uuid":"fresh-secret" """, "can't be read")]
    public void A_success_without_a_secret_counts_as_a_lost_response(string body, string told)
    {
        Respond("POST", "/v1/access-tokens/*", body, 201);

        foreach (var call in new Func<Task>[] { () => _client.CreateAsync(Valid()), () => _client.RegenerateAsync(Seven) })
        {
            var exception = Assert.CatchAsync<TokenOutcomeUnknownException>(async () => await call())!;
            Assert.That(exception.InnerException, Is.TypeOf<TokenInvalidResponseException>());
            Assert.That(exception.ToString(), Does.Contain(told).And.Not.Contain("fresh-secret"));
        }

        Assert.That(_vendor.Requests.Count(request => request.Method == "POST"), Is.EqualTo(2), "neither is retried");
    }

    private static readonly TestCaseData[] WrongCreations =
    [
        Wrong(new CreateTokenRequest(), "Name", "Roles"),
        Wrong(new CreateTokenRequest { Name = " ", Roles = [] }, "Name", "Roles"),
        Wrong(new CreateTokenRequest { Name = "n", Roles = [new("admin"), default] }, "Roles"),
        Wrong(new CreateTokenRequest { Name = "n", Roles = [default] }, "Roles"),
        Wrong(new CreateTokenRequest { Name = "n", Roles = [new("admin")], Scopes = [new("read")] }, "Scopes"),
        Wrong(new CreateTokenRequest { Name = "n", Roles = [new("admin")], Key = "key" }, "Key"),
        Wrong(new CreateTokenRequest { Name = "n", Roles = [new("admin")], Expiry = TokenExpiry.After(TimeSpan.FromDays(1)) }, "Expiry"),
        Wrong(new CreateTokenRequest { Name = "n", Roles = [new("admin")], Expiry = TokenExpiry.At(DateTimeOffset.MaxValue) }, "Expiry"),
        Wrong(new CreateTokenRequest { Name = "n", Roles = [new("admin")], Raw = new AccessTokenUpdateReq() }, "Raw"),
        Wrong(new CreateTokenRequest { Name = "n", Raw = new AccessTokenCreateReq { AccessToken = new() { Name = "n" } } }, "Roles"),
        Wrong(new CreateTokenRequest { Key = "key", Scopes = [new("read")], Expiry = TokenExpiry.After(TimeSpan.FromDays(1)), Raw = "raw" },
            "Expiry", "Key", "Name", "Raw", "Roles", "Scopes"),
    ];

    [TestCaseSource(nameof(WrongCreations))]
    public void A_wrong_creation_is_not_sent(CreateTokenRequest request, string[] fields)
        => Refused(TokenOperation.Create, () => _client.CreateAsync(request), fields);

    private static readonly TestCaseData[] Changes =
    [
        new TestCaseData(new UpdateTokenRequest { Name = "new" }, "new").SetArgDisplayNames("the name"),
        new TestCaseData(new UpdateTokenRequest { Name = "new", Scopes = [], Expiry = TokenExpiry.Never }, "new")
            .SetArgDisplayNames("what changes nothing"),
        new TestCaseData(new UpdateTokenRequest { Raw = new AccessTokenUpdateReq { AccessToken = new() { Name = "raw" } } }, "raw")
            .SetArgDisplayNames("the vendor's model"),
        new TestCaseData(new UpdateTokenRequest { Name = "new", Raw = new AccessTokenUpdateReq { AccessToken = new() { Name = "raw" } } },
            "new").SetArgDisplayNames("the name before the vendor's model"),
    ];

    [TestCaseSource(nameof(Changes))]
    public async Task Update_sends_the_name(UpdateTokenRequest request, string name)
    {
        Respond("PATCH", "/v1/access-tokens/7", $$$"""{"access_token":{{{Record}}}}}""");

        var token = await _client.UpdateAsync(Seven, request);

        Sent.Exactly(_vendor.Requests.Single(), "PATCH", "/v1/access-tokens/7", $$$"""{"access_token":{"name":"{{{name}}}"}}""", AcceptJson,
            Json, Credential);
        Assert.That((token.Id, token.Name, token.Raw is AccessToken, token.UnknownFields["soon"]), Is.EqualTo(("7", "zabbix", true, "1")));
    }

    [TestCase("{}")]
    [TestCase("""{"access_token":null}""")]
    public void An_update_response_without_a_record_is_an_invalid_response(string body)
    {
        Respond("PATCH", "/v1/access-tokens/7", body);

        Assert.That(async () => await _client.UpdateAsync(Seven, new() { Name = "new" }),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("access_token"));
    }

    private static readonly TestCaseData[] WrongChanges =
    [
        Wrong(new UpdateTokenRequest(), "Name"),
        Wrong(new UpdateTokenRequest { Name = "" }, "Name"),
        Wrong(new UpdateTokenRequest { Name = "new", Description = "" }, "Description"),
        Wrong(new UpdateTokenRequest { Name = "new", Key = "key" }, "Key"),
        Wrong(new UpdateTokenRequest { Name = "new", Scopes = [new("read")] }, "Scopes"),
        Wrong(new UpdateTokenRequest { Name = "new", Expiry = TokenExpiry.At(DateTimeOffset.UnixEpoch) }, "Expiry"),
        Wrong(new UpdateTokenRequest { Name = "new", Raw = new AccessTokenCreateReq() }, "Raw"),
        Wrong(
            new UpdateTokenRequest
                { Description = "d", Key = "key", Scopes = [new("read")], Expiry = TokenExpiry.After(TimeSpan.FromDays(1)), Raw = 1 },
            "Description", "Expiry", "Key", "Name", "Raw", "Scopes"),
    ];

    [TestCaseSource(nameof(WrongChanges))]
    public void A_wrong_change_is_not_sent(UpdateTokenRequest request, string[] fields)
    {
        Refused(TokenOperation.Update, () => _client.UpdateAsync(Seven, request), fields);
        Refused(TokenOperation.Update, () => _client.UpdateAsync(TokenReference.Self, request), fields);
        Refused(TokenOperation.Update, () => _client.UpdateAsync(TokenReference.ById("seven"), request), [.. fields.Append("Id").Order()]);
    }

    [TestCase("0123456789abcdef0123456789abcdef")]
    [TestCase("-1")]
    [TestCase("7:regenerate")]
    public void An_id_that_is_no_number_is_not_sent(string id)
    {
        var reference = TokenReference.ById(id);

        Refused(TokenOperation.Update, () => _client.UpdateAsync(reference, new() { Name = "new" }), ["Id"]);
        Refused(TokenOperation.Regenerate, () => _client.RegenerateAsync(reference), ["Id"]);
        Refused(TokenOperation.Revoke, () => _client.RevokeAsync(reference), ["Id"]);
    }

    // The documents have 204; the client accepts 200 too. It expects no body, so it accepts no content type.
    [TestCase(204, "")]
    [TestCase(200, "")]
    [TestCase(200, "{}")]
    public async Task Revoke_deletes(int status, string body)
    {
        _vendor.On("DELETE", "/v1/access-tokens/7", body.Length == 0 ? VendorResponse.Empty(status) : VendorResponse.Json(status, body));

        var revocation = await _client.RevokeAsync(Seven);

        Assert.That((revocation.Outcome, revocation.Remark), Is.EqualTo((RevocationOutcome.Deleted, (string?)null)));
        Sent.Exactly(_vendor.Requests.Single(), "DELETE", "/v1/access-tokens/7", null, Credential);
    }

    // The vendor accepts only the id, so the client looks it up first.
    [TestCase(null)]
    [TestCase("own-secret")]
    [TestCase("another-secret")]
    public async Task A_token_referenced_by_its_secret_is_looked_up_first(string? secret)
    {
        var reference = secret is null ? TokenReference.Self : TokenReference.BySecret(new(secret));
        Respond("POST", Validation, $$$"""{"access_token":{{{Record}}}}}""");
        Respond("PATCH", "/v1/access-tokens/7", $$$"""{"access_token":{{{Record}}}}}""");
        _vendor.On("POST", "/v1/access-tokens/7:regenerate", Issued(200));
        _vendor.On("DELETE", "/v1/access-tokens/7", VendorResponse.Empty(204));

        await _client.UpdateAsync(reference, new() { Name = "new" });
        await _client.RegenerateAsync(reference);
        var revocation = await _client.RevokeAsync(reference);

        Assert.That(_vendor.Requests.Select(request => $"{request.Method} {request.Path}"), Is.EqualTo(new[]
        {
            $"POST {Validation}", "PATCH /v1/access-tokens/7", $"POST {Validation}", "POST /v1/access-tokens/7:regenerate",
                $"POST {Validation}", "DELETE /v1/access-tokens/7",
        }));
        foreach (var request in _vendor.Requests.Where(request => request.Path == Validation))
            Sent.Exactly(
                request, "POST", $"{Validation}?subject_access_token={secret ?? "own-secret"}", null, AcceptJson, EmptyJson, Credential);
        Assert.That(
            revocation.Remark, secret == "another-secret" ? Is.Null : Does.Contain("options"), "whether it was the connection's own");
    }

    private static readonly TestCaseData[] LookUps =
    [
        new(VendorResponse.Empty(400), typeof(TokenNotFoundException)),
        new(VendorResponse.Empty(401), typeof(TokenAuthenticationException)),
        new(VendorResponse.Empty(403), typeof(TokenPermissionException)),
        new(VendorResponse.Empty(500), typeof(TokenServiceUnavailableException)),
        new(VendorResponse.Json(200, "{}"), typeof(TokenInvalidResponseException)),
        new(VendorResponse.Json(200, """{"access_token":{"name":"without an id"}}"""), typeof(TokenInvalidResponseException)),
    ];

    [TestCaseSource(nameof(LookUps))]
    public void A_failed_look_up_changes_nothing(VendorResponse response, Type type)
    {
        _vendor.On("POST", Validation, response);
        var reference = TokenReference.BySecret(new("another-secret"));
        var calls = Calls(reference);

        foreach (var (operation, call) in calls)
        {
            var exception = Assert.CatchAsync<TokenClientException>(async () => await call())!;
            Assert.That((exception.GetType(), exception.Operation), Is.EqualTo((type, operation)));
            Assert.That(exception.ToString(), Does.Not.Contain("another-secret"));
        }

        Assert.That(_vendor.Requests.Select(request => request.Path).Distinct(), Is.EqualTo(new[] { Validation }));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(calls.Count));
    }

    // The documents don't list all of these for each operation (no 403 and no 409 for update, no 403 for regenerate). The client must
    // handle them anyway.
    [TestCase(400, typeof(TokenInvalidRequestException))]
    [TestCase(401, typeof(TokenAuthenticationException))]
    [TestCase(403, typeof(TokenPermissionException))]
    [TestCase(404, typeof(TokenNotFoundException))]
    [TestCase(409, typeof(TokenConflictException))]
    [TestCase(429, typeof(TokenRateLimitedException))]
    [TestCase(500, typeof(TokenServiceUnavailableException))]
    [TestCase(503, typeof(TokenServiceUnavailableException))]
    public void Refusals_become_TokenClientExceptions_and_nothing_is_retried(int status, Type type)
    {
        foreach (var method in new[] { "POST", "PATCH", "DELETE" })
            _vendor.On(method, "/v1/access-tokens/*",
                VendorResponse.Json(status, """{"code":"Refused","message":"not with own-secret"}"""));
        var calls = Calls(Seven);
        if (status != 404)
            calls.Add(TokenOperation.Create, () => _client.CreateAsync(Valid()));

        using (Assert.EnterMultipleScope())
        {
            foreach (var (operation, call) in calls)
            {
                var exception = Assert.CatchAsync<TokenClientException>(async () => await call(), operation.ToString())!;

                // After a server error, nobody knows whether the change was made.
                Assert.That(exception, Is.TypeOf(status >= 500 && operation is (TokenOperation.Create or TokenOperation.Regenerate)
                    ? typeof(TokenOutcomeUnknownException) : type));
                Assert.That((exception.Vendor, exception.Connection, exception.Operation, exception.Status),
                    Is.EqualTo(("Xms", "lab", operation, (HttpStatusCode?)(HttpStatusCode)status)));
                Assert.That((exception.VendorErrorCode, exception.VendorMessage), Is.EqualTo(("Refused", "not with ***")));
            }

            Assert.That(_vendor.Requests.Count(request => request.Method != "GET"), Is.EqualTo(calls.Count));
        }
    }

    [Test]
    public void A_lost_response_is_reported_and_nothing_is_retried()
    {
        var calls = Calls(Seven);
        calls.Add(TokenOperation.Create, () => _client.CreateAsync(Valid()));
        _vendor.Faults.Inject(Fault.Reset().BeforeHandling(), times: 100);

        foreach (var call in calls.Values)
            Assert.That(async () => await call(), Throws.InstanceOf<TokenClientException>());
        Assert.That(_vendor.Requests.Count(request => request.Method != "GET"), Is.EqualTo(calls.Count));
    }

    [Test]
    public void The_capabilities_describe_how_each_operation_works()
    {
        var capabilities = _client.Metadata.Capabilities;

        using (Assert.EnterMultipleScope())
        {
            foreach (var operation
                in new[] { TokenOperation.Create, TokenOperation.Update, TokenOperation.Regenerate, TokenOperation.Revoke })
                Assert.That(capabilities[operation].Support, Is.EqualTo(OperationSupport.Native), operation.ToString());
            Assert.That((capabilities[TokenOperation.Create].SafeToRetry, capabilities[TokenOperation.Regenerate].SafeToRetry),
                Is.EqualTo((false, false)));
            Assert.That((capabilities[TokenOperation.Update].SafeToRetry, capabilities[TokenOperation.Revoke].SafeToRetry),
                Is.EqualTo((true, true)));
            Assert.That(capabilities[TokenOperation.Create].References, Is.EqualTo(TokenReferenceKinds.None));
            foreach (var operation in new[] { TokenOperation.Update, TokenOperation.Regenerate, TokenOperation.Revoke })
            {
                Assert.That(capabilities[operation].References,
                    Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Secret | TokenReferenceKinds.Self));
                Assert.That(capabilities[operation].Remark, Does.Contain("looked up first"));
            }

            Assert.That(capabilities[TokenOperation.Regenerate].Remark, Does.Contain("options"));
        }
    }

    private Dictionary<TokenOperation, Func<Task>> Calls(TokenReference reference) => new()
    {
        [TokenOperation.Update] = () => _client.UpdateAsync(reference, new() { Name = "new" }),
        [TokenOperation.Regenerate] = () => _client.RegenerateAsync(reference),
        [TokenOperation.Revoke] = () => _client.RevokeAsync(reference),
    };

    private void Refused(TokenOperation operation, Func<Task> call, string[] fields)
    {
        var exception = Refused(call);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((exception.Vendor, exception.Connection, exception.Operation), Is.EqualTo(("Xms", "lab", operation)));
            Assert.That(exception.Problems.Select(problem => problem.Field).Order(), Is.EqualTo(fields));
            foreach (var problem in exception.Problems)
                Assert.That(exception.Message, Does.Contain($"{problem.Field}: {problem.Message}"));
            Assert.That(exception.ToString(), Does.Not.Contain("0123456789abcdef"), "a secret in place of an id");
        }
    }

    private static CreateTokenRequest Valid() => new() { Name = "zabbix", Roles = [new("admin")] };

    private static TestCaseData Wrong(object request, params string[] fields)
        => new TestCaseData(request, fields).SetArgDisplayNames($"{string.Join(" ", fields)} ({_wrong++})");

    private static int _wrong;

    private static VendorResponse Issued(int status)
        => VendorResponse.Json(status, $$$"""{"access_token":{{{Record}}},"uuid":"fresh-secret"}}""");
}
