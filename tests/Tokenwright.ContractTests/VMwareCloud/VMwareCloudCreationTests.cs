using System.Net;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.ContractTests;

/// <summary>What the adapter of VMware Cloud Services sends to create tokens, and how it reads the responses.</summary>
internal sealed class VMwareCloudCreationTests : VMwareCloudWritingFixture
{
    [Test]
    public async Task Create_sends_the_request_and_reads_the_record_by_the_new_secret()
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
    public async Task Members_of_the_request_override_those_of_raw_which_is_not_changed()
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

    // The vendor's documents say 60 months, which are at most 1,827 days.
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(1827);

    [Test]
    public async Task The_longest_lifetime_is_sent()
    {
        await _client.CreateAsync(Request(expiry: TokenExpiry.At(_clock.GetUtcNow().AddMonths(60)), raw: Raw));
        await _client.CreateAsync(Request(expiry: TokenExpiry.After(LongestLife), raw: Raw));

        Assert.That(_vendor.Requests.Where(request => request.Path == Create)
            .Select(request => (int)JObject.Parse(request.Body)["refreshTokenTTL"]!),
            Is.EqualTo(new[] { (int)(_clock.GetUtcNow().AddMonths(60) - _clock.GetUtcNow()).TotalSeconds, 157852800 }));
    }

    private static readonly TestCaseData[] WrongRequests =
    [
        Wrong("no identity token", nameof(CreateTokenRequest.IdToken), "authorization-code", Request()),
        Wrong("an empty identity token", nameof(CreateTokenRequest.IdToken), "It is missing",
            Request(raw: new GenerateApiTokenRequestV2 { IdToken = " " })),
        Wrong("another model", nameof(CreateTokenRequest.Raw), "GenerateApiTokenRequestV2", Request(raw: "hush")),
        Wrong("odd characters in the identity token", nameof(CreateTokenRequest.IdToken), "It has characters other than",
            Request(raw: new GenerateApiTokenRequestV2 { IdToken = "hush/hush" })),
        Wrong("a long name", nameof(CreateTokenRequest.Name), "65", Request(name: new string('n', 65), raw: Raw)),
        Wrong("a name with a slash", nameof(CreateTokenRequest.Name), "letters", Request(name: "a/b", raw: Raw)),
        Wrong("a name with an emoji", nameof(CreateTokenRequest.Name), "letters", Request(name: "a😀", raw: Raw)),
        Wrong("no end", nameof(CreateTokenRequest.Expiry), "missing", Request(hasExpiry: false, raw: Raw)),
        Wrong("never", nameof(CreateTokenRequest.Expiry), "isn't known", Request(expiry: TokenExpiry.Never, raw: Raw)),
        Wrong("a short lifetime", nameof(CreateTokenRequest.Expiry), "00:30:00",
            Request(expiry: TokenExpiry.After(TimeSpan.FromSeconds(1799)), raw: Raw)),
        Wrong("a short lifetime in raw", nameof(CreateTokenRequest.Expiry), "1799",
            Request(hasExpiry: false, raw: new GenerateApiTokenRequestV2 { IdToken = IdTokenValue, RefreshTokenTTL = 1799 })),
        Wrong("a lifetime of more than 32 bits", nameof(CreateTokenRequest.Expiry), "at most 60 months",
            Request(expiry: TokenExpiry.After(TimeSpan.FromSeconds(int.MaxValue + 1L)), raw: Raw)),
        Wrong("a lifetime of more than 60 months", nameof(CreateTokenRequest.Expiry), "at most 60 months (1827 days)",
            Request(expiry: TokenExpiry.After(LongestLife + TimeSpan.FromSeconds(1)), raw: Raw)),
        Wrong("an expiry after more than 60 months", nameof(CreateTokenRequest.Expiry), "Set an earlier expiry",
            Request(expiry: TokenExpiry.At(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero)), raw: Raw)),
        Wrong("a lifetime of more than 60 months in raw", nameof(CreateTokenRequest.Expiry), "at most 60 months",
            Request(hasExpiry: false, raw: new GenerateApiTokenRequestV2
                { IdToken = IdTokenValue, RefreshTokenTTL = (int)LongestLife.TotalSeconds + 1 })),
        Wrong("a past end", nameof(CreateTokenRequest.Expiry), "past",
            Request(expiry: TokenExpiry.At(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero)), raw: Raw)),
        Wrong("no scopes at all", nameof(CreateTokenRequest.Scopes), "missing", Request(hasScopes: false, raw: Raw)),
        Wrong("a scope without text", nameof(CreateTokenRequest.Scopes), "no text",
            new CreateTokenRequest { Scopes = [default], Expiry = TokenExpiry.After(TimeSpan.FromDays(1)), Raw = Raw }),
        Wrong("a role without text", nameof(CreateTokenRequest.Roles), "no text",
            new CreateTokenRequest { Roles = [default], Expiry = TokenExpiry.After(TimeSpan.FromDays(1)), Raw = Raw }),
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

    [TestCaseSource(nameof(WrongRequests))]
    public void A_wrong_request_is_refused_before_anything_is_sent(string field, string message, CreateTokenRequest request)
    {
        var exception = Refused(() => _client.CreateAsync(request));

        Assert.That(exception.Problems, Has.Count.EqualTo(1), exception.Message);
        Assert.That(exception.Problems[0].Field, Is.EqualTo(field));
        Assert.That(exception.Problems[0].Message, Does.Contain(message));
        Assert.That(exception.ToString(), Does.Not.Contain("hush"));
    }

    [Test]
    public void All_problems_are_reported_together()
        => Assert.That(
            RefusedFields(() => _client.CreateAsync(new CreateTokenRequest { Name = new string('/', 65), Description = "d", Key = "k" })),
            Is.EqualTo(new[] { "Name", "Name", "Description", "Key", "Expiry", "Scopes", "IdToken" }));

    // The lifetime is known from the request. Only the vendor knows the id.
    [TestCase(404, "{}")]
    [TestCase(500, "{}")]
    [TestCase(200, "<html>")]
    public async Task A_secret_is_returned_even_if_its_record_cannot_be_read(int status, string body)
    {
        Respond("POST", Details, body, status);

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
    public async Task A_secret_is_returned_even_if_the_call_is_cancelled_after_the_create()
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
    public void A_create_without_a_secret_is_reported(string response)
    {
        Respond("POST", Create, response);

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
    public void A_refused_create_gives_the_reason_and_shows_no_identity_token(int status, Type type)
    {
        Respond("POST", Create, """{"message":"Bad idToken hush.hush-hush_hush of at-1","cspErrorCode":"c-1"}""", status);

        var exception = Assert.CatchAsync<TokenClientException>(() => _client.CreateAsync(Request(raw: Raw)))!;

        Assert.That(exception, Is.TypeOf(type));
        Assert.That((exception.Operation, exception.Status, exception.VendorErrorCode),
            Is.EqualTo((TokenOperation.Create, (HttpStatusCode)status, "c-1")));
        Assert.That(exception.VendorMessage, Is.EqualTo("Bad idToken *** of ***"));
        Assert.That(exception.ToString(), Does.Not.Contain("hush"));
        Assert.That(_vendor.Requests.Count(request => request.Path == Create), Is.EqualTo(1));
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
}
