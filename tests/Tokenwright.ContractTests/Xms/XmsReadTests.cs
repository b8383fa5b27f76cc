using System.Net;
using Tokenwright.Testing;
using Tokenwright.Xms.Api;

namespace Tokenwright.ContractTests;

/// <summary>How the XMS adapter reads tokens, and how it validates them by their secrets.</summary>
internal sealed class XmsReadTests : XmsFixture
{
    [Test]
    public async Task Every_field_is_mapped()
    {
        Respond("GET", "/v1/access-tokens/7", """
            {"access_token":{"id":7,"name":"zabbix","description":"monitoring","roles":["admin","auditor"],"user":{"id":3,"name":"admin",
            "skip_guide":true},"used":true,
             "create":"2000-01-23T04:56:07.000+00:00","update":"2001-01-23T04:56:07.000+00:00","soon":{"a":1}}}
            """);

        var token = await _client.GetAsync(TokenReference.ById("7"));

        Sent.Exactly(_vendor.Requests.Single(), "GET", "/v1/access-tokens/7", null, AcceptJson, Credential);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Vendor, Is.EqualTo("Xms"));
            Assert.That(token.Connection, Is.EqualTo("lab"));
            Assert.That(token.Kind.ToString(), Is.EqualTo("access token"));
            Assert.That(token.Id, Is.EqualTo("7"));
            Assert.That(token.Key, Is.Null);
            Assert.That(token.Name, Is.EqualTo("zabbix"));
            Assert.That(token.Description, Is.EqualTo("monitoring"));
            Assert.That(token.Scopes, Is.Empty);
            Assert.That(token.Roles.Select(role => role.Value), Is.EqualTo(new[] { "admin", "auditor" }));
            Assert.That((token.Owner!.Kind, token.Owner.Id, token.Owner.Name), Is.EqualTo(("user", "3", "admin")));
            Assert.That(token.CreatedAt, Is.EqualTo(new DateTimeOffset(2000, 1, 23, 4, 56, 7, TimeSpan.Zero)));
            Assert.That(token.UpdatedAt, Is.EqualTo(new DateTimeOffset(2001, 1, 23, 4, 56, 7, TimeSpan.Zero)));
            Assert.That(token.LastUsedAt, Is.Null);
            Assert.That(token.ExpiresAt, Is.Null);
            Assert.That(token.NeverExpires, Is.True);
            Assert.That(token.State, Is.EqualTo(TokenState.Active));
            Assert.That(token.NativeStatus, Is.EqualTo("used: true"));
            Assert.That(((AccessToken)token.Raw!).User!.SkipGuide, Is.True);
            Assert.That(token.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = """{"a":1}""" }));
        }
    }

    // In each of these, live responses differ from the documents.
    [TestCase("""{"create":"2020-12-30T10:30:51.675098636+08:00"}""", "2020-12-30T02:30:51.6750986Z",
        TestName = "X8: nanoseconds with an offset")]
    [TestCase("""{"create":"2020-05-28T03:40:52.284746Z"}""", "2020-05-28T03:40:52.2847460Z", TestName = "X8: microseconds in UTC")]
    [TestCase("""{"create":"","name":"","description":"","user":{"id":null,"name":""}}""", null, TestName = "X3: empty strings")]
    [TestCase("""{"create":null,"update":null,"id":null,"name":null,"description":null,"roles":null,"used":null,"user":null}""", null,
        TestName = "X3: nulls")]
    [TestCase("""{"roles":[null]}""", null, TestName = "X3: null in an array")]
    [TestCase("{}", null, TestName = "X3: nothing at all")]
    public async Task Unexpected_values_are_read(string record, string? created)
    {
        Respond("GET", "/v1/access-tokens/7", $$"""{"access_token":{{record}}}""");

        var token = await _client.GetAsync(TokenReference.ById("7"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.CreatedAt?.UtcDateTime.ToString("O"), Is.EqualTo(created));
            Assert.That((token.Id, token.Name, token.Description, token.NativeStatus, token.UpdatedAt),
                Is.EqualTo(((string?)null, (string?)null, (string?)null, (string?)null, (DateTimeOffset?)null)));
            Assert.That((token.Owner?.Id, token.Owner?.Name), Is.EqualTo(((string?)null, (string?)null)));
            Assert.That(token.Roles, Is.Empty);
        }
    }

    [Test]
    public async Task What_cannot_be_read_is_null_and_kept_raw()
    {
        Respond("GET", "/v1/access-tokens/7",
            """{"access_token":{"id":"seven","create":"yesterday","used":"perhaps","roles":"one","user":"admin"}}""");

        var token = await _client.GetAsync(TokenReference.ById("7"));

        Assert.That((token.Id, token.CreatedAt, token.NativeStatus, token.Owner),
            Is.EqualTo(((string?)null, (DateTimeOffset?)null, (string?)null, (TokenOwner?)null)));
        Assert.That(token.UnknownFields, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["id"] = "\"seven\"",
            ["create"] = "\"yesterday\"",
            ["used"] = "\"perhaps\"",
            ["roles"] = "\"one\"",
            ["user"] = "\"admin\"",
        }));
    }

    [TestCase("uuid")]
    [TestCase("UUID")]
    public async Task A_secret_in_a_record_is_removed(string member)
    {
        var record = $$"""{"id":7,"{{member}}":"0123456789abcdef0123456789abcdef","other":2}""";
        Respond("GET", "/v1/access-tokens/7", $$"""{"access_token":{{record}}}""");
        Respond("GET", "/v1/access-tokens/", $$"""{"access_tokens":[{{record}}]}""");

        var listed = await _client.ListAsync(new TokenQuery { IncludeRaw = true }).ToListAsync();
        var single = await _client.GetAsync(TokenReference.ById("7"));

        foreach (var token in listed.Append(single))
        {
            Assert.That(token.UnknownFields.Keys, Is.EqualTo(new[] { "other" }));
            Assert.That(Newtonsoft.Json.JsonConvert.SerializeObject(token), Does.Contain("other").And.Not.Contain("0123456789abcdef"));
        }
    }

    // The first segment of the path has a colon. It must not be read as a scheme (X12).
    [TestCase("a secret/+&", "a%20secret%2F%2B%26")]
    [TestCase("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef")]
    public async Task A_token_is_read_and_validated_by_its_secret(string secret, string encoded)
    {
        Respond("POST", Validation, """{"access_token":{"id":7,"name":"zabbix","soon":1}}""");

        var token = await _client.GetAsync(TokenReference.BySecret(new TokenSecret(secret)));
        var validation = await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret(secret)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((token.Id, token.Raw is AccessToken), Is.EqualTo(("7", true)));
            Assert.That((validation.Verdict, validation.Token?.Name, validation.Token?.Raw is AccessToken),
                Is.EqualTo((TokenVerdict.Active, "zabbix", true)));
            Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
            foreach (var request in _vendor.Requests)
                Sent.Exactly(request, "POST", $"{Validation}?subject_access_token={encoded}", null, AcceptJson, EmptyJson, Credential);
        }
    }

    [Test]
    public async Task Self_is_the_connections_own_access_token()
    {
        Respond("POST", Validation, """{"access_token":{"id":7}}""");

        Assert.That((await _client.GetAsync(TokenReference.Self)).Id, Is.EqualTo("7"));
        Assert.That((await _client.ValidateAsync(TokenReference.Self)).IsActive, Is.True);

        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        foreach (var request in _vendor.Requests)
            Sent.Exactly(request, "POST", $"{Validation}?subject_access_token=own-secret", null, AcceptJson, EmptyJson, Credential);
    }

    [Test]
    public async Task A_401_is_about_the_connections_credential()
    {
        _vendor.On("POST", Validation, VendorResponse.Empty(401));

        Assert.That(
            async () => await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("another"))),
            Throws.TypeOf<TokenAuthenticationException>().With.Property("Status").EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1), "an access token has no other value to try");

        // For the connection's own token, that is the expected result.
        Assert.That((await _client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Unknown));
        Assert.That((await _client.ValidateAsync(TokenReference.BySecret(new TokenSecret("own-secret")))).Verdict,
            Is.EqualTo(TokenVerdict.Unknown));
        Assert.That(async () => await _client.GetAsync(TokenReference.Self), Throws.TypeOf<TokenAuthenticationException>());
    }

    [TestCase("""{}""")]
    [TestCase("""{"access_token":null}""")]
    [TestCase("""{"access_token":"odd"}""")]
    public async Task A_success_without_a_record_does_not_prove_that_the_token_works(string body)
    {
        Respond("POST", Validation, body);
        Respond("GET", "/v1/access-tokens/7", body);

        var validation = await _client.ValidateAsync(TokenReference.Self);

        Assert.That((validation.Verdict, validation.Token), Is.EqualTo((TokenVerdict.Undetermined, (ApiToken?)null)));
        Assert.That(validation.Reason, Does.Contain("without the record"));
        foreach (var reference in new[] { TokenReference.Self, TokenReference.ById("7") })
            Assert.That(async () => await _client.GetAsync(reference),
                Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("access_token"));
    }

    [TestCase(400)]
    [TestCase(404)]
    public void Get_by_a_refused_secret_finds_nothing(int status)
    {
        Respond("POST", Validation, """{"code":"InvalidToken","message":"no such token: a%20secret"}""", status);

        var exception = Assert.CatchAsync<TokenNotFoundException>(
            async () => await _client.GetAsync(TokenReference.BySecret(new TokenSecret("a secret"))))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((exception.Vendor, exception.Connection, exception.Operation, exception.Status),
                Is.EqualTo(("Xms", "lab", TokenOperation.Get, (HttpStatusCode?)(HttpStatusCode)status)));
            Assert.That((exception.VendorErrorCode, exception.VendorMessage), Is.EqualTo(("InvalidToken", "no such token: ***")));
            Assert.That(exception.Message, Does.Contain($"HTTP {status}"));
        }
    }

    [Test]
    public void Get_by_an_unknown_id_finds_nothing()
    {
        _vendor.On("GET", "/v1/access-tokens/8", VendorResponse.Empty(404));

        Assert.That(
            async () => await _client.GetAsync(TokenReference.ById("8")),
            Throws.TypeOf<TokenNotFoundException>().With.Message.Contains("id 8").And.Property("Status").EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("0123456789abcdef0123456789abcdef")]
    [TestCase("-1")]
    [TestCase("7/8")]
    [TestCase("9223372036854775808")]
    public void Get_by_an_id_that_is_no_number_is_refused_before_it_is_sent(string id)
    {
        var exception = Refused(() => _client.GetAsync(TokenReference.ById(id)));

        Assert.That(exception.Problems.Single().Field, Is.EqualTo("Id"));
        Assert.That(exception.ToString(), Does.Contain("BySecret").And.Not.Contain($"'{id}'").And.Not.Contain("0123456789abcdef"),
            "a secret in place of an id");
    }

    [TestCase(400)]
    [TestCase(404)]
    public void A_page_in_place_of_the_validation_is_no_verdict(int status)
    {
        _vendor.On("POST", Validation, VendorResponse.Html(status, "<html>Not here</html>"));
        var secret = TokenReference.BySecret(new TokenSecret("token-secret-value"));

        foreach (var call in new Func<Task>[] { () => _client.ValidateAsync(secret), () => _client.GetAsync(secret) })
            Assert.That(
                async () => await call(),
                Throws.InstanceOf<TokenClientException>().And.Not.TypeOf<TokenNotFoundException>().With.Message.Contains(
                "in front of the API"));
    }
}
