using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.ContractTests;

/// <summary>
/// What the VMware Cloud Services adapter sends to create, revoke, suspend and resume tokens, and what it refuses to send.
/// </summary>
internal sealed class VMwareCloudWritingTests
{
    private const string Authorize = "/csp/gateway/am/api/auth/api-tokens/authorize";
    private const string Details = "/csp/gateway/am/api/auth/api-tokens/details";
    private const string Create = "/csp/gateway/am/api/loggedin/user/api-tokens";
    private const string Deactivate = "/csp/gateway/am/api/orgs/org-1/api-tokens/deactivate";
    private const string Activate = "/csp/gateway/am/api/orgs/org-1/api-tokens/activate";
    private const string IdTokenValue = "hush.hush-hush_hush";

    private static readonly (string, string) AcceptJson = ("Accept", "application/json");
    private static readonly (string, string) Bearer = ("Authorization", "Bearer at-1");
    private static readonly (string, string) Json = ("Content-Type", "application/json");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
    private VendorServer _vendor = null!;
    private VMwareCloudOptions _options = null!;
    private VMwareCloudTokenClient _client = null!;

    private static GenerateApiTokenRequestV2 Raw => new() { IdToken = IdTokenValue };

    [SetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        _vendor.On("POST", Authorize, VendorResponse.Json(200, """{"access_token":"at-1","expires_in":1799}"""));
        _vendor.On("POST", Create, VendorResponse.Json(200, """{"apiToken":"new-secret"}"""));
        _vendor.On("POST", Details,
            VendorResponse.Json(200, """{"tokenId":"id-1","orgId":"org-1","tokenName":"as recorded","token":"new-secret","soon":1}"""));
        _vendor.On("POST", Deactivate, request => VendorResponse.Json(
            200, new JObject { ["successes"] = JObject.Parse(request.Body)["ids"], ["failures"] = new JArray() }.ToString()));
        _vendor.On("POST", Activate,
            request => VendorResponse.Json(200, new JObject { ["successes"] = JObject.Parse(request.Body)["ids"] }.ToString()));
        _options = new VMwareCloudOptions
            { BaseAddress = _vendor.BaseAddress, MaxRetries = 0, ApiToken = new TokenSecret("own-secret"), OrganizationId = "org-1" };
        _client = new VMwareCloudTokenClient("prod", _options, timeProvider: _clock);
    }

    [TearDown]
    public void Stop()
    {
        _client.Dispose();
        _vendor.Dispose();
    }

    [Test]
    public async Task Create_sends_what_was_asked_and_reads_the_record_by_the_new_value()
    {
        var issued = await _client.CreateAsync(new CreateTokenRequest
        {
            Name = "Bäckerei-1 _.`':@&, हिन्दी",
            Scopes = [new("openid")],
            Roles = [new("csp:org_member"), new("csp:support_user")],
            Expiry = TokenExpiry.After(TimeSpan.FromDays(180)),
            Raw = Raw,
        });

        Assert.That(_vendor.Requests.Select(request => request.Path), Is.EqualTo(new[] { Authorize, Create, Details }));
        Sent.Exactly(
            _vendor.Requests[1],
            "POST",
            Create,
            """
            {"idToken":"hush.hush-hush_hush","refreshTokenTTL":15552000,"tokenName":"Bäckerei-1 _.`':@&, हिन्दी",
             "allowedScopes":{"generalScopes":["openid"],"organizationScopes":{"roles":[{"name":"csp:org_member"},
             {"name":"csp:support_user"}]}}}
            """,
            AcceptJson,
            Bearer,
            Json);
        Sent.Exactly(_vendor.Requests[2], "POST", Details, """{"tokenValue":"new-secret"}""", AcceptJson, Json);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(issued.Secret.Reveal(), Is.EqualTo("new-secret"));
            Assert.That((issued.Token.Id, issued.Token.Name), Is.EqualTo(("id-1", "as recorded")));
            Assert.That(issued.Token.UnknownFields.Keys, Is.EqualTo(new[] { "soon" }));
            Assert.That(((ApiTokenDetailsDto)issued.Token.Raw!).Token, Is.Null);
        }
    }

    [Test]
    public async Task Members_of_the_request_go_before_those_of_raw_which_is_not_changed()
    {
        var raw = new GenerateApiTokenRequestV2
        {
            IdToken = IdTokenValue,
            TokenName = "of raw",
            RefreshTokenTTL = 7200,
            NotifyBeforeExpiry = 7,
            OrgId = "org-2",
            AllowedScopes = new()
            {
                GeneralScopes = ["of raw"],
                OrganizationScopes = new() { KeptInToken = ["ROLES"], Roles = [new() { Name = "of raw", Resource = "r" }] },
                ServicesScopes = [new() { ServiceDefinitionId = "s-1", AllRoles = true }],
            },
        };
        var before = JsonConvert.SerializeObject(raw);

        await _client.CreateAsync(new CreateTokenRequest { Raw = raw });
        await _client.CreateAsync(new CreateTokenRequest { Name = "n", Scopes = [new("s")], Roles = [new("r")],
            Expiry = TokenExpiry.At(_clock.GetUtcNow().AddSeconds(1800.9)), Raw = raw });

        Assert.That(JsonConvert.SerializeObject(raw), Is.EqualTo(before));
        var sent = _vendor.Requests.Where(request => request.Path == Create).Select(request => JToken.Parse(request.Body)).ToList();
        Assert.That(JToken.DeepEquals(sent[0], JToken.Parse(before)), Is.True, sent[0].ToString());
        Assert.That(
            JToken.DeepEquals(sent[1], JToken.Parse("""
                {"idToken":"hush.hush-hush_hush","refreshTokenTTL":1800,"tokenName":"n","notifyBeforeExpiry":7,"orgId":"org-2",
                 "allowedScopes":{"generalScopes":["s"],"organizationScopes":{"keptInToken":["ROLES"],"roles":[{"name":"r"}]},
                 "servicesScopes":[{"allRoles":true,"serviceDefinitionId":"s-1"}]}}
                """)),
            Is.True,
            sent[1].ToString());
    }

    private static readonly TestCaseData[] Refused =
    [
        Wrong("no identity token", nameof(CreateTokenRequest.Raw), "authorization-code", Request()),
        Wrong("an empty identity token", nameof(CreateTokenRequest.Raw), "IdToken is missing",
            Request(raw: new GenerateApiTokenRequestV2 { IdToken = " " })),
        Wrong("another model", nameof(CreateTokenRequest.Raw), "GenerateApiTokenRequestV2", Request(raw: "hush")),
        Wrong("odd characters in the identity token", nameof(CreateTokenRequest.Raw), "IdToken has other characters",
            Request(raw: new GenerateApiTokenRequestV2 { IdToken = "hush/hush" })),
        Wrong("a long name", nameof(CreateTokenRequest.Name), "65", Request(name: new string('n', 65), raw: Raw)),
        Wrong("a name with a slash", nameof(CreateTokenRequest.Name), "letters", Request(name: "a/b", raw: Raw)),
        Wrong("a name with an emoji", nameof(CreateTokenRequest.Name), "letters", Request(name: "a😀", raw: Raw)),
        Wrong("no end", nameof(CreateTokenRequest.Expiry), "missing", Request(hasExpiry: false, raw: Raw)),
        Wrong("never", nameof(CreateTokenRequest.Expiry), "isn't known", Request(expiry: TokenExpiry.Never, raw: Raw)),
        Wrong("a short life", nameof(CreateTokenRequest.Expiry), "00:30:00",
            Request(expiry: TokenExpiry.After(TimeSpan.FromSeconds(1799)), raw: Raw)),
        Wrong("a short life in raw", nameof(CreateTokenRequest.Expiry), "1799",
            Request(hasExpiry: false, raw: new GenerateApiTokenRequestV2 { IdToken = IdTokenValue, RefreshTokenTTL = 1799 })),
        Wrong("a life of more than 32 bits", nameof(CreateTokenRequest.Expiry), "longest",
            Request(expiry: TokenExpiry.After(TimeSpan.FromSeconds(int.MaxValue + 1L)), raw: Raw)),
        Wrong("a past end", nameof(CreateTokenRequest.Expiry), "past",
            Request(expiry: TokenExpiry.At(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero)), raw: Raw)),
        Wrong("no scopes at all", nameof(CreateTokenRequest.Scopes), "missing", Request(hasScopes: false, raw: Raw)),
        Wrong("a scope without text", nameof(CreateTokenRequest.Scopes), "no text",
            new CreateTokenRequest { Scopes = [new(" ")], Expiry = TokenExpiry.After(TimeSpan.FromDays(1)), Raw = Raw }),
        Wrong("a role without text", nameof(CreateTokenRequest.Roles), "no text",
            new CreateTokenRequest { Roles = [new("")], Expiry = TokenExpiry.After(TimeSpan.FromDays(1)), Raw = Raw }),
        Wrong("roles beside all roles", nameof(CreateTokenRequest.Roles), "AllRoles",
            new CreateTokenRequest
            { Roles = [new("r")], Expiry = TokenExpiry.After(TimeSpan.FromDays(1)), Raw = new GenerateApiTokenRequestV2
            { IdToken = IdTokenValue, AllowedScopes = new() { OrganizationScopes = new() { AllRoles = true } } } }),
        Wrong("permissions beside all permissions", nameof(CreateTokenRequest.Raw), "all permissions",
            Request(raw: new GenerateApiTokenRequestV2 { IdToken = IdTokenValue,
            AllowedScopes = new() { OrganizationScopes = new() { AllPermissions = true, Permissions = [new()] } } })),
        Wrong("a service without its id", nameof(CreateTokenRequest.Raw), "ServiceDefinitionId",
            Request(raw: new GenerateApiTokenRequestV2 { IdToken = IdTokenValue, AllowedScopes = new() { ServicesScopes = [new()] } })),
        Wrong("a long organization id", nameof(CreateTokenRequest.Raw), "256",
            Request(raw: new GenerateApiTokenRequestV2 { IdToken = IdTokenValue, OrgId = new string('o', 256) })),
        Wrong("a description", nameof(CreateTokenRequest.Description), "no description",
            new CreateTokenRequest { Description = "d", Scopes = [new("s")], Expiry = TokenExpiry.After(TimeSpan.FromDays(1)), Raw = Raw }),
        Wrong("a key", nameof(CreateTokenRequest.Key), "no key",
            new CreateTokenRequest { Key = "k", Scopes = [new("s")], Expiry = TokenExpiry.After(TimeSpan.FromDays(1)), Raw = Raw }),
    ];

    [TestCaseSource(nameof(Refused))]
    public void A_wrong_request_is_refused_before_anything_is_sent(string field, string message, CreateTokenRequest request)
    {
        var exception = Assert.ThrowsAsync<TokenInvalidRequestException>(() => _client.CreateAsync(request))!;

        Assert.That(exception.Problems, Has.Count.EqualTo(1), exception.Message);
        Assert.That(exception.Problems[0].Field, Is.EqualTo(field));
        Assert.That(exception.Problems[0].Message, Does.Contain(message));
        Assert.That(exception.ToString(), Does.Not.Contain("hush"));
        Assert.That(_vendor.Requests, Is.Empty);
    }

    [Test]
    public void All_problems_are_told_at_once()
    {
        var exception = Assert.ThrowsAsync<TokenInvalidRequestException>(
            () => _client.CreateAsync(new CreateTokenRequest { Name = new string('/', 65), Description = "d", Key = "k" }))!;

        Assert.That(exception.Problems.Select(problem => problem.Field),
            Is.EqualTo(new[] { "Name", "Name", "Description", "Key", "Expiry", "Scopes", "Raw" }));
        Assert.That(_vendor.Requests, Is.Empty);
    }

    // How long the value lives is known from the request; its id only the vendor knows.
    [TestCase(404, "{}")]
    [TestCase(500, "{}")]
    [TestCase(200, "<html>")]
    public async Task A_secret_is_handed_out_also_where_its_record_cannot_be_read(int status, string body)
    {
        _vendor.On("POST", Details, VendorResponse.Json(status, body));

        var issued = await _client.CreateAsync(Request(name: "n", raw: Raw));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(issued.Secret.Reveal(), Is.EqualTo("new-secret"));
            Assert.That(
                (issued.Token.Vendor, issued.Token.Connection, issued.Token.Kind.Value), Is.EqualTo(("VMwareCloud", "prod", "api token")));
            Assert.That(
                (issued.Token.Id, issued.Token.Raw, issued.Token.State), Is.EqualTo(((string?)null, (object?)null, TokenState.Unknown)));
            Assert.That((issued.Token.Name, issued.Token.ExpiresAt), Is.EqualTo(("n", _clock.GetUtcNow().AddDays(1))));
            Assert.That(issued.Token.Scopes.Select(scope => scope.Value), Is.EqualTo(new[] { "openid" }));
            Assert.That(_vendor.Requests.Count(request => request.Path == Create), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task A_secret_is_handed_out_also_where_the_call_is_cancelled_after_it_was_made()
    {
        using var cancellation = new CancellationTokenSource();
        _vendor.On("POST", Details, _ =>
        {
            cancellation.Cancel();
            return VendorResponse.Json(200, """{"tokenId":"id-1"}""");
        });

        var issued = await _client.CreateAsync(Request(raw: Raw), cancellation.Token);

        Assert.That(issued.Secret.Reveal(), Is.EqualTo("new-secret"));
    }

    [TestCase("{}")]
    [TestCase("""{"apiToken":null}""")]
    [TestCase("""{"apiToken":["hush"]}""")]
    public void A_create_that_gives_no_secret_is_told(string response)
    {
        _vendor.On("POST", Create, VendorResponse.Json(200, response));

        var exception = Assert.ThrowsAsync<TokenOutcomeUnknownException>(() => _client.CreateAsync(Request(raw: Raw)))!;

        Assert.That(exception.InnerException, Is.TypeOf<TokenInvalidResponseException>());
        Assert.That(exception.ToString(), Does.Contain("apiToken").And.Not.Contain("hush"));
        Assert.That(_vendor.Requests.Count(request => request.Path == Create), Is.EqualTo(1));
    }

    [TestCase(400, typeof(TokenInvalidRequestException))]
    [TestCase(401, typeof(TokenAuthenticationException))]
    [TestCase(403, typeof(TokenPermissionException))]
    [TestCase(409, typeof(TokenConflictException))]
    [TestCase(429, typeof(TokenRateLimitedException))]
    [TestCase(500, typeof(TokenOutcomeUnknownException))]
    public void A_refused_create_tells_why_and_shows_no_identity_token(int status, Type type)
    {
        _vendor.On("POST", Create,
            VendorResponse.Json(status, """{"message":"Bad idToken hush.hush-hush_hush of at-1","cspErrorCode":"c-1"}"""));

        var exception = Assert.CatchAsync<TokenClientException>(() => _client.CreateAsync(Request(raw: Raw)))!;

        Assert.That(exception, Is.TypeOf(type));
        Assert.That((exception.Operation, exception.Status, exception.VendorErrorCode),
            Is.EqualTo((TokenOperation.Create, (HttpStatusCode)status, "c-1")));
        Assert.That(exception.VendorMessage, Is.EqualTo("Bad idToken *** of ***"));
        Assert.That(exception.ToString(), Does.Not.Contain("hush"));
        Assert.That(_vendor.Requests.Count(request => request.Path == Create), Is.EqualTo(1));
    }

    [Test]
    public async Task Revoke_deactivates_and_says_so()
    {
        var revocation = await _client.RevokeAsync(TokenReference.ById("id-9"));

        Assert.That(revocation.Outcome, Is.EqualTo(RevocationOutcome.Deactivated));
        Assert.That(revocation.Remark, Does.Contain("activate it again").And.Contain("console"));
        Assert.That(_vendor.Requests.Select(request => request.Path), Is.EqualTo(new[] { Authorize, Deactivate }));
        Sent.Exactly(_vendor.Requests[1], "POST", Deactivate, """{"ids":["id-9"]}""", AcceptJson, Bearer, Json);
    }

    [Test]
    public async Task Tokens_named_by_secret_are_looked_up_and_changed_in_their_own_organization()
    {
        _options.OrganizationId = "another";

        await _client.RevokeAsync(TokenReference.BySecret(new TokenSecret("a secret")));
        await _client.RevokeAsync(TokenReference.Self);

        Assert.That(
            _vendor.Requests.Select(request => request.Path), Is.EqualTo(new[] { Details, Authorize, Deactivate, Details, Deactivate }));
        Sent.Exactly(_vendor.Requests[0], "POST", Details, """{"tokenValue":"a secret"}""", AcceptJson, Json);
        Sent.Exactly(_vendor.Requests[3], "POST", Details, """{"tokenValue":"own-secret"}""", AcceptJson, Json);
        Sent.Exactly(_vendor.Requests[4], "POST", Deactivate, """{"ids":["id-1"]}""", AcceptJson, Bearer, Json);
    }

    [Test]
    public async Task The_organization_is_read_from_the_own_token_once()
    {
        _options.OrganizationId = null;

        await _client.RevokeAsync(TokenReference.ById("a"));
        await _client.RevokeAsync(TokenReference.ById("b"));
        _options.ApiToken = new TokenSecret("another-secret");
        await _client.RevokeAsync(TokenReference.ById("c"));

        Assert.That(_vendor.Requests.Select(request => request.Path),
            Is.EqualTo(new[] { Details, Authorize, Deactivate, Deactivate, Details, Authorize, Deactivate }));
        Sent.Exactly(_vendor.Requests[0], "POST", Details, """{"tokenValue":"own-secret"}""", AcceptJson, Json);
    }

    [Test]
    public void An_own_token_that_is_not_found_is_a_wrong_credential()
    {
        _options.OrganizationId = null;
        _vendor.On("POST", Details, VendorResponse.Json(404, "{}"));

        Assert.That(() => _client.RevokeAsync(TokenReference.ById("a")),
            Throws.TypeOf<TokenAuthenticationException>().With.Message.Contains("own token"));
        Assert.That(() => _client.RevokeAsync(TokenReference.BySecret(new TokenSecret("hush"))),
            Throws.TypeOf<TokenNotFoundException>().With.Message.Not.Contains("hush"));
    }

    [TestCase("""{"successes":[],"failures":[{"id":"id-9","message":"No owner."}]}""", "No owner.")]
    [TestCase("""{"failures":[null,{"id":"id-9"}]}""", "no reason")]
    [TestCase("""{"successes":["id-9"],"failures":[{"id":"id-9","message":"Both."}]}""", "Both.")]
    [TestCase("""{"successes":["id-1"]}""", "doesn't mention")]
    [TestCase("{}", "doesn't mention")]
    public void A_token_that_was_not_deactivated_is_not_revoked(string response, string message)
    {
        _vendor.On("POST", Deactivate, VendorResponse.Json(200, response));

        Assert.That(() => _client.RevokeAsync(TokenReference.ById("id-9")),
            Throws.TypeOf<TokenClientException>().With.Message.Contains(message).And.Message.Contains("id-9"));
    }

    [Test]
    public async Task Reasons_that_repeat_a_secret_are_redacted()
    {
        _vendor.On("POST", Deactivate,
            VendorResponse.Json(200, """{"failures":[{"id":"id-1","message":"Not asked-secret by own-secret."}]}"""));
        var asked = TokenReference.BySecret(new TokenSecret("asked-secret"));

        var exception = Assert.ThrowsAsync<TokenClientException>(() => _client.RevokeAsync(asked))!;
        var results = await _client.SuspendAsync([asked]);

        Assert.That(exception.VendorMessage, Is.EqualTo("Not *** by ***."));
        Assert.That(exception.ToString(), Does.Not.Contain("asked-secret").And.Not.Contain("own-secret"));
        Assert.That(results.Single().Message, Is.EqualTo("Not *** by ***."));
    }

    // With the tokens that the call names, in every member that an error is read from, and whichever of the call's requests it is the
    // response to.
    [TestCase(Details, 403)]
    [TestCase(Details, 404)]
    [TestCase(Deactivate, 404)]
    [TestCase(Deactivate, 500)]
    public void Errors_that_repeat_a_secret_are_redacted_in_all_members(string path, int status)
    {
        _vendor.On("POST", path, VendorResponse.Json(status,
            """{"message":"own-secret asked-secret","cspErrorCode":"own-secret asked-secret","requestId":"own-secret asked-secret"}"""));
        _options.OrganizationId = null;
        TokenReference[] references = [TokenReference.ById("id-9"), TokenReference.BySecret(new TokenSecret("asked-secret"))];

        var exception = Assert.CatchAsync<TokenClientException>(() => _client.SuspendAsync(references))!;

        Assert.That(exception.ToString(), Does.Not.Contain("asked-secret").And.Not.Contain("own-secret"));
        Assert.That((exception.VendorErrorCode, exception.VendorRequestId), Is.EqualTo(("*** ***", "*** ***")));
        Assert.That(exception.VendorMessage, Is.Null.Or.EqualTo("*** ***"));
    }

    // A segment of the path that would lead elsewhere.
    [TestCase("..")]
    [TestCase(".")]
    [TestCase("a\\nb")]
    public void An_organization_that_no_path_can_carry_is_none(string organization)
    {
        _vendor.On("POST", Details, VendorResponse.Json(200, $$"""{"tokenId":"id-1","orgId":"{{organization}}"}"""));
        _options.OrganizationId = null;

        Assert.That(
            () => _client.RevokeAsync(TokenReference.Self), Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("orgId"));
        Assert.That(() => _client.RevokeAsync(TokenReference.ById("id-1")),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("orgId"));
        Assert.That(_vendor.Requests.Select(request => request.Path), Has.All.EqualTo(Details));
    }

    [Test]
    public void A_look_up_s_error_that_repeats_the_secret_is_redacted_where_it_is_one_of_several()
    {
        _vendor.On("POST", Details, VendorResponse.Json(403, """{"message":"Not asked-secret."}"""));

        var exception = Assert.ThrowsAsync<TokenPermissionException>(
            () => _client.SuspendAsync([TokenReference.BySecret(new TokenSecret("asked-secret"))]))!;

        Assert.That(exception.VendorMessage, Is.EqualTo("Not ***."));
    }

    [Test]
    public void An_unknown_organization_is_not_an_unknown_token()
    {
        _vendor.On("POST", Deactivate, VendorResponse.Json(404, """{"message":"No org.","cspErrorCode":"c-1"}"""));

        var exception = Assert.ThrowsAsync<TokenClientException>(() => _client.RevokeAsync(TokenReference.ById("id-9")))!;

        Assert.That(exception.Message, Does.Contain("organization 'org-1'"));
        Assert.That((exception.Status, exception.VendorErrorCode, exception.VendorMessage),
            Is.EqualTo((HttpStatusCode.NotFound, "c-1", "No org.")));
    }

    [Test]
    public async Task Many_tokens_go_in_parts_of_15_and_come_back_in_order()
    {
        _vendor.On("POST", Details, VendorResponse.Json(200, """{"tokenId":"id-0","orgId":"org-1"}"""));
        TokenReference[] references = [.. Ids(32), TokenReference.ById("id-5"), TokenReference.Self];

        var results = await _client.SuspendAsync(references);

        Assert.That(results.Select(result => result.Reference), Is.EqualTo(references));
        Assert.That(results, Is.All.Matches<TokenSuspensionResult>(result => result is { Succeeded: true, Message: null }));
        var sent = _vendor.Requests.Where(request => request.Path == Deactivate).ToList();
        Assert.That(sent.Select(request => JObject.Parse(request.Body)["ids"]!.Count()), Is.EqualTo(new[] { 15, 15, 2 }));
        Sent.Exactly(sent[2], "POST", Deactivate, """{"ids":["id-30","id-31"]}""", AcceptJson, Bearer, Json);
    }

    [Test]
    public async Task Each_token_has_a_result_of_its_own()
    {
        _vendor.On("POST", Deactivate, VendorResponse.Json(200, """{"successes":["a"],"failures":[{"id":"b","message":"Not yours."}]}"""));
        _vendor.On("POST", Details, VendorResponse.Json(404, "{}"));

        var results = await _client.SuspendAsync([TokenReference.BySecret(new TokenSecret("hush")), TokenReference.ById("c"),
            TokenReference.ById("b"), TokenReference.ById("a")]);

        Assert.That(results.Select(result => result.Succeeded), Is.EqualTo(new[] { false, false, false, true }));
        Assert.That(results[0].Message, Does.Contain("no such token").And.Not.Contain("hush"));
        Assert.That(results[1].Message, Does.Contain("doesn't mention"));
        Assert.That(results[2].Message, Is.EqualTo("Not yours."));
        Assert.That(await _client.SuspendAsync([]), Is.Empty);
    }

    [Test]
    public void A_first_part_that_fails_throws_and_nothing_more_is_sent([Values(401, 403, 500)] int status)
    {
        _vendor.On("POST", Deactivate, VendorResponse.Json(status, "{}"));

        var exception = Assert.CatchAsync<TokenClientException>(() => _client.SuspendAsync(Ids(16)))!;

        Assert.That((exception.Operation, exception.Status), Is.EqualTo((TokenOperation.Suspend, (HttpStatusCode)status)));
        Assert.That(_vendor.Requests.Count(request => request.Path == Deactivate), Is.EqualTo(1));
    }

    [Test]
    public async Task A_later_part_that_fails_loses_no_results_and_the_rest_goes_on()
    {
        _vendor.On("POST", Deactivate, request =>
        {
            var ids = (JArray)JObject.Parse(request.Body)["ids"]!;
            return ids.Count == 15 && (string?)ids[0] == "id-15" ? VendorResponse.Json(500, """{"message":"Fault."}""")
                : VendorResponse.Json(200, new JObject { ["successes"] = ids }.ToString());
        });

        var results = await _client.SuspendAsync(Ids(40));

        Assert.That(results.Select(result => result.Succeeded), Is.EqualTo(Enumerable.Range(0, 40).Select(i => i is < 15 or >= 30)));
        Assert.That(results[15].Message, Does.Contain("HTTP 500").And.Contain("Fault."));
    }

    [Test]
    public void Wrong_arguments_and_options_are_told()
    {
        Assert.That(() => _client.SuspendAsync(null!), Throws.ArgumentNullException);
        Assert.That(() => _client.SuspendAsync([TokenReference.Self, null!]), Throws.ArgumentException.With.Message.Contains("index 1"));
        foreach (var wrong in new[] { "", " ", ".", "..", "a\nb" })
            Assert.That(() => new VMwareCloudTokenClient("prod", new VMwareCloudOptions { ApiToken = new TokenSecret("s"),
                OrganizationId = wrong }), Throws.TypeOf<OptionsValidationException>().With.Message.Contains("OrganizationId"));
    }

    private static TestCaseData Wrong(string name, string field, string message, CreateTokenRequest request)
        => new TestCaseData(field, message, request).SetArgDisplayNames(name);

    private static CreateTokenRequest Request(
        string? name = null, TokenExpiry? expiry = null, bool hasExpiry = true, bool hasScopes = true, object? raw = null) => new()
    {
        Name = name,
        Scopes = hasScopes ? [new("openid")] : null,
        Expiry = expiry ?? (hasExpiry ? TokenExpiry.After(TimeSpan.FromDays(1)) : null),
        Raw = raw,
    };

    private static TokenReference[] Ids(int count)
        => [.. Enumerable.Range(0, count).Select(i => TokenReference.ById("id-" + i.ToString(CultureInfo.InvariantCulture)))];
}
