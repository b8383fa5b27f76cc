using System.Globalization;
using Newtonsoft.Json;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.ContractTests;

/// <summary>What the adapter of VMware Cloud Services sends to look up tokens, and how it reads the responses.</summary>
internal sealed class VMwareCloudReadTests : VMwareCloudFixture
{
    private const string PublicKey = "/csp/gateway/am/api/auth/token-public-key";

    // 2026-05-01T10:00:00.123Z, 2026-11-30T10:00:00.456Z, 2026-11-01T10:00:00.789Z and 2026-06-01T10:00:00Z.
    private const string PlausibleRecord = """
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

    [TestCase(TestName = "V9, V18: details is asked anonymously, in JSON")]
    public async Task Get_by_secret_sends_its_value()
    {
        Respond("POST", Details, """{"tokenId":"x"}""");

        var token = await _client.GetAsync(TokenReference.BySecret(new TokenSecret("a \"secret\" é/+")));

        Assert.That(token.Id, Is.EqualTo("x"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "POST", Details, """{"tokenValue":"a \"secret\" é/+"}""", AcceptJson, Json);
    }

    [Test]
    public async Task Self_is_the_connections_own_token()
    {
        Respond("POST", Details, """{"tokenId":"x"}""");

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
        Respond("POST", Details, PlausibleRecord);

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
        Respond("POST", Details, DocumentedRecord.ToJsonString());

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

    // The documents use seconds, most clients milliseconds. Nobody knows how the vendor writes "never expires" or "never used", so an
    // expiry without a meaning leaves the state unknown.
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
        Respond("POST", Details, $$"""{"createdAt":{{number}},"expiresAt":{{number}},"lastUsedAt":{{number}}}""");

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
    public async Task An_empty_record_is_read()
    {
        Respond("POST", Details, "{}");

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
        Respond("POST", Details, response);

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
    public async Task Scopes_and_roles_are_read_from_the_members_that_exist(string response, string scopes, string roles)
    {
        Respond("POST", Details, response);

        var token = await _client.GetAsync(TokenReference.Self);

        Assert.That(string.Join(' ', token.Scopes), Is.EqualTo(scopes));
        Assert.That(string.Join(' ', token.Roles), Is.EqualTo(roles));
    }

    [Test]
    public async Task What_cannot_be_read_is_null_and_kept_raw()
    {
        Respond("POST", Details, """{"tokenId":"x","createdAt":"soon","expiresAt":{"odd":true},"scope":"one","deactivated":"perhaps"}""");

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
        Respond("POST", Details, response);

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
        Respond("POST", Details, response);

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
        Respond("POST", Details, $$"""{"deactivated":true,"expiresAt":{{_clock.GetUtcNow().ToUnixTimeSeconds()}}}""");
        Assert.That((await _client.GetAsync(TokenReference.Self)).State, Is.EqualTo(TokenState.Deactivated));
        Assert.That((await _client.GetAsync(TokenReference.Self)).NativeStatus, Is.EqualTo("deactivated: true"));

        Respond("POST", Details, $$"""{"expiresAt":{{_clock.GetUtcNow().ToUnixTimeSeconds()}}}""");
        Assert.That((await _client.GetAsync(TokenReference.Self)).State, Is.EqualTo(TokenState.Expired));

        Respond("POST", Details, $$"""{"expiresAt":{{_clock.GetUtcNow().ToUnixTimeMilliseconds() + 1}}}""");
        Assert.That((await _client.GetAsync(TokenReference.Self)).State, Is.EqualTo(TokenState.Active));
    }

    [TestCase(TestName = "V15: a user without the members that the documents require")]
    public async Task A_user_is_read_without_required_members()
    {
        Respond("GET", User, """{"userId":"u","acct":"a","username":null,"password":null,"emailVerified":true}""");

        var user = await TypedClient.GetLoggedInUserAsync();

        Assert.That((user.UserId, user.Acct, user.Username, user.Address, user.EmailVerified),
            Is.EqualTo(("u", "a", (string?)null, (string?)null, (bool?)true)));
    }

    [TestCase(TestName = "V16: keys that are an object")]
    public async Task Keys_that_are_an_object_are_kept_raw()
    {
        Respond("GET", PublicKey, """{"alg":"RS256","keys":{"kid":"k"}}""");

        var key = await TypedClient.GetTokenPublicKeyAsync("jwks");

        Assert.That((key.Alg, key.Keys), Is.EqualTo(("RS256", (ICollection<object>?)null)));
        Assert.That(key.AdditionalProperties.Keys, Is.EqualTo(new[] { "keys" }));
    }
}
