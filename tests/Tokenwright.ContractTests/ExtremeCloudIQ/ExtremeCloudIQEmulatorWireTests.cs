using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tokenwright.ExtremeCloudIQ.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>How the ExtremeCloud IQ emulator responds to raw requests, where the adapter would hide the details.</summary>
internal sealed class ExtremeCloudIQEmulatorWireTests : ExtremeCloudIQEmulatorFixture
{
    [TestCase("""{"permissions":[]}""", "permissions")]
    [TestCase("""{"description":"d"}""", "permissions")]
    [TestCase("""{"permissions":[null]}""", "permissions")]
    [TestCase("""{"permissions":["auth:r"],"expire_time":"soon"}""", "expire_time")]
    [TestCase("""{"permissions":["auth:r"],"expire_time":1788264299}""", "expire_time")]
    [TestCase("""{"permissions":["auth:r"],"expire_time":1}""", "expire_time")]
    [TestCase("""{"permissions":["auth:r"],"expire_time":1788264300000}""", "expire_time", TestName = "Q9: milliseconds are no time")]
    [TestCase("""{"permissions":["auth:r"],"rate_limit":{}}""", "rate_limit")]
    [TestCase("""{"permissions":["auth:r"],"rate_limit":{"hour":1,"second":0}}""", "rate_limit")]
    [TestCase("[]", null)]
    [TestCase("{", null)]
    public async Task A_wrong_generate_is_refused(string body, string? field)
    {
        var count = _emulator.Tokens.Count;

        var response = await SendAsync("POST", "/auth/apitoken", body, ExtremeCloudIQEmulator.ApiToken.Reveal());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.That(error.TryGetProperty("error_params", out var parameters) ? parameters.GetProperty("field").GetString() : null,
            Is.EqualTo(field));
        Assert.That(_emulator.Tokens, Has.Count.EqualTo(count));
    }

    [Test]
    public async Task The_shortest_lifetime_is_accepted()
        => Assert.That(
            (await SendAsync("POST", "/auth/apitoken", """{"permissions":["auth:r"],"expire_time":1788264300,"rate_limit":{"hour":5}}""",
                ExtremeCloudIQEmulator.ApiToken.Reveal())).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));

    [TestCase("/login", "{}")]
    [TestCase("/login", """{"username":"api@example.net"}""")]
    [TestCase("/login", """{"username":"api@example.net","password":"emulated-extremecloudiq-password","rate_limit":{"hour":0}}""")]
    [TestCase("/auth/permissions/:check", """{"uri":"/login"}""")]
    [TestCase("/auth/permissions/:check", """{"method":"GET"}""")]
    public async Task A_body_without_a_required_member_is_refused(string path, string body)
        => Assert.That((await SendAsync("POST", path, body, ExtremeCloudIQEmulator.ApiToken.Reveal())).StatusCode,
            Is.EqualTo(HttpStatusCode.BadRequest));

    [Test]
    public async Task A_body_with_another_content_type_than_JSON_is_refused()
        => Assert.That((await SendAsync("POST", "/login", "{}", contentType: "text/plain")).StatusCode,
            Is.EqualTo(HttpStatusCode.UnsupportedMediaType));

    [TestCase(EmulatorBehaviour.Live, """^\{"error_code":"AUTH_TOKEN_REVOKED","error_id":"[0-9a-f]{32}"\}$""",
        TestName = "Q6: live, the message of a revoked token is missing")]
    [TestCase(EmulatorBehaviour.Documented,
        "\"error_code\":\"AUTH_TOKEN_REVOKED\",.*\"error_message\":\".+\",\"error_message_description\":\".+\"",
        TestName = "Q6: documented, it is there")]
    public async Task A_revoked_token_is_refused_as_such(EmulatorBehaviour behaviour, string body)
    {
        Restart(behaviour);

        var response = await SendAsync("GET", "/auth/apitoken/info", bearer: ExtremeCloudIQEmulator.RevokedToken.Reveal());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Match(body));
    }

    [TestCase(EmulatorBehaviour.Live, "a.b.c", "\"code\":\"UNAUTHORIZED\"", TestName = "Q7: live, the gateway's body")]
    [TestCase(EmulatorBehaviour.Documented, "a.b.c", "\"error_message\":", TestName = "Q7: documented, one shape of errors")]
    [TestCase(EmulatorBehaviour.Live, "emulated-access-token-1001", "JWT strings must contain exactly 2 period characters. Found: 0",
        TestName = "A legacy token is no JWT")]
    [TestCase(EmulatorBehaviour.Live, null, "\"code\":\"UNAUTHORIZED\"", TestName = "No credential")]
    public async Task A_wrong_token_is_refused(EmulatorBehaviour behaviour, string? bearer, string body)
    {
        Restart(behaviour);

        var response = await SendAsync("GET", "/auth/permissions", bearer: bearer);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain(body));
    }

    // Live as in the document that the server generates, documented as in the published one.
    [TestCase(EmulatorBehaviour.Live, true, true, 200)]
    [TestCase(EmulatorBehaviour.Live, true, false, 401)]
    [TestCase(EmulatorBehaviour.Live, false, true, 401)]
    [TestCase(EmulatorBehaviour.Documented, true, true, 200)]
    [TestCase(EmulatorBehaviour.Documented, true, false, 401)]
    [TestCase(EmulatorBehaviour.Documented, false, true, 200)]
    [TestCase(EmulatorBehaviour.Documented, false, false, 401)]
    public async Task Q19_a_validation_needs_a_credential_where_a_document_requires_it(
        EmulatorBehaviour behaviour, bool hasCredential, bool isActive, int status)
    {
        Restart(behaviour);
        var asked = isActive ? _emulator.Tokens[0].Secret! : ExtremeCloudIQEmulator.RevokedToken;

        var response = await SendAsync("POST", "/auth/apitoken/:validate", asked.Reveal(),
            hasCredential ? ExtremeCloudIQEmulator.ApiToken.Reveal() : null, contentType: "text/plain");

        Assert.That(((int)response.StatusCode, await response.Content.ReadAsStringAsync()), Is.EqualTo((status, "")));
    }

    // A revoked credential can't validate other tokens, which the adapter must not take for a verdict.
    [Test]
    public async Task Q19_a_refused_credential_is_no_verdict()
    {
        using var dead = Client(options => options.ApiToken = ExtremeCloudIQEmulator.RevokedToken);

        Assert.That(async () => await dead.ValidateAsync(TokenReference.BySecret(_emulator.Tokens[0].Secret!)),
            Throws.TypeOf<TokenAuthenticationException>());
        Assert.That((await dead.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Unknown));
    }

    [TestCase(EmulatorBehaviour.Live)]
    [TestCase(EmulatorBehaviour.Documented)]
    public async Task Q20_a_refused_login_has_the_texts_that_the_vendors_SDK_requires(EmulatorBehaviour behaviour)
    {
        Restart(behaviour);

        var response = await SendAsync("POST", "/login", """{"username":"api@example.net","password":"wrong"}""");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).EnumerateObject().Select(member => member.Name);
        Assert.That(error, Is.EqualTo(new[] { "error_code", "error_id", "error_message", "error_message_description" }));
    }

    [TestCase(EmulatorBehaviour.Live, null)]
    [TestCase(EmulatorBehaviour.Documented, "null")]
    public async Task Q20_the_expiry_of_a_token_that_never_expires_is_left_out_or_null(EmulatorBehaviour behaviour, string? expected)
    {
        Restart(behaviour);

        var response = await SendAsync(
            "POST", "/auth/apitoken", """{"permissions":["auth:r"]}""", ExtremeCloudIQEmulator.ApiToken.Reveal());

        var token = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(token.TryGetProperty("expire_time", out var expiry) ? expiry.GetRawText() : null, Is.EqualTo(expected));
        Assert.That(token.TryGetProperty("description", out _), Is.False);
        using var client = Client(options => options.ApiToken = ExtremeCloudIQEmulator.ApiToken);
        Assert.That((await client.CreateAsync(new() { Scopes = [new("auth:r")], Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true }))
            .Token.NeverExpires, Is.True);
    }

    [TestCase(EmulatorBehaviour.Live, "2026-09-01T12:00:00.250+0000", TestName = "Q2: live, no colon in the offset")]
    [TestCase(EmulatorBehaviour.Documented, "2026-09-01T12:00:00.250+00:00", TestName = "Q2: documented, RFC 3339")]
    public async Task Times_have_the_vendors_form(EmulatorBehaviour behaviour, string issued)
    {
        Restart(behaviour);

        var response = await SendAsync("GET", "/auth/apitoken/info", bearer: _emulator.Tokens[0].Secret!.Reveal());
        _clock.Advance(TimeSpan.FromDays(1));
        var later = await SendAsync("GET", "/auth/apitoken/info", bearer: _emulator.Tokens[0].Secret!.Reveal());

        // Q3: the whole lifetime, not the remaining time.
        Assert.That(
            await response.Content.ReadAsStringAsync(), Does.Contain($"\"issued_at\":\"{issued}\"").And.Contain("\"expires_in\":604800"));
        Assert.That(await later.Content.ReadAsStringAsync(), Is.EqualTo(await response.Content.ReadAsStringAsync()));
    }

    [Test]
    public async Task Q1_permissions_are_an_array_live_and_a_string_in_the_documents()
    {
        var permissions = await Typed<IExtremeCloudIQApiClient>().ListPermissionsAsync();
        Assert.That(
            permissions.Select(permission => permission.Name), Does.Contain("device:list").And.Contain("logout").And.Not.Contain("user:r"));
        Assert.That(permissions.Select(permission => permission.Category), Is.All.Not.Empty);

        Restart(EmulatorBehaviour.Documented);
        var response = await SendAsync("GET", "/auth/permissions", bearer: ExtremeCloudIQEmulator.ApiToken.Reveal());
        Assert.That(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetString(), Does.Contain("device:list"));
    }

    [Test]
    public async Task Every_response_has_the_quota_which_applies_for_an_hour()
    {
        _emulator.RequestsPerHour = 3;

        var first = await SendAsync("GET", "/auth/apitoken/info");
        _clock.Advance(TimeSpan.FromMinutes(10));
        await SendAsync("POST", "/auth/apitoken/:validate", "x", contentType: "text/plain");
        var third = await SendAsync("POST", "/login", "{}");

        Assert.That(Quota(first), Is.EqualTo("3;w=3600 2 3600"));
        Assert.That(Quota(third), Is.EqualTo("3;w=3600 0 3000"));

        // A wait of 50 minutes is limited to the longest one, and the message contains the vendor's value.
        var exception = Assert.CatchAsync<TokenRateLimitedException>(async () => await _client.GetAsync(TokenReference.Self))!;
        Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That(exception.Message, Does.Contain("RateLimit-Reset: 3000, limited to 300 s by MaxRetryAfter"));

        _clock.Advance(TimeSpan.FromMinutes(50));
        await _client.GetAsync(TokenReference.Self);
    }

    [Test]
    public async Task Legacy_tokens_are_listed_created_changed_and_deleted()
    {
        var api = Typed<IExtremeCloudIQApiClient>();
        var example = (await api.ListApiAccessTokensAsync()).Data!.Single();
        Assert.That((example.Id, example.ClientId, example.PublishedAccessToken, example.CreateTime),
            Is.EqualTo(((long?)1001, "example-client", (string?)null, (DateTimeOffset?)_clock.GetUtcNow())));

        for (var i = 1; i <= 11; i++)
            Assert.That(
                (await api.CreateApiAccessTokenAsync($"client {i}", i)).AccessToken, Is.EqualTo($"emulated-access-token-{1001 + i}"));
        var (first, second) = (await api.ListApiAccessTokensAsync(),
            await api.ListApiAccessTokensAsync(page: 2, limit: 5, order: "DESC", sortField: "EXPIRATION"));
        Assert.That((first.Page, first.Count, first.TotalPages, first.TotalCount, first.Data!.Count),
            Is.EqualTo(((int?)1, (int?)10, (int?)2, (long?)12, 10)));
        Assert.That(second.Data!.Select(token => token.ClientId),
            Is.EqualTo(new[] { "client 7", "client 6", "client 5", "client 4", "client 3" }));
        Assert.That((await api.ListApiAccessTokensAsync(keyword: "client 11")).Data!.Single().Id, Is.EqualTo(1012));

        _clock.Advance(TimeSpan.FromHours(1));
        var changed = await api.UpdateApiAccessTokenAsync(new() { TokenExpireInDay = 90 }, 1001);
        Assert.That((changed.UpdateTime - changed.CreateTime, changed.Expiration - example.Expiration),
            Is.EqualTo(((TimeSpan?)TimeSpan.FromHours(1), (long?)60L * 86_400_000)));

        await api.DeleteApiAccessTokenAsync(1001);
        Assert.That(async () => await api.DeleteApiAccessTokenAsync(1001), Status(404));
        Assert.That(async () => await api.UpdateApiAccessTokenAsync(new() { TokenExpireInDay = 1 }, 1001), Status(404));
        Assert.That(async () => await api.BulkDeleteApiAccessTokenAsync([1002, 1001]), Status(404));
        await api.BulkDeleteApiAccessTokenAsync([1002, 1003, 1004]);
        Assert.That((await api.ListApiAccessTokensAsync()).TotalCount, Is.EqualTo(8));

        Assert.That(async () => await api.ListApiAccessTokensAsync(limit: 101), Status(400));
        Assert.That(async () => await api.ListApiAccessTokensAsync(page: 0), Status(400));
        Assert.That(async () => await api.CreateApiAccessTokenAsync(" ", 1), Status(400));
        Assert.That(async () => await api.CreateApiAccessTokenAsync("c", 0), Status(400));
        Assert.That(async () => await api.UpdateApiAccessTokenAsync(new() { TokenExpireInDay = 0 }, 1005), Status(400));
    }

    [Test]
    public async Task Q8_legacy_tokens_differ_in_the_published_document()
    {
        Restart(EmulatorBehaviour.Documented);
        var bearer = ExtremeCloudIQEmulator.ApiToken.Reveal();

        Assert.That((await SendAsync("POST", "/acct-api-token?clientId=c&tokenExpireInDay=1", "{}", bearer)).StatusCode,
            Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await SendAsync("POST", "/acct-api-token", """{"clientId":"other","tokenExpireInDay":"1"}""", bearer)).StatusCode,
            Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await SendAsync("PATCH", "/acct-api-token/1002", """{"clientId":"other","tokenExpireInDay":"2"}""",
            bearer)).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        var page = await (
            await SendAsync("GET", "/acct-api-token?searchString=other", bearer: bearer)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(page.GetProperty("data").EnumerateArray().Single().GetProperty("accessToken").GetString(),
            Is.EqualTo("emulated-access-token-1002"));
        Assert.That((await SendAsync("DELETE", "/acct-api-token_:delete?ids=1001&ids=1002", bearer: bearer)).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));
        page = await (await SendAsync("GET", "/acct-api-token", bearer: bearer)).Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(page.GetProperty("total_count").GetInt32(), Is.Zero);
    }

    private static NUnit.Framework.Constraints.EqualNumericConstraint<int> Status(int status)
        => Throws.InstanceOf<ApiException>().With.Property("StatusCode").EqualTo(status);

    private static string Quota(HttpResponseMessage response)
        => string.Join(' ', new[] { "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset" }.Select(
            name => response.Headers.GetValues(name).Single()));
}
