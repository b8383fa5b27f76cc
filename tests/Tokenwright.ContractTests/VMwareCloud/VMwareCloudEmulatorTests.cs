using System.Net;
using Newtonsoft.Json.Linq;
using Tokenwright.Testing;
using Tokenwright.VMwareCloud;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.ContractTests;

/// <summary>
/// How the emulator of VMware Cloud Services behaves: the states of its tokens, its limits, and where the documents and the live service
/// differ.
/// </summary>
internal sealed class VMwareCloudEmulatorTests : EmulatorFixture<VMwareCloudEmulator>
{
    private const string Api = "/csp/gateway/am/api";

    private VMwareCloudTokenClient _client = null!;

    [SetUp]
    public void Connect() => _client = Connect(VMwareCloudEmulator.ApiToken);

    [TearDown]
    public void Disconnect() => _client.Dispose();

    protected override VMwareCloudEmulator NewEmulator(EmulatorOptions options) => new(options);

    [Test]
    public async Task A_token_works_from_create_to_revoke()
    {
        var issued = await _client.CreateAsync(Request("deploy"));
        var reference = TokenReference.BySecret(issued.Secret);
        using var itself = Connect(issued.Secret);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((issued.Token.Name, issued.Token.State, issued.Token.ExpiresAt),
                Is.EqualTo(("deploy", TokenState.Active, _clock.GetUtcNow().AddDays(30))));
            Assert.That(issued.Token.Id, Is.Not.Null.And.EqualTo((await _client.GetAsync(reference)).Id));
            Assert.That(issued.Token.Scopes.Select(scope => scope.Value), Is.EqualTo(new[] { "openid", "csp:org_member" }));
            Assert.That(issued.Token.Roles.Select(role => role.Value), Is.EqualTo(new[] { "csp:org_member" }));
            Assert.That(issued.Secret.Reveal(), Has.Length.EqualTo(65).And.Matches("^[A-Za-z0-9]+$"));
            Assert.That((await _client.ValidateAsync(reference)).Verdict, Is.EqualTo(TokenVerdict.Active));
            Assert.That((await Typed(itself).GetLoggedInUserAsync()).UserId, Is.EqualTo(issued.Token.Owner!.Id));
        }

        Assert.That((await _client.GetAsync(reference)).LastUsedAt, Is.EqualTo(_clock.GetUtcNow()));
        await _client.RevokeAsync(TokenReference.ById(issued.Token.Id!));

        var dead = await _client.ValidateAsync(reference);
        Assert.That(dead.Verdict, Is.EqualTo(TokenVerdict.Deactivated));
        Assert.That((((ApiTokenDetailsDto)(await _client.GetAsync(reference)).Raw!).DeactivatedUpdatedBy,
            _emulator.Tokens[^1].IsDeactivated), Is.EqualTo(("jane.doe@example.com", true)));
        Assert.That(() => Typed(itself).GetLoggedInUserAsync(), Throws.TypeOf<CredentialExchangeException>());

        var resumed = await _client.ResumeAsync([reference]);
        Assert.That(resumed.Single().Succeeded, Is.True);
        Assert.That((await _client.ValidateAsync(reference)).IsActive, Is.True);
        Assert.That((await Typed(itself).GetLoggedInUserAsync()).UserId, Is.Not.Null);
    }

    [Test]
    public async Task A_token_expires_by_the_clock()
    {
        var issued = await _client.CreateAsync(Request("short", TokenExpiry.After(TimeSpan.FromMinutes(30))));
        var reference = TokenReference.BySecret(issued.Secret);

        _clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromTicks(1));
        Assert.That((await _client.ValidateAsync(reference)).IsActive, Is.True);

        _clock.Advance(TimeSpan.FromTicks(1));
        using var itself = Connect(issued.Secret);
        Assert.That((await _client.ValidateAsync(reference)).Verdict, Is.EqualTo(TokenVerdict.Unknown));
        Assert.That(() => _client.GetAsync(reference), Throws.TypeOf<TokenNotFoundException>());
        Assert.That(() => Typed(itself).GetLoggedInUserAsync(), Throws.TypeOf<CredentialExchangeException>());
    }

    [Test]
    public async Task An_access_token_expires_after_half_an_hour_in_either_header()
    {
        var accessToken = await AccessTokenAsync();
        Assert.That(accessToken.Split('.'), Has.Length.EqualTo(3));

        Assert.That((await SendAsync(HttpMethod.Get, "/loggedin/user", null, ("Authorization", $"Bearer {accessToken}"))).Status,
            Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await SendAsync(HttpMethod.Get, "/loggedin/user", null, ("csp-auth-token", accessToken))).Status,
            Is.EqualTo(HttpStatusCode.OK));
        _clock.Advance(TimeSpan.FromSeconds(1799));
        Assert.That((await SendAsync(HttpMethod.Get, "/loggedin/user", null, ("csp-auth-token", accessToken))).Status,
            Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task The_connection_works_after_a_clear_but_not_after_its_own_token_is_revoked()
    {
        _emulator.Clear();

        Assert.That((await _client.GetAsync(TokenReference.Self)).Name, Is.EqualTo("build server"));
        Assert.That((await Typed(_client).GetLoggedInUserAsync()).Username, Is.EqualTo("jane.doe@example.com"));
        Assert.That(_emulator.Tokens, Is.Empty);

        await _client.RevokeAsync(TokenReference.Self);
        Assert.That(_emulator.OwnToken.IsDeactivated, Is.True);
        Assert.That(
            () => _client.ResumeAsync([TokenReference.ById(_emulator.OwnToken.Id!)]), Throws.TypeOf<TokenAuthenticationException>());
    }

    [Test]
    public async Task A_user_has_50_tokens_at_most_and_expired_ones_do_not_count()
    {
        for (var i = 1; i < 50; i++)
            await _client.CreateAsync(Request($"token {i}", TokenExpiry.After(TimeSpan.FromHours(1))));

        Assert.That(
            () => _client.CreateAsync(Request("one more")), Throws.TypeOf<TokenInvalidRequestException>().With.Message.Contains("50"));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.That((await _client.CreateAsync(Request("one more"))).Token.Name, Is.EqualTo("one more"));
        Assert.That(_emulator.Tokens.Select(token => token.Secret!.Reveal()), Is.Unique);
    }

    [TestCase("""{"refreshTokenTTL":1800,"allowedScopes":{}}""", "idToken")]
    [TestCase("""{"idToken":"another's","refreshTokenTTL":1800,"allowedScopes":{}}""", "idToken")]
    [TestCase("""{"idToken":"ID","allowedScopes":{}}""", "refreshTokenTTL")]
    [TestCase("""{"idToken":"ID","refreshTokenTTL":1799,"allowedScopes":{}}""", "refreshTokenTTL")]
    [TestCase("""{"idToken":"ID","refreshTokenTTL":157852801,"allowedScopes":{}}""", "60 months")]
    [TestCase("""{"idToken":"ID","refreshTokenTTL":1800}""", "allowedScopes")]
    [TestCase("""{"idToken":"ID","refreshTokenTTL":1800,"allowedScopes":{},"tokenName":"a/b"}""", "tokenName")]
    [TestCase("""{"idToken":"ID","refreshTokenTTL":1800,"allowedScopes":{"organizationScopes":{"allRoles":true}}}""", "roles")]
    [TestCase("[]", "object")]
    [TestCase("no JSON", "object")]
    public async Task Create_refuses_what_the_documents_forbid(string body, string message)
    {
        var response = await SendAsync(HttpMethod.Post, "/loggedin/user/api-tokens", body.Replace("\"ID\"",
            $"\"{VMwareCloudEmulator.IdToken.Reveal()}\"", StringComparison.Ordinal), ("csp-auth-token", await AccessTokenAsync()));

        Assert.That(response.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((string?)response.Body["message"], Does.Contain(message));
        Assert.That(_emulator.Tokens, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Suspend_reports_unknown_ids_and_accepts_15_at_a_time()
    {
        var tokens = Enumerable.Range(0, 20).Select(i => _emulator.Add(new EmulatedToken { Name = $"t{i}" })).ToList();
        var results =
            await _client.SuspendAsync([.. tokens.Select(token => TokenReference.ById(token.Id!)), TokenReference.ById("nobody's")]);

        Assert.That(results.Select(result => result.Succeeded), Is.EqualTo(Enumerable.Repeat(true, 20).Append(false)));
        Assert.That(tokens, Is.All.Matches<EmulatedToken>(token => token.IsDeactivated));

        // Directly to the server, because the client never sends so many.
        var many = await SendAsync(HttpMethod.Post, $"/orgs/{VMwareCloudEmulator.OrganizationId}/api-tokens/activate",
            $$"""{"ids":[{{string.Join(',', Enumerable.Repeat("\"x\"", 16))}}]}""", ("csp-auth-token", await AccessTokenAsync()));
        Assert.That(many.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(() => _client.RevokeAsync(TokenReference.ById("nobody's")),
            Throws.TypeOf<TokenClientException>().With.Message.Contains("no API token with this id"));
    }

    [Test]
    public void Organizations_and_their_owners_are_distinguished()
    {
        var member = _emulator.Add(new EmulatedToken { OwnerId = "example.com:another", OwnerName = "joe@example.com" });
        using var joe = Connect(member.Secret!);
        using var elsewhere = Connect(VMwareCloudEmulator.ApiToken, "no-such-org");

        Assert.That(() => joe.RevokeAsync(TokenReference.ById(member.Id!)), Throws.TypeOf<TokenPermissionException>());
        Assert.That(
            () => joe.CreateAsync(Request("x")), Throws.TypeOf<TokenInvalidRequestException>().With.Message.Contains("another user"));
        Assert.That(() => elsewhere.RevokeAsync(TokenReference.ById(member.Id!)),
            Throws.TypeOf<TokenClientException>().With.Message.Contains("no-such-org"));
        Assert.That(member.IsDeactivated, Is.False);
    }

    [TestCase(EmulatorBehaviour.Live, 400, "traceId", "errorCode")]
    [TestCase(EmulatorBehaviour.Documented, 404, "errorCode", "traceId")]
    public async Task Live_and_documented_behaviour_differ(EmulatorBehaviour behaviour, int unknown, string present, string absent)
    {
        using var emulator = NewEmulator(behaviour);
        var expired = emulator.Add(new EmulatedToken { ExpiresAt = _clock.GetUtcNow() });

        var refused = await SendAsync(emulator, "/auth/api-tokens/authorize", "api_token=nobodys", "application/x-www-form-urlencoded");
        var over = await SendAsync(
            emulator, "/auth/api-tokens/authorize", $"refresh_token={expired.Secret!.Reveal()}", "application/x-www-form-urlencoded");
        var details = await SendAsync(
            emulator, "/auth/api-tokens/details", $$"""{"tokenValue":"{{VMwareCloudEmulator.ApiToken.Reveal()}}"}""", "application/json");

        Assert.That(((int)refused.Status, (int)over.Status), Is.EqualTo((unknown, 400)));
        Assert.That((string?)refused.Body["message"], Does.StartWith("invalid_grant: Invalid refresh token: xxxx..."));
        Assert.That((refused.Body.ContainsKey(present), refused.Body.ContainsKey(absent), refused.Body.ContainsKey("metadata")),
            Is.EqualTo((true, false, behaviour == EmulatorBehaviour.Live)));
        var expiresAt = _clock.GetUtcNow().AddDays(120);
        Assert.That((long)details.Body["expiresAt"]!,
            Is.EqualTo(behaviour == EmulatorBehaviour.Live ? expiresAt.ToUnixTimeMilliseconds() : expiresAt.ToUnixTimeSeconds()));
    }

    // V1: it isn't established which of the two the service sends, so the client reads both, whatever else the emulator does.
    [TestCase(EmulatorBehaviour.Live, false)]
    [TestCase(EmulatorBehaviour.Live, true)]
    [TestCase(EmulatorBehaviour.Documented, false)]
    [TestCase(EmulatorBehaviour.Documented, true)]
    public async Task Times_are_read_in_seconds_and_in_milliseconds(EmulatorBehaviour behaviour, bool inSeconds)
    {
        using var emulator = NewEmulator(behaviour);
        Assert.That(emulator.TimesInSeconds, Is.EqualTo(behaviour == EmulatorBehaviour.Documented), "the default");
        emulator.TimesInSeconds = inSeconds;
        var now = _clock.GetUtcNow().AddMilliseconds(250);
        var added = emulator.Add(new EmulatedToken
            { CreatedAt = now.AddDays(-1), ExpiresAt = now.AddDays(1), LastUsedAt = now.AddHours(-1), UpdatedAt = now });
        using var client = new VMwareCloudTokenClient("lab",
            new() { BaseAddress = emulator.BaseAddress, ApiToken = VMwareCloudEmulator.ApiToken }, new() { TimeProvider = _clock });

        var token = await client.GetAsync(TokenReference.BySecret(added.Secret!));
        var raw = (ApiTokenDetailsDto)token.Raw!;

        var shown = inSeconds ? now.AddMilliseconds(-250) : now;
        Assert.That((token.CreatedAt, token.ExpiresAt, token.LastUsedAt),
            Is.EqualTo(((DateTimeOffset?)shown.AddDays(-1), (DateTimeOffset?)shown.AddDays(1), (DateTimeOffset?)shown.AddHours(-1))));
        Assert.That((raw.ExpiresAt, raw.DeactivatedUpdatedOn), Is.EqualTo(inSeconds
            ? (now.AddDays(1).ToUnixTimeSeconds(), now.ToUnixTimeSeconds())
            : (now.AddDays(1).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds())));
        Assert.That(token.State, Is.EqualTo(TokenState.Active));
    }

    [Test]
    public async Task Users_and_keys_are_returned_in_the_requested_form()
    {
        var typed = Typed(_client);

        var plain = await typed.GetLoggedInUserAsync();
        var full = await typed.GetLoggedInUserAsync("true", "true");
        var pem = await typed.GetTokenPublicKeyAsync();
        var keys = await typed.GetTokenPublicKeyAsync("jwks");

        Assert.That((plain.Address, full.Address, full.UserProfile!.DefaultOrgId),
            Is.EqualTo(((string?)null, "1 Example Street", VMwareCloudEmulator.OrganizationId)));
        Assert.That((pem.Value is null, pem.Keys is null, keys.Value is null, keys.Keys!.Count), Is.EqualTo((false, true, true, 1)));
        Assert.That(() => typed.GetTokenPublicKeyAsync("der"), Throws.InstanceOf<ApiException>().With.Property("StatusCode").EqualTo(400));
    }

    [Test]
    public async Task Extra_members_are_shown()
    {
        var token = _emulator.Add(new EmulatedToken { Name = "n", Extra = new() { ["later"] = 1, ["lastUsedAt"] = "soon" } });

        var record = await _client.GetAsync(TokenReference.BySecret(token.Secret!));

        Assert.That(record.UnknownFields.Keys, Is.EquivalentTo(new[] { "later", "lastUsedAt" }));
        Assert.That((record.Name, record.ExpiresAt), Is.EqualTo(("n", (DateTimeOffset?)null)));
    }

    private static IVMwareCloudApiClient Typed(VMwareCloudTokenClient client)
        => (IVMwareCloudApiClient)client.GetService(typeof(IVMwareCloudApiClient))!;

    private static CreateTokenRequest Request(string name, TokenExpiry? expiry = null) => new()
    {
        Name = name,
        Scopes = [new("openid")],
        Roles = [new("csp:org_member")],
        Expiry = expiry ?? TokenExpiry.After(TimeSpan.FromDays(30)),
        Raw = new GenerateApiTokenRequestV2 { IdToken = VMwareCloudEmulator.IdToken.Reveal() },
    };

    private VMwareCloudTokenClient Connect(TokenSecret apiToken, string? organizationId = null)
        => new("lab", new VMwareCloudOptions { BaseAddress = _emulator.BaseAddress, MaxRetries = 0, ApiToken = apiToken,
            OrganizationId = organizationId }, new() { TimeProvider = _clock });

    private async Task<string> AccessTokenAsync()
        => (string)(await SendAsync(_emulator, "/auth/api-tokens/authorize", $"api_token={VMwareCloudEmulator.ApiToken.Reveal()}",
            "application/x-www-form-urlencoded")).Body["access_token"]!;

    private Task<(HttpStatusCode Status, JObject Body)> SendAsync(
        HttpMethod method, string path, string? body, (string Name, string Value) header)
        => SendAsync(_emulator, path, body, "application/json", method, header);

    private async Task<(HttpStatusCode Status, JObject Body)> SendAsync(
        VMwareCloudEmulator emulator, string path, string? body, string contentType, HttpMethod? method = null,
        (string Name, string Value)? header = null)
    {
        var (status, text) = await SendAsync((method ?? HttpMethod.Post).Method, Api + path, body, header, emulator, contentType);
        return ((HttpStatusCode)status, JObject.Parse(text));
    }
}
