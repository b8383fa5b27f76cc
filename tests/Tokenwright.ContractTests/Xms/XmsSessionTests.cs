using System.Net;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.ContractTests;

/// <summary>How the XMS adapter creates, keeps and renews the session of a user.</summary>
internal sealed class XmsSessionTests : XmsFixture
{
    // The documents have 201; the client accepts 200 too.
    [TestCase(201)]
    [TestCase(200)]
    public async Task A_password_is_exchanged_for_a_session_once(int status)
    {
        _vendor.On("POST", "/v1/auth/tokens:login", Session("session-1", _clock.GetUtcNow().AddHours(1), status));
        Respond("GET", "/v1/access-tokens/", """{"access_tokens":[]}""");
        using var client = PasswordClient();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.ListAsync().ToListAsync()));

        Assert.That(_vendor.Requests, Has.Count.EqualTo(5));
        Sent.Exactly(_vendor.Requests[0], "POST", "/v1/auth/tokens:login", """{"auth":{"name":"admin","password":"pass \"word"}}""",
            AcceptJson, Json);
        foreach (var request in _vendor.Requests.Skip(1))
            Sent.Exactly(
                request, "GET", "/v1/access-tokens/?limit=1000&offset=0&all=true", null, AcceptJson, ("Xms-Auth-Token", "session-1"));
    }

    [TestCase("2026-11-24T09:00:00.123456789+08:00", 57, 1, TestName = "X8: a session's end with nanoseconds and an offset, before it")]
    [TestCase("2026-11-24T09:00:00.123456789+08:00", 60, 2, TestName = "X8: a session's end with nanoseconds and an offset, after it")]
    [TestCase("2026-11-23T23:00:00Z", 600, 1, TestName = "A session whose end is past, as the clocks differ, is kept until it is refused")]
    [TestCase("", 600, 1, TestName = "X3: a session without an end is kept until it is refused")]
    public async Task A_session_is_renewed_before_it_expires(string expires, int minutes, int logins)
    {
        Respond("POST", "/v1/auth/tokens:login", $$"""{"token":{"uuid":"session","expires":"{{expires}}"} }""", 201);
        Respond("GET", "/v1/access-tokens/", """{"access_tokens":[]}""");
        using var client = PasswordClient();

        await client.ListAsync().ToListAsync();
        _clock.Advance(TimeSpan.FromMinutes(minutes));
        await client.ListAsync().ToListAsync();

        Assert.That(_vendor.Requests.Count(request => request.Method == "POST"), Is.EqualTo(logins));
    }

    [Test]
    public async Task A_refused_session_is_renewed_once()
    {
        var logins = 0;
        _vendor.On("POST", "/v1/auth/tokens:login", _ => Session($"session-{++logins}", _clock.GetUtcNow().AddHours(1)));
        _vendor.On("POST", Validation, request => request.Header("Xms-Auth-Token") == "session-2" ? VendorResponse.Json(
            200, """{"access_token":{"id":7}}""") : VendorResponse.Empty(401));
        _vendor.On("GET", "/v1/access-tokens/7", VendorResponse.Empty(401));
        using var client = PasswordClient();

        var validation = await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("asked")));

        Assert.That(validation.IsActive, Is.True);
        Assert.That(_vendor.Requests, Has.Count.EqualTo(4));
        Sent.Exactly(_vendor.Requests[1], "POST", $"{Validation}?subject_access_token=asked", null, AcceptJson, EmptyJson,
            ("Xms-Auth-Token", "session-1"));
        Sent.Exactly(_vendor.Requests[3], "POST", $"{Validation}?subject_access_token=asked", null, AcceptJson, EmptyJson,
            ("Xms-Auth-Token", "session-2"));

        Assert.That(async () => await client.GetAsync(TokenReference.ById("7")), Throws.TypeOf<TokenAuthenticationException>());
        Assert.That(_vendor.Requests, Has.Count.EqualTo(7), "refused, renewed, refused again, and no more");
    }

    [TestCase(400)]
    [TestCase(401)]
    public void A_refused_login_is_an_authentication_error(int status)
    {
        Respond("POST", "/v1/auth/tokens:login", """{"code":"BadLogin","message":"admin with pass \"word is wrong"}""", status);
        using var client = PasswordClient();

        var exception = Assert.CatchAsync<TokenAuthenticationException>(
            async () => await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("asked"))))!;

        Assert.That((exception.Status, exception.VendorErrorCode), Is.EqualTo(((HttpStatusCode?)(HttpStatusCode)status, "BadLogin")));

        // The stack trace contains paths of this machine, which can contain any word. The advice names the password, but doesn't show it.
        var told = string.Join('\n', exception.ToString().Split('\n').Where(line => !line.StartsWith("   at ", StringComparison.Ordinal)))
            .Replace("password", string.Empty, StringComparison.OrdinalIgnoreCase);
        Assert.That(told, Does.Contain("admin with *** is wrong").And.Not.Contain("word"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    // No source says how such a login is refused, so the advice is there even if the response says nothing. What it says isn't hidden.
    [TestCase(400, """{"message":"Need verification code"}""", "requires a verification code")]
    [TestCase(401, """{"code":"VerificationCodeRequired"}""", "requires a verification code")]
    [TestCase(403, """{"error":"验证码错误"}""", "requires a verification code")]
    [TestCase(401, "", "Check the user name and password. A user whose login requires a verification code")]
    [TestCase(400, """{"message":"wrong password"}""", "Check the user name and password. A user whose login requires a verification code")]
    [TestCase(401, "<html>verification</html>", "Check the user name and password. A user whose login requires a verification code")]
    public void A_login_that_requires_a_verification_code_is_reported_with_what_to_do(int status, string body, string told)
    {
        Respond("POST", "/v1/auth/tokens:login", body, status);
        using var client = PasswordClient();

        var exception = Assert.CatchAsync<TokenAuthenticationException>(async () => await client.ListAsync().ToListAsync())!;

        Assert.That(exception.Message, Does.Contain(told).And.Contain("set AccessToken in place of Username and Password"));
        Assert.That(exception.Message, Does.Contain($"HTTP {status}").And.Not.Contain("id and secret"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("""{"token":{"uuid":""}}""")]
    [TestCase("""{"token":null}""")]
    [TestCase("{}")]
    public void A_login_response_without_a_session_is_reported(string body)
    {
        Respond("POST", "/v1/auth/tokens:login", body, 201);
        using var client = PasswordClient();

        Assert.That(async () => await client.ListAsync().ToListAsync(),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("token.uuid"));
    }

    [Test]
    public void A_connection_with_a_password_does_not_support_Self()
    {
        using var client = PasswordClient();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(client.Metadata.Capabilities[TokenOperation.Get].References,
                Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Secret));
            Assert.That(client.Metadata.Capabilities[TokenOperation.Validate].References, Is.EqualTo(TokenReferenceKinds.Secret));
            foreach (var operation in new[] { TokenOperation.Update, TokenOperation.Regenerate, TokenOperation.Revoke })
                Assert.That(
                    client.Metadata.Capabilities[operation].References, Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Secret));
            Assert.That(async () => await client.GetAsync(TokenReference.Self),
                Throws.TypeOf<TokenOperationNotSupportedException>().With.Property("Alternative").Contains("Secret"));
            Assert.That(async () => await client.ValidateAsync(TokenReference.Self),
                Throws.TypeOf<TokenOperationNotSupportedException>().With.Property("Reason").Contains("Self"));
            Assert.That(_vendor.Requests, Is.Empty);
        }
    }

    [Test]
    public async Task A_credential_may_change_at_run_time()
    {
        _vendor.On("POST", "/v1/auth/tokens:login", Session("session-1", _clock.GetUtcNow().AddHours(1)));
        Respond("GET", "/v1/access-tokens/", """{"access_tokens":[]}""");
        var options = new XmsOptions { BaseAddress = new Uri(_vendor.BaseAddress, "v1"), MaxRetries = 0, CreationSettleTime = TimeSpan.Zero,
            AccessToken = new TokenSecret("first") };
        using var client = new XmsTokenClient("lab", options, new() { TimeProvider = _clock });

        await client.ListAsync().ToListAsync();
        options.AccessToken = new TokenSecret("second");
        await client.ListAsync().ToListAsync();
        (options.AccessToken, options.Username, options.Password) = (null, "admin", new TokenSecret("password"));
        await client.ListAsync().ToListAsync();

        Assert.That(_vendor.Requests.Where(request => request.Method == "GET").Select(request => request.Header("Xms-Auth-Token")),
            Is.EqualTo(new[] { "first", "second", "session-1" }));
        Assert.That(async () => await client.ValidateAsync(TokenReference.Self), Throws.TypeOf<TokenInvalidRequestException>());
    }

    private static VendorResponse Session(string uuid, DateTimeOffset expires, int status = 201)
        => VendorResponse.Json(
            status, $$$"""{"token":{"uuid":"{{{uuid}}}","expires":"{{{expires:O}}}","valid":true,"roles":null,"user":{"id":""" +
            $$$"""3,"identity_platform":null}} }""");

    private XmsTokenClient PasswordClient()
        => Client(options => (options.AccessToken, options.Username, options.Password) = (null, "admin", new TokenSecret("pass \"word")));
}
