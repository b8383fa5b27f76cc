using System.Net;
using System.Net.Http.Headers;
using Newtonsoft.Json.Linq;
using Tokenwright.SailPoint;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>How the SailPoint emulator stores tokens and credentials.</summary>
internal sealed class SailPointEmulatorTests : SailPointEmulatorFixture
{
    [TestCase("v3")]
    [TestCase("beta")]
    [TestCase("v2024")]
    [TestCase("v2025")]
    [TestCase("v2026")]
    [TestCase("v1")]
    public async Task A_token_is_created_used_and_revoked(string version)
    {
        using var client = Client(version: version);

        var issued = await client.CreateAsync(
            new CreateTokenRequest { Name = "büro ☕", Scopes = [new("a")], Expiry = TokenExpiry.After(TimeSpan.FromDays(30)) });
        var reference = TokenReference.ById(issued.Token.Id!);
        var secret = TokenReference.ByIdAndSecret(issued.Token.Id!, issued.Secret);
        var read = await client.GetAsync(reference);
        var active = await client.ValidateAsync(secret);
        var renamed = await client.UpdateAsync(reference, new UpdateTokenRequest { Name = "new", Scopes = [new("b"), new("c")] });
        using var own = Client(issued.Token.Id!, issued.Secret, version);
        var self = await own.GetAsync(TokenReference.Self);
        var revoked = await client.RevokeAsync(reference);
        var dead = await client.ValidateAsync(secret);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((read.Name, read.Scopes.Single().Value, read.Owner!.Name), Is.EqualTo(("büro ☕", "a", "Support")));
            Assert.That(
                (read.ExpiresAt, read.NeverExpires, read.LastUsedAt), Is.EqualTo((issued.Token.ExpiresAt, false, (DateTimeOffset?)null)));
            Assert.That((renamed.Name, string.Join(' ', renamed.Scopes)), Is.EqualTo(("new", "b c")));
            Assert.That((self.Id, self.Name), Is.EqualTo((issued.Token.Id, "new")));
            Assert.That(self.LastUsedAt, Is.EqualTo(Start.AddMilliseconds(123)));
            Assert.That((active.Verdict, revoked.Outcome, dead.Verdict),
                Is.EqualTo((TokenVerdict.Active, RevocationOutcome.Deleted, TokenVerdict.Unknown)));
        }

        Assert.ThrowsAsync<TokenAuthenticationException>(() => own.GetAsync(TokenReference.Self));
        Assert.ThrowsAsync<TokenNotFoundException>(() => client.RevokeAsync(reference));
        Assert.ThrowsAsync<TokenNotFoundException>(() => client.UpdateAsync(reference, new UpdateTokenRequest { Name = "n" }));
        Assert.That(_emulator.Tokens, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_expiry_can_be_changed_and_removed()
    {
        using var client = Client();
        var issued = await client.CreateAsync(new CreateTokenRequest { Name = "n", Expiry = TokenExpiry.Never });
        var reference = TokenReference.ById(issued.Token.Id!);

        var ending = await client.UpdateAsync(reference, new UpdateTokenRequest { Expiry = TokenExpiry.At(Start.AddYears(9)) });
        var unending = await client.UpdateAsync(reference, new UpdateTokenRequest { Expiry = TokenExpiry.Never });

        Assert.That((issued.Token.NeverExpires, issued.Token.ExpiresAt), Is.EqualTo((true, (DateTimeOffset?)null)));
        Assert.That((ending.NeverExpires, ending.ExpiresAt), Is.EqualTo((false, (DateTimeOffset?)Start.AddYears(9))));
        Assert.That((unending.NeverExpires, unending.ExpiresAt), Is.EqualTo((true, (DateTimeOffset?)null)));
    }

    [Test]
    public async Task A_token_expires_by_the_clock()
    {
        using var client = Client();
        var issued = await client.CreateAsync(new CreateTokenRequest { Name = "n", Expiry = TokenExpiry.After(TimeSpan.FromHours(1)) });
        var secret = TokenReference.ByIdAndSecret(issued.Token.Id!, issued.Secret);

        _clock.Advance(TimeSpan.FromMinutes(59));
        var before = await client.ValidateAsync(secret);
        _clock.Advance(TimeSpan.FromMinutes(2));
        var after = await client.ValidateAsync(secret);

        Assert.That((before.Verdict, after.Verdict), Is.EqualTo((TokenVerdict.Active, TokenVerdict.Unknown)));
        Assert.That((await client.GetAsync(TokenReference.ById(issued.Token.Id!))).State, Is.EqualTo(TokenState.Expired));
    }

    [Test]
    public async Task Access_tokens_expire_by_the_clock_and_stop_working_with_their_token()
    {
        var token = _emulator.Add(new EmulatedToken { Name = "n", Extra = new() { ["accessTokenValiditySeconds"] = 15 } });
        var access = await AccessToken(token.Id!, token.Secret!);

        Assert.That((await Get(Pats, access)).Status, Is.EqualTo(200));
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.That(await Get(Pats, access), Is.EqualTo((401, """{"error":"JWT validation failed: JWT is expired"}""")));
        Assert.That(await Get(Pats, null), Is.EqualTo((401, """{"error":"JWT is required"}""")));
        Assert.That((await Get(Pats, "unknown")).Status, Is.EqualTo(401));

        access = await AccessToken(token.Id!, token.Secret!);
        _emulator.Remove(token);
        Assert.That((await Get(Pats, access)).Status, Is.EqualTo(401));
        _emulator.AccessTokensLiveOn = true;
        Assert.That((await Get(Pats, access)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task The_credential_still_works_after_a_clear_but_not_after_its_deletion()
    {
        using var client = Client();
        _emulator.Clear();
        Assert.That(await client.ListAsync().ToListAsync(), Is.Empty);
        await client.CreateAsync(new CreateTokenRequest { Name = "n", Expiry = TokenExpiry.Never });
        Assert.That((await client.ListAsync(new TokenQuery { OwnOnly = true }).ToListAsync()).Single().Name, Is.EqualTo("n"));

        using var fresh = new SailPointEmulator();
        using var other = new SailPointTokenClient("prod", Options(fresh, SailPointEmulator.ClientId, SailPointEmulator.ClientSecret));
        Assert.That((await other.RevokeAsync(TokenReference.Self)).Remark, Is.Not.Null);
        Assert.ThrowsAsync<TokenAuthenticationException>(async () => await other.ListAsync().ToListAsync());
        using var apiClient =
            new SailPointTokenClient("prod", Options(fresh, SailPointEmulator.ApiClientId, SailPointEmulator.ApiClientSecret));
        Assert.That(await apiClient.ListAsync().ToListAsync(), Is.Empty);
    }

    [Test]
    public async Task Id_and_secret_are_accepted_in_each_form_that_the_vendor_accepts()
    {
        var (id, secret) = (SailPointEmulator.ClientId, SailPointEmulator.ClientSecret.Reveal());
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["grant_type"] = "CLIENT_CREDENTIALS", ["client_id"] = id, ["client_secret"] = secret });
        using var multipart = new MultipartFormDataContent { { new StringContent("client_credentials"), "grant_type" },
            { new StringContent(id), "client_id" }, { new StringContent(secret), "client_secret" } };
        using var quoted =
            new StringContent(
            "--b\r\ncontent-disposition: form-data; name=\"grant_type\"\r\n\r\nclient_credentials\r\n--b\r\nContent-Disposition: " +
            $"form-data; name=\"client_id\"\r\n\r\n{id}\r\n--b\r\nContent-Disposition: form-data; " +
            $"name=\"client_secret\"\r\n\r\n{secret}\r\n--b--\r\n");
        quoted.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=\"b\"");

        foreach (var (path, content) in new (string, HttpContent?)[]
        {
            ("oauth/token", form),
            ("oauth/token", multipart),
            ("oauth/token", quoted),
            ($"oauth/token?grant_type=client_credentials&client_id={id}&client_secret={secret}", null),
        })
        {
            using var response = await _http.PostAsync(path, content);
            var body = JObject.Parse(await response.Content.ReadAsStringAsync());
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(((string?)body["token_type"], (int?)body["expires_in"], (string?)body["scope"]),
                Is.EqualTo(("bearer", 43200, "demo:personal-access-token-scope:first demo:personal-access-token-scope:second")));
        }
    }

    [TestCase(EmulatorBehaviour.Live, """{"error":"invalid_client","error_description":"Bad client credentials"}""")]
    [TestCase(EmulatorBehaviour.Documented, """{"error":"invalid_client"}""")]
    public async Task A_wrong_secret_is_refused(EmulatorBehaviour behaviour, string body)
    {
        Restart(behaviour);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            { ["grant_type"] = "client_credentials", ["client_id"] = SailPointEmulator.ClientId, ["client_secret"] = "x" });

        using var response = await _http.PostAsync("oauth/token", form);

        Assert.That(((int)response.StatusCode, await response.Content.ReadAsStringAsync()), Is.EqualTo((401, body)));
    }

    [Test]
    public async Task Last_use_is_written_once_a_day()
    {
        var token = _emulator.Add(new EmulatedToken { Name = "n" });

        await AccessToken(token.Id!, token.Secret!);
        var first = token.LastUsedAt;
        _clock.Advance(TimeSpan.FromHours(23));
        await AccessToken(token.Id!, token.Secret!);
        var second = token.LastUsedAt;
        _clock.Advance(TimeSpan.FromHours(1));
        await AccessToken(token.Id!, token.Secret!);

        Assert.That(
            (first, second, token.LastUsedAt), Is.EqualTo(((DateTimeOffset?)Start.AddTicks(1234567), first, first + TimeSpan.FromDays(1))));
    }

    [Test]
    public async Task An_owner_has_ten_tokens_at_most()
    {
        using var client = Client();
        for (var number = 2; number <= 10; number++)
            await client.CreateAsync(new CreateTokenRequest { Name = $"n{number}", Expiry = TokenExpiry.Never });

        Assert.ThrowsAsync<TokenInvalidRequestException>(
            () => client.CreateAsync(new CreateTokenRequest { Name = "n11", Expiry = TokenExpiry.Never }));
        var theirs = _emulator.Add(new EmulatedToken { Name = "theirs", OwnerId = "somebody" });
        using var other = Client(theirs.Id!, theirs.Secret);
        var issued = await other.CreateAsync(new CreateTokenRequest { Name = "n2", Expiry = TokenExpiry.Never });

        Assert.That(issued.Token.Owner!.Id, Is.EqualTo("somebody"));
        Assert.That(_emulator.Tokens.Select(token => token.Id).Distinct().Count(), Is.EqualTo(12));
        Assert.That(_emulator.Tokens.Select(token => token.Secret!.Reveal()).Distinct().Count(), Is.EqualTo(12));
    }

    [Test]
    public async Task Extra_members_are_added_to_the_record_or_replace_its_members()
    {
        _emulator.Tokens[0].Extra = new() { ["managed"] = true, ["soon"] = 1 };
        using var client = Client();

        var token = await client.GetAsync(TokenReference.Self);

        Assert.That(((SailPoint.Api.GetPersonalAccessTokenResponse)token.Raw!).Managed, Is.True);
        Assert.That(token.UnknownFields["soon"], Is.EqualTo("1"));
    }
}
