using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json;
using Tokenwright.Http;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.ContractTests;

/// <summary>What the VMware Cloud Services adapter sends and how it reads what comes back.</summary>
internal sealed class VMwareCloudContractTests
{
    private const string Authorize = "/csp/gateway/am/api/auth/api-tokens/authorize";
    private const string Details = "/csp/gateway/am/api/auth/api-tokens/details";
    private const string User = "/csp/gateway/am/api/loggedin/user";
    private const string PublicKey = "/csp/gateway/am/api/auth/token-public-key";
    private const string OwnToken = "own token/+\"quoted\"";
    private const string AccessTokenResponse =
        """{"id_token":null,"token_type":"bearer","expires_in":1799,"scope":"openid csp:""" +
        """org_member","access_token":"at-1","refresh_token":null}""";

    // The example of the vendor's reference page for ApiTokenDetailsDto, to the letter.
    private const string DocumentedExample = """
        {
            "acct": "string",
            "allowedScopes": {
                "generalScopes": [
                    "string"
                ],
                "organizationScopes": {
                    "allPermissions": false,
                    "allRoles": false,
                    "keptInToken": [
                        "string"
                    ],
                    "permissions": [
                        {
                            "permissionId": "string",
                            "resources": [
                                "string"
                            ]
                        }
                    ],
                    "roles": [
                        {
                            "name": "string",
                            "resource": "string"
                        }
                    ]
                },
                "servicesScopes": [
                    {
                        "allPermissions": false,
                        "allRoles": false,
                        "keptInToken": [
                            "string"
                        ],
                        "permissions": [
                            {
                                "permissionId": "string",
                                "resources": [
                                    "string"
                                ]
                            }
                        ],
                        "roles": [
                            {
                                "name": "string",
                                "resource": "string"
                            }
                        ],
                        "serviceDefinitionId": "string"
                    }
                ]
            },
            "createdAt": 0,
            "deactivated": false,
            "deactivatedUpdatedBy": "string",
            "deactivatedUpdatedOn": 0,
            "domain": "string",
            "expiresAt": 0,
            "idpId": "string",
            "lastUsedAt": 0,
            "orgId": "string",
            "scope": [
                "string"
            ],
            "token": "string",
            "tokenId": "string",
            "tokenName": "string",
            "userId": "string",
            "username": "string"
        }
        """;

    // 2026-05-01T10:00:00.123Z, 2026-11-30T10:00:00.456Z, 2026-11-01T10:00:00.789Z and 2026-06-01T10:00:00Z.
    private const string PlausibleExample = """
        {
            "acct": "jane.doe@example.com",
            "allowedScopes": {
                "generalScopes": ["openid"],
                "organizationScopes": {
                    "allPermissions": false,
                    "allRoles": false,
                    "keptInToken": ["ROLES"],
                    "permissions": [{"permissionId": "p-1", "resources": ["r-1"]}],
                    "roles": [{"name": "csp:org_member", "resource": "r-2"}]
                },
                "servicesScopes": [
                    {"allPermissions": false, "allRoles": true, "keptInToken": ["ROLES"], "permissions": null, "roles": null,
                    "serviceDefinitionId": "s-1"},
                    {"allPermissions": false, "allRoles": false, "permissions": [], "roles": [{"name": "service:user"},
                    {"name": "csp:org_member"}], "serviceDefinitionId": "s-2"}
                ]
            },
            "createdAt": 1777629600123,
            "deactivated": false,
            "deactivatedUpdatedBy": "owner@example.com",
            "deactivatedUpdatedOn": 1780308000000,
            "domain": "example.com",
            "expiresAt": 1796032800456,
            "idpId": "idp-1",
            "lastUsedAt": 1793527200789,
            "orgId": "org-1",
            "scope": ["openid", "csp:org_member", "service:extra"],
            "token": "the value of the token",
            "tokenId": "token-1",
            "tokenName": "build server",
            "userId": "example.com:user-1",
            "username": "jane.doe",
            "soon": {"a": 1}
        }
        """;

    private static readonly (string, string) AcceptJson = ("Accept", "application/json");
    private static readonly (string, string) Bearer = ("Authorization", "Bearer at-1");
    private static readonly (string, string) Form = ("Content-Type", "application/x-www-form-urlencoded");
    private static readonly (string, string) Json = ("Content-Type", "application/json");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
    private VendorServer _vendor = null!;
    private VMwareCloudOptions _options = null!;
    private VMwareCloudTokenClient _client = null!;

    private IVMwareCloudApiClient TypedClient => (IVMwareCloudApiClient)_client.GetService(typeof(IVMwareCloudApiClient))!;

    [SetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        _vendor.On("POST", Authorize, VendorResponse.Json(200, AccessTokenResponse));
        _vendor.On("GET", User, VendorResponse.Json(200, """{"userId":"user-1"}"""));
        _options = new VMwareCloudOptions { BaseAddress = _vendor.BaseAddress, MaxRetries = 0, ApiToken = new TokenSecret(OwnToken) };
        _client = new VMwareCloudTokenClient("prod", _options, timeProvider: _clock);
    }

    [TearDown]
    public void Stop()
    {
        _client.Dispose();
        _vendor.Dispose();
    }

    [TestCase(TestName = "V9, V18: details is asked anonymously, in JSON")]
    public async Task Get_by_secret_sends_its_value()
    {
        _vendor.On("POST", Details, VendorResponse.Json(200, """{"tokenId":"x"}"""));

        var token = await _client.GetAsync(TokenReference.BySecret(new TokenSecret("a \"secret\" é/+")));

        Assert.That(token.Id, Is.EqualTo("x"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "POST", Details, """{"tokenValue":"a \"secret\" é/+"}""", AcceptJson, Json);
    }

    [Test]
    public async Task Self_is_the_token_that_the_connection_works_with()
    {
        _vendor.On("POST", Details, VendorResponse.Json(200, """{"tokenId":"x"}"""));

        await _client.GetAsync(TokenReference.Self);
        await _client.ValidateAsync(TokenReference.Self);
        _options.ApiToken = new TokenSecret("another own token");
        await _client.GetAsync(TokenReference.Self);

        Assert.That(_vendor.Requests, Has.Count.EqualTo(3));
        Sent.Exactly(_vendor.Requests[0], "POST", Details, """{"tokenValue":"own token/+\"quoted\""}""", AcceptJson, Json);
        Sent.Exactly(_vendor.Requests[1], "POST", Details, """{"tokenValue":"own token/+\"quoted\""}""", AcceptJson, Json);
        Sent.Exactly(_vendor.Requests[2], "POST", Details, """{"tokenValue":"another own token"}""", AcceptJson, Json);
    }

    [Test]
    public async Task Every_field_is_mapped()
    {
        _vendor.On("POST", Details, VendorResponse.Json(200, PlausibleExample));

        var token = await _client.GetAsync(TokenReference.Self);

        var raw = (ApiTokenDetailsDto)token.Raw!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Vendor, Is.EqualTo("VMwareCloud"));
            Assert.That(token.Connection, Is.EqualTo("prod"));
            Assert.That(token.Kind.ToString(), Is.EqualTo("api token"));
            Assert.That(token.Id, Is.EqualTo("token-1"));
            Assert.That(token.Key, Is.Null);
            Assert.That(token.Name, Is.EqualTo("build server"));
            Assert.That(token.Description, Is.Null);
            Assert.That((token.Owner!.Kind, token.Owner.Id, token.Owner.Name), Is.EqualTo(("user", "example.com:user-1", "jane.doe")));
            Assert.That(token.Scopes.Select(scope => scope.Value), Is.EqualTo(new[] { "openid", "csp:org_member", "service:extra" }));
            Assert.That(token.Roles.Select(role => role.Value), Is.EqualTo(new[] { "csp:org_member", "service:user" }));
            Assert.That(token.CreatedAt, Is.EqualTo(new DateTimeOffset(2026, 5, 1, 10, 0, 0, 123, TimeSpan.Zero)));
            Assert.That(token.UpdatedAt, Is.Null);
            Assert.That(token.ExpiresAt, Is.EqualTo(new DateTimeOffset(2026, 11, 30, 10, 0, 0, 456, TimeSpan.Zero)));
            Assert.That(token.NeverExpires, Is.False);
            Assert.That(token.LastUsedAt, Is.EqualTo(new DateTimeOffset(2026, 11, 1, 10, 0, 0, 789, TimeSpan.Zero)));
            Assert.That(token.State, Is.EqualTo(TokenState.Active));
            Assert.That(token.NativeStatus, Is.EqualTo("deactivated: false"));
            Assert.That(token.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = """{"a": 1}""" }));

            Assert.That(
                (raw.Acct, raw.Domain, raw.IdpId, raw.OrgId), Is.EqualTo(("jane.doe@example.com", "example.com", "idp-1", "org-1")));
            Assert.That((raw.Deactivated, raw.DeactivatedUpdatedBy, raw.DeactivatedUpdatedOn),
                Is.EqualTo((false, "owner@example.com", 1780308000000)));
            Assert.That(raw.AllowedScopes!.GeneralScopes, Is.EqualTo(new[] { "openid" }));
            var organization = raw.AllowedScopes.OrganizationScopes!;
            Assert.That((organization.AllPermissions, organization.AllRoles), Is.EqualTo((false, false)));
            Assert.That(organization.KeptInToken, Is.EqualTo(new[] { "ROLES" }));
            Assert.That(organization.Permissions!.Single().PermissionId, Is.EqualTo("p-1"));
            Assert.That(organization.Permissions!.Single().Resources, Is.EqualTo(new[] { "r-1" }));
            Assert.That(organization.Roles!.Single().Resource, Is.EqualTo("r-2"));
            Assert.That(raw.AllowedScopes.ServicesScopes!.Select(service => (service.ServiceDefinitionId, service.AllRoles)),
                Is.EqualTo(new[] { ("s-1", (bool?)true), ("s-2", false) }));
        }
    }

    [Test]
    public async Task The_documents_own_example_is_read()
    {
        _vendor.On("POST", Details, VendorResponse.Json(200, DocumentedExample));

        var token = await _client.GetAsync(TokenReference.BySecret(new TokenSecret("string")));

        var raw = (ApiTokenDetailsDto)token.Raw!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((token.Id, token.Name, token.Owner!.Id, token.Owner.Name), Is.EqualTo(("string", "string", "string", "string")));
            Assert.That(token.Scopes, Is.EqualTo(new[] { new TokenScope("string") }));
            Assert.That(token.Roles, Is.EqualTo(new[] { new TokenRole("string") }));
            Assert.That(new[] { token.CreatedAt, token.ExpiresAt, token.LastUsedAt }, Is.All.Null);
            Assert.That(token.NeverExpires, Is.False);
            Assert.That((token.State, token.Unreadable, token.NativeStatus),
                Is.EqualTo((TokenState.Unknown, TokenFields.Expiry, "deactivated: false")));
            Assert.That((raw.CreatedAt, raw.ExpiresAt, raw.LastUsedAt, raw.DeactivatedUpdatedOn),
                Is.EqualTo(((long?)0, (long?)0, (long?)0, (long?)0)));
            Assert.That(raw.Token, Is.Null);
            Assert.That(token.UnknownFields, Does.ContainKey("expiresAt"));
        }
    }

    // Seconds by the documents, milliseconds by most clients. How a token without an end, or never used, is written isn't known: an expiry
    // that means nothing leaves the state unknown.
    [TestCase("1777629600", "2026-05-01T10:00:00.0000000Z", TestName = "V1: seconds")]
    [TestCase("1777629600123", "2026-05-01T10:00:00.1230000Z", TestName = "V1: milliseconds")]
    [TestCase("\"1777629600123\"", "2026-05-01T10:00:00.1230000Z", TestName = "V1: milliseconds as text")]
    [TestCase("100000000000", "5138-11-16T09:46:40.0000000Z", TestName = "V1: the largest seconds")]
    [TestCase("100000000001", "1973-03-03T09:46:40.0010000Z", TestName = "V1: the smallest milliseconds")]
    [TestCase("0", null, TestName = "V1: zero says nothing")]
    [TestCase("-1", null, TestName = "V1: less than zero says nothing")]
    [TestCase("9223372036854775807", null, TestName = "V1: beyond the calendar")]
    [TestCase("null", null, TestName = "V1: null")]
    public async Task Times_are_read_in_either_unit(string number, string? time)
    {
        _vendor.On("POST", Details,
            VendorResponse.Json(200, $$"""{"createdAt":{{number}},"expiresAt":{{number}},"lastUsedAt":{{number}}}"""));

        var token = await _client.GetAsync(TokenReference.Self);

        Assert.That(
            new[] { token.CreatedAt, token.ExpiresAt, token.LastUsedAt }
                .Select(read => read?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            Is.All.EqualTo(time));
        Assert.That(token.NeverExpires, Is.False);
        Assert.That(token.State, Is.EqualTo(
            token.ExpiresAt < _clock.GetUtcNow() ? TokenState.Expired
            : time is null && number != "null" ? TokenState.Unknown
            : TokenState.Active));
    }

    [Test]
    public async Task A_record_with_nothing_in_it_is_read()
    {
        _vendor.On("POST", Details, VendorResponse.Json(200, "{}"));

        var token = await _client.GetAsync(TokenReference.Self);

        Assert.That((token.Id, token.Name, token.Owner, token.ExpiresAt, token.NeverExpires, token.NativeStatus),
            Is.EqualTo(((string?)null, (string?)null, (TokenOwner?)null, (DateTimeOffset?)null, false, (string?)null)));
        Assert.That(token.Scopes, Is.Empty);
        Assert.That(token.Roles, Is.Empty);
        Assert.That(token.State, Is.EqualTo(TokenState.Active));
    }

    [TestCase("""{"userId":"u","acct":"a","username":"n"}""", "u", "n")]
    [TestCase("""{"userId":"u","acct":"a","username":null}""", "u", "a")]
    [TestCase("""{"acct":"a"}""", null, "a")]
    [TestCase("""{"userId":"u"}""", "u", null)]
    public async Task The_owner_is_the_user(string response, string? id, string? name)
    {
        _vendor.On("POST", Details, VendorResponse.Json(200, response));

        var owner = (await _client.GetAsync(TokenReference.Self)).Owner!;

        Assert.That((owner.Id, owner.Name, owner.Kind), Is.EqualTo((id, name, "user")));
    }

    [TestCase("""{"scope":["a",null,"b"],"allowedScopes":{"generalScopes":["g"]}}""", "a b", "")]
    [TestCase("""{"scope":[],"allowedScopes":{"generalScopes":["g"]}}""", "", "")]
    [TestCase("""{"allowedScopes":{"generalScopes":["g",null],"organizationScopes":{"roles":[{"name":"o1"},null,""" +
        """{"resource":"r"}]},"servicesScopes":[{"roles":[{"name":"s1"}]},null,{"roles":null},{"roles":[{"name":"o1"},{"name":"s2"}]}]}}""",
        "g o1 s1 s2", "o1 s1 s2")]
    [TestCase("""{"scope":null,"allowedScopes":{"generalScopes":null,"organizationScopes":{"allRoles":true,"roles":""" +
        """null},"servicesScopes":null}}""", "", "")]
    [TestCase("""{"allowedScopes":{"generalScopes":["g"],"organizationScopes":{"allRoles":false,"roles":""" +
        """[{"name":"o1"}]},"servicesScopes":["another schema of the same name"]}}""", "g o1", "o1")]
    [TestCase("""{"allowedScopes":"all"}""", "", "")]
    public async Task Scopes_and_roles_are_read_from_what_is_there(string response, string scopes, string roles)
    {
        _vendor.On("POST", Details, VendorResponse.Json(200, response));

        var token = await _client.GetAsync(TokenReference.Self);

        Assert.That(string.Join(' ', token.Scopes), Is.EqualTo(scopes));
        Assert.That(string.Join(' ', token.Roles), Is.EqualTo(roles));
    }

    [Test]
    public async Task What_cannot_be_read_is_null_and_kept_raw()
    {
        _vendor.On("POST", Details, VendorResponse.Json(
            200, """{"tokenId":"x","createdAt":"soon","expiresAt":{"odd":true},"scope":"one","deactivated":"perhaps"}"""));

        var token = await _client.GetAsync(TokenReference.Self);

        Assert.That((token.Id, token.CreatedAt, token.ExpiresAt, token.NeverExpires),
            Is.EqualTo(("x", (DateTimeOffset?)null, (DateTimeOffset?)null, false)));
        Assert.That((token.State, token.NativeStatus), Is.EqualTo((TokenState.Unknown, (string?)null)));
        Assert.That(token.UnknownFields, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["createdAt"] = "\"soon\"",
            ["expiresAt"] = """{"odd":true}""",
            ["scope"] = "\"one\"",
            ["deactivated"] = "\"perhaps\"",
        }));
    }

    [TestCase("""{"token":"hush","tokenId":"x"}""")]
    [TestCase("""{"token":{"value":"hush"},"tokenId":"x"}""")]
    [TestCase("""{"Token":["hush"],"tokenId":"x"}""")]
    public async Task The_value_of_the_token_is_in_no_part_of_the_record(string response)
    {
        _vendor.On("POST", Details, VendorResponse.Json(200, response));

        var token = await _client.GetAsync(TokenReference.BySecret(new TokenSecret("hush")));
        var validation = await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("hush")));

        Assert.That(JsonConvert.SerializeObject(token), Does.Contain("\"tokenId\":\"x\"").And.Not.Contain("hush"));
        Assert.That(JsonConvert.SerializeObject(validation), Does.Contain("\"Id\":\"x\"").And.Not.Contain("hush"));
    }

    [TestCase("""{"tokenId":"x"}""", TokenVerdict.Active, null)]
    [TestCase("""{"tokenId":"x","deactivated":false,"expiresAt":1796032800}""", TokenVerdict.Active, null)]
    [TestCase("""{"tokenId":"x","deactivated":true,"expiresAt":1796032800}""", TokenVerdict.Deactivated, "deactivated")]
    [TestCase("""{"tokenId":"x","deactivated":true,"expiresAt":1777629600}""", TokenVerdict.Deactivated, "deactivated")]
    [TestCase("""{"tokenId":"x","deactivated":false,"expiresAt":1777629600}""", TokenVerdict.Expired, "2026-05-01 10:00:00Z")]
    [TestCase("""{"tokenId":"x","deactivated":"perhaps"}""", TokenVerdict.Undetermined, "deactivated")]
    public async Task Validate_judges_the_record(string response, TokenVerdict verdict, string? reason)
    {
        _vendor.On("POST", Details, VendorResponse.Json(200, response));

        var validation = await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("a secret")));

        Assert.That(validation.Verdict, Is.EqualTo(verdict));
        Assert.That(validation.IsActive, Is.EqualTo(verdict == TokenVerdict.Active));
        Assert.That(validation.Reason, reason is null ? Is.Null : Does.Contain(reason));
        Assert.That(validation.Token!.Id, Is.EqualTo("x"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "POST", Details, """{"tokenValue":"a secret"}""", AcceptJson, Json);
    }

    [Test]
    public async Task A_token_expires_at_the_instant_that_its_record_has()
    {
        _vendor.On("POST", Details,
            VendorResponse.Json(200, $$"""{"deactivated":true,"expiresAt":{{_clock.GetUtcNow().ToUnixTimeSeconds()}}}"""));
        Assert.That((await _client.GetAsync(TokenReference.Self)).State, Is.EqualTo(TokenState.Deactivated));
        Assert.That((await _client.GetAsync(TokenReference.Self)).NativeStatus, Is.EqualTo("deactivated: true"));

        _vendor.On("POST", Details, VendorResponse.Json(200, $$"""{"expiresAt":{{_clock.GetUtcNow().ToUnixTimeSeconds()}}}"""));
        Assert.That((await _client.GetAsync(TokenReference.Self)).State, Is.EqualTo(TokenState.Expired));

        _vendor.On("POST", Details, VendorResponse.Json(200, $$"""{"expiresAt":{{_clock.GetUtcNow().ToUnixTimeMilliseconds() + 1}}}"""));
        Assert.That((await _client.GetAsync(TokenReference.Self)).State, Is.EqualTo(TokenState.Active));
    }

    [TestCase(400, TestName = "V6: a look-up that gets 400 found nothing")]
    [TestCase(404, TestName = "V6: a look-up that gets 404 found nothing")]
    public async Task An_unknown_token_is_a_verdict_and_not_found(int status)
    {
        _vendor.On("POST", Details, VendorResponse.Json(status, $$"""
            {"metadata":null,"traceId":"abc71b186e364bc4","statusCode":{{status}},
            "message":"invalid_grant: Invalid refresh token: xxxx...tN3NK","requestId":"0105e0f320064337","moduleCode":540,
            "cspErrorCode":"540.120-340.800"}
            """));

        var validation = await _client.ValidateAsync(TokenReference.Self);
        var exception =
            Assert.ThrowsAsync<TokenNotFoundException>(() => _client.GetAsync(TokenReference.BySecret(new TokenSecret("hush"))))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                (validation.Verdict, validation.IsActive, validation.Token), Is.EqualTo((TokenVerdict.Unknown, false, (ApiToken?)null)));
            Assert.That(validation.Reason, Does.Contain($"HTTP {status}").And.Contain("unexpired, organization-scoped"));
            Assert.That(
                (exception.Vendor, exception.Connection, exception.Operation), Is.EqualTo(("VMwareCloud", "prod", TokenOperation.Get)));
            Assert.That(exception.Status, Is.EqualTo((HttpStatusCode)status));
            Assert.That((exception.VendorErrorCode, exception.VendorRequestId), Is.EqualTo(("540.120-340.800", "0105e0f320064337")));
            Assert.That(exception.VendorMessage, Is.EqualTo("invalid_grant: Invalid refresh token: xxxx...tN3NK"));
            Assert.That(
                exception.Message, Does.Contain("secret ***").And.Contain("unexpired, organization-scoped").And.Contain($"HTTP {status}"));
            Assert.That(exception.ToString(), Does.Not.Contain("hush"));
            Assert.That(exception.IsTransient, Is.False);
        }
    }

    private static readonly TestCaseData[] Errors =
    [
        new(409, """{"cspErrorCode":"540.1","errorCode":"e-1","message":"Collision.","moduleCode":540,"requestId":"r-1","statusCode":""" +
            """409}""", typeof(TokenConflictException), "540.1", "Collision.", "r-1"),
        new TestCaseData(500, """{"errorCode":"e-1","message":"Fault.","requestId":"r-1","statusCode":500}""",
            typeof(TokenServiceUnavailableException), "e-1", "Fault.", "r-1").SetName("V7: the documents' errorCode"),
        new TestCaseData(500, """{"metadata":{"any":["thing"]},"traceId":"t-1","message":"Fault.","cspErrorCode":"540.1"}""",
            typeof(TokenServiceUnavailableException), "540.1", "Fault.", "t-1").SetName("V7: traceId, and metadata that is an object"),
        new TestCaseData(500, """{"metadata":"knull","traceId":"t-1","message":"Fault.","requestId":"r-1"}""",
            typeof(TokenServiceUnavailableException), null, "Fault.", "r-1").SetName("V7: metadata that is text"),
        new TestCaseData(500, """{"moduleCode":"540","cspErrorCode":"540.120-340.800","statusCode":"500"}""",
            typeof(TokenServiceUnavailableException), "540.120-340.800", null, null).SetName("V13: moduleCode as text"),
        new(401, """{"message":"Who?"}""", typeof(TokenAuthenticationException), null, "Who?", null),
        new(403, """{"message":"No."}""", typeof(TokenPermissionException), null, "No.", null),
        new(429, """{"message":"Too many.","requestId":"r-1"}""", typeof(TokenRateLimitedException), null, "Too many.", "r-1"),
        new(503, "<html>down</html>", typeof(TokenServiceUnavailableException), null,
            "the body is application/json, not JSON; did something in front of the API respond?", null),
        new(500, """["odd"]""", typeof(TokenServiceUnavailableException), null, null, null),
        new(404, "", typeof(TokenNotFoundException), null, null, null),
        new(302, "", typeof(TokenClientException), null, null, null),
    ];

    [TestCaseSource(nameof(Errors))]
    public void Errors_become_one_family(int status, string body, Type type, string? code, string? message, string? requestId)
    {
        _vendor.On("POST", Details, VendorResponse.Json(status, body).With("Retry-After", "7"));

        var exception = Assert.CatchAsync<TokenClientException>(() => _client.GetAsync(TokenReference.Self))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception, Is.TypeOf(type));
            Assert.That(
                (exception.Vendor, exception.Connection, exception.Operation), Is.EqualTo(("VMwareCloud", "prod", TokenOperation.Get)));
            Assert.That(exception.Status, Is.EqualTo((HttpStatusCode)status));
            Assert.That(
                (exception.VendorErrorCode, exception.VendorMessage, exception.VendorRequestId), Is.EqualTo((code, message, requestId)));
            Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
            Assert.That(exception.IsTransient, Is.EqualTo(status is 429 or 500 or 503));
        }
    }

    [Test]
    public void Validate_throws_where_the_response_is_no_verdict()
    {
        _vendor.On("POST", Details, VendorResponse.Json(500, """{"message":"Fault."}"""));

        Assert.That(() => _client.ValidateAsync(TokenReference.Self),
            Throws.TypeOf<TokenServiceUnavailableException>().With.Property("Operation").EqualTo(TokenOperation.Validate));
    }

    [TestCase(404)]
    [TestCase(400)]
    [TestCase(500)]
    public void An_error_that_repeats_the_token_is_redacted(int status)
    {
        _vendor.On("POST", Details, request => VendorResponse.Json(status, JsonConvert.SerializeObject(
            new { message = "No token " + (string)Newtonsoft.Json.Linq.JObject.Parse(request.Body)["tokenValue"]! })));

        var own = Assert.CatchAsync<TokenClientException>(() => _client.GetAsync(TokenReference.Self))!;
        var other = Assert.CatchAsync<TokenClientException>(() => _client.GetAsync(TokenReference.BySecret(new TokenSecret("hush"))))!;

        Assert.That((own.VendorMessage, other.VendorMessage), Is.EqualTo(("No token ***", "No token ***")));
        Assert.That(own.ToString(), Does.Not.Contain(OwnToken));
        Assert.That(other.ToString(), Does.Not.Contain("hush"));
    }

    [TestCase("""{"token":"hush","tokenId":""")]
    [TestCase("""["hush"]""")]
    [TestCase("""{"token":"hush"} hush""")]
    [TestCase("<html>hush</html>")]
    [TestCase("null")]
    [TestCase("")]
    public void A_success_that_cannot_be_read_is_one_clear_error_without_its_body(string body)
    {
        _vendor.On("POST", Details, VendorResponse.Json(200, body));

        var exception = Assert.ThrowsAsync<TokenInvalidResponseException>(() => _client.GetAsync(TokenReference.Self))!;

        Assert.That(exception.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(exception.ToString(), Does.Contain("prod").And.Not.Contain("hush"));
    }

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
    public async Task The_access_token_is_renewed_before_its_end_and_with_another_api_token()
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

    // A margin of a tenth of the life, at most a minute; no life given means until it is refused.
    [TestCase("""{"access_token":"at-1"}""", 1)]
    [TestCase("""{"access_token":"at-1","expires_in":null}""", 1)]
    [TestCase("""{"access_token":"at-1","expires_in":9223372036854775807}""", 1)]
    [TestCase("""{"access_token":"at-1","expires_in":0}""", 2)]
    [TestCase("""{"access_token":"at-1","expires_in":-9223372036854775808}""", 2)]
    public async Task Odd_lifetimes_of_the_access_token_do_no_harm(string response, int exchanges)
    {
        _vendor.On("POST", Authorize, VendorResponse.Json(200, response));

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
        _vendor.On("GET", User, VendorResponse.Json(401, """{"message":"No."}"""));

        Assert.That(() => TypedClient.GetLoggedInUserAsync(), Throws.InstanceOf<ApiException>().With.Property("StatusCode").EqualTo(401));

        Assert.That(_vendor.Requests.Select(request => request.Path), Is.EqualTo(new[] { Authorize, User, Authorize, User }));
    }

    [TestCase(400, TestName = "V6: an exchange refused with 400")]
    [TestCase(404, TestName = "V6: an exchange refused with 404")]
    public async Task A_refused_exchange_reaches_the_caller_and_is_not_kept(int status)
    {
        _vendor.On("POST", Authorize, VendorResponse.Json(status, """{"message":"invalid_grant: Invalid refresh token: xxxx...tN3NK"}"""));

        var exception = Assert.CatchAsync(() => TypedClient.GetLoggedInUserAsync())!;

        Assert.That(exception.InnerException, Is.InstanceOf<ApiException>().With.Property("StatusCode").EqualTo(status));
        Assert.That(((ApiException)exception.InnerException!).Response, Does.Contain("invalid_grant"));
        Assert.That(exception.ToString(), Does.Not.Contain(OwnToken));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));

        _vendor.On("POST", Authorize, VendorResponse.Json(200, AccessTokenResponse));
        Assert.That((await TypedClient.GetLoggedInUserAsync()).UserId, Is.EqualTo("user-1"));
    }

    [TestCase("{}")]
    [TestCase("""{"access_token":"","id_token":"hush"}""")]
    [TestCase("""{"access_token":["hush"]}""")]
    public void An_exchange_that_gives_no_access_token_is_told(string response)
    {
        _vendor.On("POST", Authorize, VendorResponse.Json(200, response));

        var exception = Assert.CatchAsync(() => TypedClient.GetLoggedInUserAsync())!;

        Assert.That(exception.ToString(), Does.Contain("no 'access_token'").And.Not.Contain("hush"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_connection_whose_token_cannot_be_exchanged_still_reads_by_value()
    {
        _vendor.On("POST", Authorize, VendorResponse.Json(404, "{}"));
        _vendor.On("POST", Details, VendorResponse.Json(200, """{"tokenId":"x","deactivated":true}"""));

        Assert.That((await _client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Deactivated));
        Assert.That(Exchanges(), Is.Empty);
    }

    [TestCase(TestName = "V15: a user without the members that the documents require")]
    public async Task A_user_is_read_without_required_members()
    {
        _vendor.On("GET", User,
            VendorResponse.Json(200, """{"userId":"u","acct":"a","username":null,"password":null,"emailVerified":true}"""));

        var user = await TypedClient.GetLoggedInUserAsync();

        Assert.That((user.UserId, user.Acct, user.Username, user.Address, user.EmailVerified),
            Is.EqualTo(("u", "a", (string?)null, (string?)null, (bool?)true)));
    }

    [TestCase(TestName = "V16: keys that are an object")]
    public async Task Keys_that_are_an_object_are_kept_raw()
    {
        _vendor.On("GET", PublicKey, VendorResponse.Json(200, """{"alg":"RS256","keys":{"kid":"k"}}"""));

        var key = await TypedClient.GetTokenPublicKeyAsync("jwks");

        Assert.That((key.Alg, key.Keys), Is.EqualTo(("RS256", (ICollection<object>?)null)));
        Assert.That(key.AdditionalProperties.Keys, Is.EqualTo(new[] { "keys" }));
    }

    private static readonly TestCaseData[] Unsupported =
    [
        Call("list", TokenOperation.List, client => client.ListAsync().ToListAsync()),
        Call("get by id", TokenOperation.Get, client => client.GetAsync(TokenReference.ById("x"))),
        Call("get by key", TokenOperation.Get, client => client.GetAsync(TokenReference.ByKey("x"))),
        Call("get by id and secret", TokenOperation.Get,
            client => client.GetAsync(TokenReference.ByIdAndSecret("x", new TokenSecret("hush")))),
        Call("validate by id", TokenOperation.Validate, client => client.ValidateAsync(TokenReference.ById("x"))),
        Call("validate by id and secret", TokenOperation.Validate,
            client => client.ValidateAsync(TokenReference.ByIdAndSecret("x", new TokenSecret("hush")))),
        Call("update", TokenOperation.Update,
            client => client.UpdateAsync(TokenReference.ById("x"), new UpdateTokenRequest { Name = "y" })),
        Call("regenerate", TokenOperation.Regenerate, client => client.RegenerateAsync(TokenReference.Self)),
        Call("revoke by key", TokenOperation.Revoke, client => client.RevokeAsync(TokenReference.ByKey("x"))),
        Call("revoke by id and secret", TokenOperation.Revoke,
            client => client.RevokeAsync(TokenReference.ByIdAndSecret("x", new TokenSecret("hush")))),
        Call("suspend by key", TokenOperation.Suspend,
            client => ((ITokenSuspension)client).SuspendAsync([TokenReference.ById("x"), TokenReference.ByKey("x")])),
        Call("resume itself", TokenOperation.Resume, client => ((ITokenSuspension)client).ResumeAsync([TokenReference.Self])),
        Call("resume by id and secret", TokenOperation.Resume,
            client => ((ITokenSuspension)client).ResumeAsync([TokenReference.ByIdAndSecret("x", new TokenSecret("hush"))])),
    ];

    [TestCaseSource(nameof(Unsupported))]
    public void What_cannot_be_done_is_refused_before_anything_is_sent(TokenOperation operation, Func<ITokenClient, Task> call)
    {
        var exception = Assert.ThrowsAsync<TokenOperationNotSupportedException>(() => call(_client))!;

        Assert.That((exception.Vendor, exception.Connection, exception.Operation), Is.EqualTo(("VMwareCloud", "prod", operation)));
        Assert.That(exception.Reason, Is.Not.Empty);
        Assert.That(exception.Alternative, Is.Not.Null.And.Not.Empty);
        Assert.That(exception.ToString(), Does.Contain(exception.Reason).And.Not.Contain("hush"));
        Assert.That(_vendor.Requests, Is.Empty);
    }

    [Test]
    public void The_capabilities_tells_what_the_vendor_has()
    {
        var capabilities = _client.Metadata.Capabilities;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                capabilities.Operations.Where(operation => operation.Support != OperationSupport.Unsupported)
                    .Select(operation => (operation.Operation, operation.Support, operation.References, operation.SafeToRetry)),
                Is.EqualTo(new[]
                {
                    (TokenOperation.Get, OperationSupport.Native, TokenReferenceKinds.Secret | TokenReferenceKinds.Self, true),
                    (TokenOperation.Create, OperationSupport.Native, TokenReferenceKinds.None, false),
                    (TokenOperation.Validate, OperationSupport.Emulated, TokenReferenceKinds.Secret | TokenReferenceKinds.Self, true),
                    (TokenOperation.Revoke, OperationSupport.Emulated,
                        TokenReferenceKinds.Id | TokenReferenceKinds.Secret | TokenReferenceKinds.Self, true),
                    (TokenOperation.Suspend, OperationSupport.Native,
                        TokenReferenceKinds.Id | TokenReferenceKinds.Secret | TokenReferenceKinds.Self, true),
                    (TokenOperation.Resume, OperationSupport.Native, TokenReferenceKinds.Id | TokenReferenceKinds.Secret, true),
                }));
            Assert.That(capabilities[TokenOperation.List].Alternative, Does.Contain("BySecret"));
            Assert.That(capabilities[TokenOperation.Regenerate].Remark, Does.Contain("console"));
            Assert.That(capabilities[TokenOperation.Create].Remark, Does.Contain("IdToken").And.Contain("without Id and Raw"));
            Assert.That(capabilities[TokenOperation.Revoke].Remark, Does.Contain("deactivated"));
            Assert.That(_client.GetService(typeof(ITokenSuspension)), Is.SameAs(_client));
            Assert.That((capabilities.Limits.TokensPerOwner, capabilities.Limits.MinLifetime), Is.EqualTo((50, TimeSpan.FromMinutes(30))));
            Assert.That(capabilities.CreationRecovery, Is.EqualTo(CreationRecovery.BoundedByExpiry));
        }
    }

    [Test]
    public void Options_have_the_vendors_address_and_need_a_token()
    {
        Assert.That(new VMwareCloudOptions().BaseAddress, Is.EqualTo(new Uri("https://console.cloud.vmware.com")));
        Assert.That(
            () => new VMwareCloudTokenClient("prod", new VMwareCloudOptions()),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("ApiToken is missing").And.Message.Contains("prod"));
    }

    [Test]
    public void The_typed_client_is_reached_through_the_facade()
        => Assert.That(_client.GetService(typeof(IVMwareCloudApiClient)), Is.InstanceOf<VMwareCloudApiClient>());

    [Test]
    public async Task The_emulator_knows_its_own_token_and_the_documents_example()
    {
        using var emulator = new VMwareCloudEmulator(new() { TimeProvider = _clock });
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddTokenwright()
            .AddVMwareCloud("lab", new ConfigurationBuilder().AddInMemoryCollection(emulator.ConnectionSettings!).Build());
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ITokenClient>("lab");

        var own = await client.GetAsync(TokenReference.Self);
        var documented = await client.GetAsync(TokenReference.BySecret(VMwareCloudEmulator.DocumentedToken));
        var user = await ((IVMwareCloudApiClient)client.GetService(typeof(IVMwareCloudApiClient))!).GetLoggedInUserAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((own.Connection, own.Name, own.State), Is.EqualTo(("lab", "build server", TokenState.Active)));
            Assert.That(own.CreatedAt, Is.EqualTo(_clock.GetUtcNow().AddDays(-60)));
            Assert.That(own.ExpiresAt, Is.EqualTo(_clock.GetUtcNow().AddDays(120)));
            Assert.That(own.Scopes.Select(scope => scope.Value), Is.EqualTo(new[] { "openid", "csp:org_member" }));
            Assert.That(own.Owner!.Id, Is.EqualTo(user.UserId));
            Assert.That((documented.Id, documented.Name, documented.CreatedAt), Is.EqualTo(("string", "string", (DateTimeOffset?)null)));
            Assert.That((await client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Active));
            Assert.That((await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("nobody's")))).Verdict,
                Is.EqualTo(TokenVerdict.Unknown));
            Assert.That(
                () => client.GetAsync(TokenReference.BySecret(new TokenSecret("nobody's"))), Throws.TypeOf<TokenNotFoundException>());
        }
    }

    [TestCase(400)]
    [TestCase(404)]
    public void A_page_in_place_of_the_look_up_is_no_verdict(int status)
    {
        _vendor.On("POST", Details, VendorResponse.Html(status, "<html>Not here</html>"));

        foreach (var call
            in new Func<Task>[] { () => _client.ValidateAsync(TokenReference.Self), () => _client.GetAsync(TokenReference.Self) })
            Assert.That(
                async () => await call(),
                Throws.InstanceOf<TokenClientException>().And.Not.TypeOf<TokenNotFoundException>().With.Message.Contains(
                "in front of the API"));
    }

    [Test]
    public async Task The_emulator_serves_the_documents_example_to_the_letter()
    {
        using var emulator = new VMwareCloudEmulator(new() { TimeProvider = _clock });
        using var http = new HttpClient { BaseAddress = emulator.BaseAddress };
        using var question = new StringContent("""{"tokenValue":"string"}""");

        using var response = await http.PostAsync(new Uri(Details, UriKind.Relative), question);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(DocumentedExample));
    }

    [Test]
    public void The_emulator_refuses_what_it_does_not_know()
    {
        using var emulator = new VMwareCloudEmulator(new() { TimeProvider = _clock });
        using var wrong = new VMwareCloudTokenClient("lab", new VMwareCloudOptions
            { BaseAddress = emulator.BaseAddress, MaxRetries = 0, ApiToken = new TokenSecret("wrong-token-value") }, timeProvider: _clock);
        using var http = new HttpClient { BaseAddress = emulator.BaseAddress };

        var refused =
            Assert.CatchAsync(() => ((IVMwareCloudApiClient)wrong.GetService(typeof(IVMwareCloudApiClient))!).GetLoggedInUserAsync())!;
        var unauthenticated = Assert.CatchAsync<ApiException>(() => new VMwareCloudApiClient(http).GetLoggedInUserAsync())!;

        Assert.That(((ApiException)refused.InnerException!).Response,
            Does.Contain("invalid_grant: Invalid refresh token: xxxx...value").And.Not.Contain("wrong-token-value"));
        Assert.That(unauthenticated.StatusCode, Is.EqualTo(401));
    }

    private static TestCaseData Call(string name, TokenOperation operation, Func<ITokenClient, Task> call)
        => new TestCaseData(operation, call).SetArgDisplayNames(name);

    private List<ReceivedRequest> Exchanges() => [.. _vendor.Requests.Where(request => request.Path == Authorize)];
}
