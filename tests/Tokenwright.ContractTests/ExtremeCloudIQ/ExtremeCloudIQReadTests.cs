using Tokenwright.ExtremeCloudIQ.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>What the ExtremeCloud IQ adapter sends to read a token, and how it reads the response.</summary>
internal sealed class ExtremeCloudIQReadTests : ExtremeCloudIQFixture
{
    [Test]
    public async Task Self_is_read_with_the_unchanged_api_token()
    {
        Respond("GET", "/auth/apitoken/info", Info);

        await _client.GetAsync(TokenReference.Self);

        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "GET", "/auth/apitoken/info", null, AcceptJson, Bearer);
    }

    [Test]
    public async Task A_token_is_read_by_its_secret_without_the_connections_credential()
    {
        Respond("GET", "/auth/apitoken/info", Info);
        using var client = Client(SignIn);

        var token = await client.GetAsync(TokenReference.BySecret(new TokenSecret("other.api.token")));

        Assert.That(token.Owner!.Name, Is.EqualTo("api@example.net"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "GET", "/auth/apitoken/info", null, AcceptJson, ("Authorization", "Bearer other.api.token"));
    }

    [Test]
    public async Task Every_field_is_mapped()
    {
        Respond("GET", "/auth/apitoken/info", Info);

        var token = await _client.GetAsync(TokenReference.Self);

        var raw = (XiqApiTokenInfo)token.Raw!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Vendor, Is.EqualTo("ExtremeCloudIQ"));
            Assert.That(token.Connection, Is.EqualTo("prod"));
            Assert.That(token.Kind.ToString(), Is.EqualTo("api token"));
            Assert.That((token.Id, token.Key, token.Name, token.Description),
                Is.EqualTo(((string?)null, (string?)null, (string?)null, (string?)null)));
            Assert.That(
                (token.Owner!.Kind, token.Owner.Id, token.Owner.Name), Is.EqualTo(((string?)null, "9007199254740993", "api@example.net")));
            Assert.That(token.Scopes.Select(scope => scope.Value), Is.EqualTo(new[] { "auth:r", "device:list" }));
            Assert.That(token.Roles.Select(role => role.Value), Is.EqualTo(new[] { "MONITOR" }));
            Assert.That(token.CreatedAt, Is.EqualTo(new DateTimeOffset(2026, 8, 31, 14, 50, 3, TimeSpan.Zero)));
            Assert.That(token.ExpiresAt, Is.EqualTo(new DateTimeOffset(2026, 9, 7, 14, 50, 3, TimeSpan.Zero)));
            Assert.That((token.UpdatedAt, token.LastUsedAt), Is.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)null)));
            Assert.That(token.NeverExpires, Is.False);
            Assert.That(token.State, Is.EqualTo(TokenState.Active));
            Assert.That(token.NativeStatus, Is.Null);
            Assert.That((raw.OwnerId, raw.DataCenter, raw.ExpiresIn), Is.EqualTo(((long?)42, "US-EAST", (long?)604800)));
            Assert.That(token.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = """{"a":1}""" }));
        }
    }

    [TestCase("""{"error_code":"AUTH_TOKEN_REVOKED","error_id":"e"}""", "says that it was revoked")]
    [TestCase(GatewayError, "doesn't show whether it is wrong, expired or revoked")]
    [TestCase("", "doesn't show whether it is wrong, expired or revoked")]
    public void A_refused_secret_means_that_the_token_is_not_found(string body, string detail)
    {
        Respond("GET", "/auth/apitoken/info", body, 401);

        var exception = Assert.CatchAsync<TokenNotFoundException>(
            async () => await _client.GetAsync(TokenReference.BySecret(new TokenSecret("other.api.token"))))!;

        Assert.That(
            (exception.Vendor, exception.Connection, exception.Operation), Is.EqualTo(("ExtremeCloudIQ", "prod", TokenOperation.Get)));
        Assert.That(exception.ToString(), Does.Contain("secret ***").And.Contain(detail).And.Not.Contain("other.api.token"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_secret_without_the_right_to_read_itself_is_not_a_missing_token()
    {
        Respond("GET", "/auth/apitoken/info", """{"error_code":"X","error_id":"e","error_message":"other.api.token may not."}""", 403);

        Assert.That(
            async () => await _client.GetAsync(TokenReference.BySecret(new TokenSecret("other.api.token"))),
            Throws.TypeOf<TokenPermissionException>().With.Property("VendorMessage").EqualTo("*** may not."));
    }

    // In each of these, live responses differ from the documents.
    [TestCase("""{"issued_at":"2026-09-07T14:50:03.000+0000"}""", "2026-09-07T14:50:03.0000000Z",
        TestName = "Q2: an offset without a colon")]
    [TestCase("""{"issued_at":"2026-09-07T16:50:03.000+0200"}""", "2026-09-07T14:50:03.0000000Z",
        TestName = "Q2: an offset without a colon that is not zero")]
    [TestCase("""{"issued_at":"2026-09-07T14:50:03.000+00:00"}""", "2026-09-07T14:50:03.0000000Z", TestName = "Q2: an offset with a colon")]
    [TestCase("""{"issued_at":""}""", null, TestName = "An empty time")]
    [TestCase("{}", null, TestName = "Q5: required members left out")]
    [TestCase("""{"user_name":null,"user_id":null,"role":null,"owner_id":null,"data_center":null,"scopes":null,"issued_at":""" +
        """null,"expiration_time":null,"expires_in":null}""", null, TestName = "N1: nulls in required members")]
    public async Task Unexpected_values_are_read(string body, string? created)
    {
        Respond("GET", "/auth/apitoken/info", body);

        var token = await _client.GetAsync(TokenReference.Self);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.CreatedAt?.UtcDateTime.ToString("O"), Is.EqualTo(created));
            Assert.That(token.Owner, Is.Null);
            Assert.That(token.Scopes, Is.Empty);
            Assert.That(token.Roles, Is.Empty);
            Assert.That((token.ExpiresAt, token.NeverExpires, token.State), Is.EqualTo(((DateTimeOffset?)null, false, TokenState.Active)));
        }
    }

    [Test]
    public async Task What_cannot_be_read_is_null_and_kept_raw()
    {
        _vendor.On("GET", "/auth/apitoken/info",
            VendorResponse.Json(
            200, """{"user_id":"one","role":" ","user_name":"ann","scopes":"all","issued_at":"yesterday","expiration_time":"never","ex""" +
            """pires_in":604800}"""));

        var token = await _client.GetAsync(TokenReference.Self);

        Assert.That((token.Owner!.Id, token.Owner.Name, token.CreatedAt, token.ExpiresAt, token.NeverExpires),
            Is.EqualTo(((string?)null, "ann", (DateTimeOffset?)null, (DateTimeOffset?)null, false)));
        Assert.That(token.Roles, Is.Empty);
        Assert.That(token.UnknownFields, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["user_id"] = "\"one\"",
            ["scopes"] = "\"all\"",
            ["issued_at"] = "\"yesterday\"",
            ["expiration_time"] = "\"never\"",
        }));
    }

    [Test]
    public async Task Q3_the_expiry_is_not_calculated_from_expires_in()
    {
        Respond("GET", "/auth/apitoken/info", """{"issued_at":"2026-08-31T14:50:03.000+0000","expires_in":604800}""");

        var token = await _client.GetAsync(TokenReference.Self);

        Assert.That(token.ExpiresAt, Is.Null);
        Assert.That(((XiqApiTokenInfo)token.Raw!).ExpiresIn, Is.EqualTo(604800));
    }

    [Test]
    public async Task Q4_a_platform_one_key_shows_the_session_that_each_call_makes()
    {
        _vendor.On("GET", "/auth/apitoken/info", _ => VendorResponse.Json(200, Info
            .Replace("2026-08-31T14:50:03.000+0000", _clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'.000+0000'"),
                StringComparison.Ordinal)
            .Replace("2026-09-07T14:50:03.000+0000", _clock.GetUtcNow().AddDays(7).ToString("yyyy-MM-dd'T'HH:mm:ss'.000+0000'"),
                StringComparison.Ordinal)));
        using var client = Client(options => options.ApiToken = new TokenSecret("extr_sk_1"));

        var first = await client.GetAsync(TokenReference.Self);
        _clock.Advance(TimeSpan.FromDays(1));
        var second = await client.GetAsync(TokenReference.Self);

        Assert.That(_vendor.Requests[0].Header("Authorization"), Is.EqualTo("Bearer extr_sk_1"));
        Assert.That((second.CreatedAt - first.CreatedAt, second.ExpiresAt - first.ExpiresAt),
            Is.EqualTo(((TimeSpan?)TimeSpan.FromDays(1), (TimeSpan?)TimeSpan.FromDays(1))));
        Assert.That(client.Metadata.Capabilities[TokenOperation.Get].Remark, Does.Contain("Platform ONE"));
    }

    [Test]
    public async Task A_token_that_was_read_is_active_whatever_the_clock_says()
    {
        Respond("GET", "/auth/apitoken/info", Info);
        _clock.SetUtcNow(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.That((await _client.GetAsync(TokenReference.Self)).State, Is.EqualTo(TokenState.Active));
    }

    [TestCase("Administrator", TestName = "Q18: a role that isn't in capitals")]
    [TestCase("NEW_ROLE", TestName = "Q18: a role that isn't known")]
    public async Task Roles_are_not_changed(string role)
    {
        _vendor.On("GET", "/auth/apitoken/info", VendorResponse.Json(200, Info.Replace("MONITOR", role, StringComparison.Ordinal)));

        Assert.That((await _client.GetAsync(TokenReference.Self)).Roles.Single().Value, Is.EqualTo(role));
    }

    [Test]
    public async Task Q1_permissions_are_an_array()
    {
        Respond("GET", "/auth/permissions", """[{"name":"account:r","description":"Reads the account","category":"Account"}]""");

        var permission = (await Typed<IExtremeCloudIQApiClient>().ListPermissionsAsync()).Single();

        Assert.That(
            (permission.Name, permission.Description, permission.Category), Is.EqualTo(("account:r", "Reads the account", "Account")));
        Sent.Exactly(_vendor.Requests.Single(), "GET", "/auth/permissions", null, AcceptJson, Bearer);
    }

    [Test]
    public async Task Q8_Q17_legacy_tokens_are_read_in_both_spellings_and_without_a_count_of_pages()
    {
        Respond("GET", "/acct-api-token", """
            {"page":1,"count":2,"total_count":2,"data":[
              {"id":1,"create_time":"2026-08-31T14:50:03.000+0000","access_token":"a-1","expiration":5,"client_id":"c-1","application":"x"},
              {"id":2,"accessToken":"a-2","expireAt":6,"clientId":"c-2","applicationName":"y"}]}
            """);

        var page = await Typed<IExtremeCloudIQApiClient>().ListApiAccessTokensAsync(page: 1, limit: 100, order: "ASC");

        Sent.Exactly(_vendor.Requests.Single(), "GET", "/acct-api-token?page=1&limit=100&order=ASC", null, AcceptJson, Bearer);
        Assert.That((page.TotalPages, page.TotalCount), Is.EqualTo(((int?)null, (long?)2)));
        Assert.That(page.Data!.Select(token => token.AccessToken ?? token.PublishedAccessToken), Is.EqualTo(new[] { "a-1", "a-2" }));
        Assert.That(page.Data!.Select(token => token.Expiration ?? token.ExpireAt), Is.EqualTo(new[] { 5, 6 }));
        Assert.That(page.Data!.Select(token => token.ClientId ?? token.PublishedClientId), Is.EqualTo(new[] { "c-1", "c-2" }));
        Assert.That(page.Data!.First().CreateTime, Is.EqualTo(new DateTimeOffset(2026, 8, 31, 14, 50, 3, TimeSpan.Zero)));
    }
}
