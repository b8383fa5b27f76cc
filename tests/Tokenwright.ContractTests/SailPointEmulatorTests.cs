using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;
using Tokenwright.SailPoint;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>How the SailPoint emulator behaves, seen through the adapter and over bare HTTP.</summary>
internal sealed class SailPointEmulatorTests
{
    private const string Pats = "v2025/personal-access-tokens";

    private static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    private FakeTimeProvider _clock = null!;
    private SailPointEmulator _emulator = null!;
    private HttpClient _http = null!;

    [SetUp]
    public void SetUp()
    {
        _clock = new(Start.AddTicks(1234567));
        Use(EmulatorBehaviour.Live);
    }

    [TearDown]
    public void TearDown()
    {
        _http.Dispose();
        _emulator.Dispose();
    }

    [TestCase("v3")]
    [TestCase("beta")]
    [TestCase("v2024")]
    [TestCase("v2025")]
    [TestCase("v2026")]
    public async Task A_token_lives_and_dies(string version)
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
    public async Task An_end_can_be_moved_and_taken_away()
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
    public async Task A_token_ends_by_the_clock()
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
    public async Task Access_tokens_end_by_the_clock_and_with_their_token()
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
    public async Task The_credential_outlives_clear_but_not_its_own_deletion()
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
    public async Task Id_and_secret_are_taken_in_each_way_that_the_vendor_takes_them()
    {
        var (id, secret) = (SailPointEmulator.ClientId, SailPointEmulator.ClientSecret.Reveal());
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["grant_type"] = "CLIENT_CREDENTIALS", ["client_id"] = id, ["client_secret"] = secret });
        using var multipart = new MultipartFormDataContent { { new StringContent("client_credentials"), "grant_type" },
            { new StringContent(id), "client_id" }, { new StringContent(secret), "client_secret" } };
        using var quoted =
            new StringContent(
            $"--b\r\ncontent-disposition: form-data; name=\"grant_type\"\r\n\r\nclient_credentials\r\n--b\r\nContent-Disposition: " +
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
        Use(behaviour);
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

    [TestCase("", "used,never,theirs")]
    [TestCase("?owner-id=me", "used,never")]
    [TestCase("?owner-id=somebody", "theirs")]
    [TestCase("?owner-id=nobody", "")]
    [TestCase("?filters=lastUsed%20isnull", "never")]
    [TestCase("?filters=lastUsed%20le%202020-01-01T00:00:00Z", "used,theirs")]
    [TestCase("?filters=lastUsed%20le%202019-12-31T23:59:59.999Z&owner-id=me", "")]
    public async Task The_list_knows_owners_and_last_use(string query, string names)
    {
        _emulator.Clear();
        var used = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        _emulator.Add(new EmulatedToken { Name = "used", LastUsedAt = used });
        _emulator.Add(new EmulatedToken { Name = "never" });
        _emulator.Add(new EmulatedToken { Name = "theirs", OwnerId = "somebody", LastUsedAt = used });

        var (status, body) = await Get(Pats + query, await AccessToken(SailPointEmulator.ApiClientId, SailPointEmulator.ApiClientSecret));

        Assert.That(status, Is.EqualTo(200));
        Assert.That(string.Join(',', JArray.Parse(body).Select(token => token["name"])), Is.EqualTo(names));
    }

    [TestCase("lastUsed ge 2020-01-01T00:00:00Z")]
    [TestCase("lastUsed LE 2020-01-01T00:00:00Z")]
    [TestCase("lastUsed le yesterday")]
    [TestCase("name eq \"x\"")]
    public async Task Other_filters_are_refused(string filters)
        => Assert.That(await Code("GET", $"{Pats}?filters={Uri.EscapeDataString(filters)}"), Is.EqualTo((400, "400.1.3 Illegal value")));

    [TestCase("v2025", """{"name":"x","userAwareTokenNeverExpires":true}""", 200, null)]
    [TestCase("v2025", """{"name":"x","expirationDate":"2126-11-24T00:00:00Z","later":1}""", 200, null)]
    [TestCase("v2025", """{"name":"x"}""", 400, "400.1 Bad Request Content")]
    [TestCase("v2025", """{"name":"x","expirationDate":null,"userAwareTokenNeverExpires":false}""", 400, "400.1 Bad Request Content")]
    [TestCase("v2025", """{"name":"x","expirationDate":"2026-11-23T00:00:00Z"}""", 400, "400.1.3 Illegal value")]
    [TestCase("v2025", """{"name":"NodeJS Integration","userAwareTokenNeverExpires":true}""", 400, "400.1 Bad Request Content")]
    [TestCase("v2025", """{"userAwareTokenNeverExpires":true}""", 400, "400.1.0 Required data missing or empty")]
    [TestCase("v2025", """{"name":"x","userAwareTokenNeverExpires":true,"accessTokenValiditySeconds":14}""", 400, "400.1.3 Illegal value")]
    [TestCase("v2025", """{"name":"x","userAwareTokenNeverExpires":true,"accessTokenValiditySeconds":43201}""", 400,
        "400.1.3 Illegal value")]
    [TestCase("v2025", """{"name":7}""", 400, "400.0 Bad request syntax")]
    [TestCase("v2025", """{"name":"x","scope":"a"}""", 400, "400.0 Bad request syntax")]
    [TestCase("v2025", """{"name":""", 400, "400.0 Bad request syntax")]
    [TestCase("v2024", """{"name":"x"}""", 200, null)]
    [TestCase("v3", """{"name":"x","expirationDate":"2027-05-25T00:00:00Z"}""", 400, "400.1.3 Illegal value")]
    [TestCase("v9", """{"name":"x"}""", 404, "404 Not found")]
    public async Task Creations_follow_the_rules_of_their_version(string version, string body, int status, string? code)
        => Assert.That(await Code("POST", $"{version}/personal-access-tokens", body), Is.EqualTo((status, code)));

    [Test]
    public async Task Up_to_v2024_a_token_without_a_date_ends_after_six_months()
    {
        await Code("POST", "v3/personal-access-tokens", """{"name":"x"}""");

        Assert.That(_emulator.Tokens[^1].ExpiresAt, Is.EqualTo(_clock.GetUtcNow().AddMonths(6)));
        Assert.That(JArray.Parse((await Get("v3/personal-access-tokens", await AccessToken())).Body)
            .All(token => token["userAwareTokenNeverExpires"] is null));
    }

    [TestCase("v2025", """[{"op":"replace","path":"/name","value":"x"},{"op":"test","path":"/name","value":"x"}]""", 200, null)]
    [TestCase("v2025", """[]""", 200, null)]
    [TestCase("v2025", """[{"op":"remove","path":"/expirationDate"}]""", 200, null)]
    [TestCase("v2025", """[{"op":"replace","path":"/userAwareTokenNeverExpires","value":false}]""", 400, "400.1 Bad Request Content")]
    [TestCase("v2025", """[{"op":"replace","path":"/expirationDate","value":"2020-01-01T00:00:00Z"}]""", 400, "400.1.3 Illegal value")]
    [TestCase("v2025", """[{"op":"replace","path":"/name","value":"x"},{"op":"replace","path":"/accessTokenValiditySeconds","value":60}]""",
        400, "400.1.3 Illegal value")]
    [TestCase("v2025", """[{"op":"replace","path":"/name","value":""}]""", 400, "400.1.0 Required data missing or empty")]
    [TestCase("v2025", """[{"op":"remove","path":"/scope"}]""", 400, "400.1.0 Required data missing or empty")]
    [TestCase("v2025", """[{"op":"replace","path":"/name","value":"taken"}]""", 400, "400.1 Bad Request Content")]
    [TestCase("v2025", """[{"op":"move","path":"/name"}]""", 400, "400.1.3 Illegal value")]
    [TestCase("v2025", """[{"op":"replace","path":"/name"}]""", 400, "400.1.3 Illegal value")]
    [TestCase("v2025", """[7]""", 400, "400.0 Bad request syntax")]
    [TestCase("v2025", """{"name":"x"}""", 400, "400.0 Bad request syntax")]
    [TestCase("v2024", """[{"op":"replace","path":"/expirationDate","value":"2027-01-01T00:00:00Z"}]""", 400, "400.1.3 Illegal value")]
    [TestCase("v3", """[{"op":"replace","path":"/scope","value":["a"]}]""", 200, null)]
    public async Task Patches_follow_the_rules_of_their_version(string version, string body, int status, string? code)
    {
        _emulator.Add(new EmulatedToken { Name = "taken" });

        Assert.That(
            await Code("PATCH", $"{version}/personal-access-tokens/{SailPointEmulator.ClientId}", body), Is.EqualTo((status, code)));
        if (status != 200)
            Assert.That(_emulator.Tokens[0].Name, Is.EqualTo("NodeJS Integration"), "a patch is applied as a whole or not at all");
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

    [TestCase(EmulatorBehaviour.Live, 2, "2026-11-24T00:00:00.123456Z")]
    [TestCase(EmulatorBehaviour.Documented, 1, "2026-11-24T00:00:00.123Z")]
    public async Task S5_and_S19_live_and_documented_differ(EmulatorBehaviour behaviour, int messages, string created)
    {
        Use(behaviour);
        var token = _emulator.Add(new EmulatedToken { Name = "n" });
        var access = await AccessToken();

        var listed = (await Get(Pats, access)).Body;
        var (status, body) = await Send("DELETE", $"{Pats}/none", null, access);

        Assert.That(listed, Does.Contain($"\"{created}\"").And.Not.Contain(token.Secret!.Reveal()));
        Assert.That(status, Is.EqualTo(404));
        var error = JObject.Parse(body);
        Assert.That((string?)error["trackingId"], Does.Match("^[0-9a-f]{32}$"));
        Assert.That(error["messages"]!.Count(), Is.EqualTo(messages));
        Assert.That(error.ContainsKey("causes"), Is.EqualTo(behaviour == EmulatorBehaviour.Live));
        Assert.That(token.Id, Does.Match("^[0-9a-f]{32}$"));
        Assert.That(token.Secret.Reveal(), Does.Match("^[0-9a-f]{64}$"));
    }

    [Test]
    public async Task The_form_of_the_newer_specifications_is_served_too()
    {
        var access = await AccessToken();

        var (status, body) = await Send("POST", "personal-access-tokens/v1", """{"name":"x","userAwareTokenNeverExpires":true}""", access);
        var id = (string?)JObject.Parse(body)["id"];
        var listed = await Get("personal-access-tokens/v1", access);
        var patched = await Send("PATCH", $"personal-access-tokens/v1/{id}",
            """[{"op":"replace","path":"/expirationDate","value":"2030-01-01T00:00:00Z"}]""", access);
        var deleted = await Send("DELETE", $"personal-access-tokens/v1/{id}", null, access);

        Assert.That((status, listed.Status, patched.Status, deleted.Status), Is.EqualTo((200, 200, 200, 204)));
        Assert.That(JArray.Parse(listed.Body), Has.Count.EqualTo(2));
        Assert.That((string?)JObject.Parse(patched.Body)["name"], Is.EqualTo("x"));
    }

    [Test]
    public async Task Calls_are_limited_where_a_test_asks_for_it()
    {
        var access = await AccessToken();
        _emulator.RateLimit = true;
        for (var call = 0; call < 100; call++)
            Assert.That((await Get(Pats, access)).Status, Is.EqualTo(200));

        _clock.Advance(TimeSpan.FromSeconds(7.5));
        using var request = new HttpRequestMessage(HttpMethod.Get, Pats) { Headers = { Authorization = new("Bearer", access) } };
        using var response = await _http.SendAsync(request);
        Assert.That(((int)response.StatusCode, response.Headers.RetryAfter!.Delta), Is.EqualTo((429, (TimeSpan?)TimeSpan.FromSeconds(3))));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""{"message":" Rate Limit Exceeded "}"""));
        Assert.That((await Get("v3/personal-access-tokens", access)).Status, Is.EqualTo(200), "each version is counted by itself");
        Assert.That((await Get(Pats, await AccessToken(SailPointEmulator.ApiClientId, SailPointEmulator.ApiClientSecret))).Status,
            Is.EqualTo(200), "each client id is counted by itself");
        _clock.Advance(TimeSpan.FromSeconds(2.5));
        Assert.That((await Get(Pats, access)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Added_members_show_and_replace()
    {
        _emulator.Tokens[0].Extra = new() { ["managed"] = true, ["soon"] = 1 };
        using var client = Client();

        var token = await client.GetAsync(TokenReference.Self);

        Assert.That(((SailPoint.Api.GetPersonalAccessTokenResponse)token.Raw!).Managed, Is.True);
        Assert.That(token.UnknownFields["soon"], Is.EqualTo("1"));
    }

    private void Use(EmulatorBehaviour behaviour)
    {
        _http?.Dispose();
        _emulator?.Dispose();
        _emulator = new SailPointEmulator(new EmulatorOptions { TimeProvider = _clock, Behaviour = behaviour });
        _http = new HttpClient { BaseAddress = _emulator.BaseAddress };
    }

    private SailPointTokenClient Client(string? id = null, TokenSecret? secret = null, string version = "v2025")
    {
        var options = Options(_emulator, id ?? SailPointEmulator.ClientId, secret ?? SailPointEmulator.ClientSecret);
        options.ApiVersion = version;
        return new SailPointTokenClient("prod", options, timeProvider: _clock);
    }

    private static SailPointOptions Options(SailPointEmulator emulator, string id, TokenSecret secret)
        => new() { BaseAddress = emulator.BaseAddress, MaxRetries = 0, CreationSettleTime = TimeSpan.Zero, CallsPerWindow = null,
        ClientId = id, ClientSecret = secret };

    private async Task<string> AccessToken(string? id = null, TokenSecret? secret = null)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = id ?? SailPointEmulator.ClientId,
            ["client_secret"] = (secret ?? SailPointEmulator.ClientSecret).Reveal(),
        });
        using var response = await _http.PostAsync("oauth/token", form);
        response.EnsureSuccessStatusCode();
        return (string)JObject.Parse(await response.Content.ReadAsStringAsync())["access_token"]!;
    }

    private Task<(int Status, string Body)> Get(string path, string? access) => Send("GET", path, null, access);

    private async Task<(int Status, string? Code)> Code(string method, string path, string? body = null)
    {
        var (status, text) = await Send(method, path, body, await AccessToken());
        return (status, status < 300 ? null : (string?)JObject.Parse(text)["detailCode"]);
    }

    private async Task<(int Status, string Body)> Send(string method, string path, string? body, string? access)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (access is not null)
            request.Headers.Authorization = new("Bearer", access);
        if (body is not null)
            request.Content =
                new StringContent(body, Encoding.UTF8, method == "PATCH" ? "application/json-patch+json" : "application/json");
        using var response = await _http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
