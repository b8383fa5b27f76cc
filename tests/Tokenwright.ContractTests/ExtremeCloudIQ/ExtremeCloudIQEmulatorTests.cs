using System.Net;
using System.Text.Json;
using Tokenwright.ExtremeCloudIQ.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>How the ExtremeCloud IQ emulator behaves through the adapter.</summary>
internal sealed class ExtremeCloudIQEmulatorTests : ExtremeCloudIQEmulatorFixture
{
    [Test]
    public async Task A_token_works_from_create_to_revoke()
    {
        var issued = await _client.CreateAsync(
            new() { Scopes = [new("auth:r"), new("logout")], Description = "d", Expiry = TokenExpiry.After(TimeSpan.FromHours(1)) });
        var reference = TokenReference.BySecret(issued.Secret);

        var read = await _client.GetAsync(reference);
        Assert.That(read.Scopes, Is.EqualTo(issued.Token.Scopes));
        Assert.That((read.Owner!.Id, read.CreatedAt, read.ExpiresAt),
            Is.EqualTo((issued.Token.Owner!.Id, issued.Token.CreatedAt, issued.Token.ExpiresAt)));
        Assert.That((await _client.ValidateAsync(reference)).Verdict, Is.EqualTo(TokenVerdict.Active));
        var kept = _emulator.Tokens[^1];
        Assert.That((kept.Description, kept.Secret, kept.IsRevoked), Is.EqualTo(("d", issued.Secret, false)));

        // The token also authenticates its own calls.
        using (var own = Client(options => options.ApiToken = issued.Secret))
            Assert.That((await own.GetAsync(TokenReference.Self)).ExpiresAt, Is.EqualTo(issued.Token.ExpiresAt));

        Assert.That((await _client.RevokeAsync(reference)).Outcome, Is.EqualTo(RevocationOutcome.SessionEnded));

        Assert.That(kept.IsRevoked, Is.True);
        Assert.That((await _client.ValidateAsync(reference)).Verdict, Is.EqualTo(TokenVerdict.Unknown));
        Assert.That(async () => await _client.GetAsync(reference),
            Throws.TypeOf<TokenNotFoundException>().With.Property("VendorErrorCode").EqualTo("AUTH_TOKEN_REVOKED"));
        Assert.That(
            async () => await _client.RevokeAsync(reference), Throws.TypeOf<TokenNotFoundException>().With.Message.Contains("was revoked"));
    }

    [Test]
    public async Task Secrets_are_jwts_in_form_and_differ()
    {
        var secrets = new List<string>();
        for (var i = 0; i < 3; i++)
            secrets.Add((await _client.CreateAsync(
                new() { Scopes = [new("auth:r")], Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true })).Secret.Reveal());

        Assert.That(secrets, Is.Unique);
        Assert.That(secrets, Has.All.Matches("^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.emulated-signature-[0-9]+$"));
    }

    [Test]
    public async Task A_token_expires_by_the_clock()
    {
        var issued = await _client.CreateAsync(new() { Scopes = [new("auth:r")], Expiry = TokenExpiry.After(TimeSpan.FromMinutes(5)) });
        var neverExpiring =
            await _client.CreateAsync(new() { Scopes = [new("auth:r")], Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true });
        Assert.That((issued.Token.ExpiresAt, issued.Token.NeverExpires),
            Is.EqualTo(((DateTimeOffset?)new DateTimeOffset(2026, 9, 1, 12, 5, 1, TimeSpan.Zero), false)));
        Assert.That((neverExpiring.Token.ExpiresAt, neverExpiring.Token.NeverExpires), Is.EqualTo(((DateTimeOffset?)null, true)));

        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.That((await _client.ValidateAsync(TokenReference.BySecret(issued.Secret))).IsActive, Is.True);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That((await _client.ValidateAsync(TokenReference.BySecret(issued.Secret))).IsActive, Is.False);
        Assert.That(async () => await _client.GetAsync(TokenReference.BySecret(issued.Secret)),
            Throws.TypeOf<TokenNotFoundException>().With.Property("VendorErrorCode").EqualTo("UNAUTHORIZED"));
        _clock.Advance(TimeSpan.FromDays(3650));
        Assert.That((await _client.ValidateAsync(TokenReference.BySecret(neverExpiring.Secret))).IsActive, Is.True);
        Assert.That((await _client.GetAsync(TokenReference.BySecret(neverExpiring.Secret))).ExpiresAt, Is.Null);
    }

    [Test]
    public async Task A_session_is_valid_for_a_day_and_renewed_by_the_adapter()
    {
        using var client = Client(SignIn);

        var first = await client.GetAsync(TokenReference.Self);
        _clock.Advance(TimeSpan.FromDays(1));
        var second = await client.GetAsync(TokenReference.Self);

        Assert.That((first.ExpiresAt - first.CreatedAt, second.CreatedAt - first.CreatedAt),
            Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(86400), (TimeSpan?)TimeSpan.FromDays(1))));
        Assert.That(_emulator.Requests.Select(request => request.Path),
            Is.EqualTo(new[] { "/login", "/auth/apitoken/info", "/login", "/auth/apitoken/info" }));

        // Without the adapter: the first session has expired.
        var session = JsonDocument.Parse(await (await SendAsync("POST", "/login",
            """{"username":"api@example.net","password":"emulated-extremecloudiq-password"}""")).Content.ReadAsStringAsync())
            .RootElement.GetProperty("access_token").GetString()!;
        Assert.That((await SendAsync("GET", "/auth/apitoken/info", bearer: session)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.That((await SendAsync("GET", "/auth/apitoken/info", bearer: session)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_session_that_was_signed_out_is_replaced()
    {
        using var client = Client(SignIn);

        await client.GetAsync(TokenReference.Self);
        await client.RevokeAsync(TokenReference.Self);
        Assert.That((await client.ValidateAsync(TokenReference.Self)).IsActive, Is.True);

        Assert.That(_emulator.Requests.Select(request => request.Path),
            Is.EqualTo(new[] { "/login", "/auth/apitoken/info", "/logout", "/login", "/auth/apitoken/:validate" }));
    }

    [Test]
    public async Task The_connections_token_still_works_after_a_clear_but_not_after_its_revocation()
    {
        _emulator.Clear();
        Assert.That(_emulator.Tokens, Is.Empty);
        Assert.That((await _client.ValidateAsync(TokenReference.Self)).IsActive, Is.True);

        await _client.RevokeAsync(TokenReference.Self);

        Assert.That(async () => await _client.GetAsync(TokenReference.Self),
            Throws.TypeOf<TokenAuthenticationException>().With.Property("VendorErrorCode").EqualTo("AUTH_TOKEN_REVOKED"));
    }

    [Test]
    public async Task Tokens_that_a_test_adds_work_and_expire_as_configured()
    {
        var token = _emulator.Add(new EmulatedToken
            { Scopes = ["auth"], OwnerId = "7", OwnerName = "ann", Roles = ["MONITOR"], Extra = new() { ["later"] = 1 } });
        var reference = TokenReference.BySecret(token.Secret!);

        var read = await _client.GetAsync(reference);
        Assert.That((read.Owner!.Id, read.Owner.Name, read.Roles.Single().Value, read.UnknownFields["later"]),
            Is.EqualTo(("7", "ann", "MONITOR", "1")));

        _emulator.Remove(token);
        Assert.That((await _client.ValidateAsync(reference)).IsActive, Is.False);
    }

    [Test]
    public async Task A_token_can_only_create_tokens_with_its_own_permissions()
    {
        var token = _emulator.Add(new EmulatedToken { Scopes = ["token:new", "device", "user:r"] });
        using var client = Client(options => options.ApiToken = token.Secret);

        var issued = await client.CreateAsync(
            new() { Scopes = [new("device:list"), new("user:r")], Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true });
        Assert.That(async () => await client.CreateAsync(new() { Scopes = [new("user")], Expiry = TokenExpiry.Never,
            AllowUnboundedOrphan = true }), Throws.TypeOf<TokenPermissionException>().With.Message.Contains("permission user "));

        // The token may only do what its permissions allow.
        Assert.That(async () => await client.GetAsync(TokenReference.Self),
            Throws.TypeOf<TokenPermissionException>().With.Message.Contains("auth:r"));
        Assert.That(async () => await client.RevokeAsync(TokenReference.BySecret(issued.Secret)),
            Throws.TypeOf<TokenPermissionException>().With.Message.Contains("logout"));
        Assert.That((await client.ValidateAsync(TokenReference.BySecret(issued.Secret))).IsActive, Is.True);
    }

    [TestCase("https://api.extremecloudiq.com/auth/apitoken/info", "get", "auth,auth:r", "OBSERVER")]
    [TestCase("/logout", "POST", "logout", "HELP_DESK")]
    [TestCase("/login", "POST", "", null)]
    [TestCase("/devices", "GET", "", null)]
    public async Task The_permissions_that_a_request_needs_can_be_queried(string uri, string method, string permissions, string? role)
    {
        var response = await Typed<IExtremeCloudIQApiClient>().CheckPermissionsAsync(new() { Uri = uri, Method = method });

        Assert.That(string.Join(',', response.Permissions!.Select(permission => permission.Name)), Is.EqualTo(permissions));
        Assert.That(response.Roles, role is null ? Is.Empty : Does.Contain(role));
    }

    [TestCase(EmulatorBehaviour.Live, 1, TestName = "Q4: live, a platform one key shows a session of the call")]
    [TestCase(EmulatorBehaviour.Documented, 0, TestName = "Q4: documented, a key is a token like others")]
    public async Task A_platform_one_key_is_shown(EmulatorBehaviour behaviour, int days)
    {
        Restart(behaviour);
        var key = _emulator.Add(new EmulatedToken { Secret = new TokenSecret("extr_sk_emulated"), Scopes = ["auth", "logout"] });
        using var client = Client(options => options.ApiToken = key.Secret);

        var first = await client.GetAsync(TokenReference.Self);
        _clock.Advance(TimeSpan.FromDays(1));
        var second = await client.GetAsync(TokenReference.Self);
        await client.RevokeAsync(TokenReference.Self);

        Assert.That(second.CreatedAt - first.CreatedAt, Is.EqualTo(TimeSpan.FromDays(days)));
        Assert.That((await client.ValidateAsync(TokenReference.Self)).IsActive, Is.True);
    }

    [Test]
    public async Task Concurrent_callers_get_different_tokens()
    {
        var issued = await Task.WhenAll(Enumerable.Range(0, 64)
            .Select(_ => _client.CreateAsync(new() { Scopes = [new("logout")], Expiry = TokenExpiry.Never, AllowUnboundedOrphan = true })));
        await Task.WhenAll(issued.Select(token => _client.RevokeAsync(TokenReference.BySecret(token.Secret))));

        Assert.That(issued.Select(token => token.Secret.Reveal()), Is.Unique);
        Assert.That(_emulator.Tokens.Count(token => token.IsRevoked), Is.EqualTo(65));
    }
}
