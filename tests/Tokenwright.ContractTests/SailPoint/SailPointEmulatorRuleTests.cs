using Newtonsoft.Json.Linq;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>Which requests the SailPoint emulator refuses in each version, and where the documents and the live service differ.</summary>
internal sealed class SailPointEmulatorRuleTests : SailPointEmulatorFixture
{
    [TestCase("", "used,never,theirs")]
    [TestCase("?owner-id=me", "used,never")]
    [TestCase("?owner-id=somebody", "theirs")]
    [TestCase("?owner-id=nobody", "")]
    [TestCase("?filters=lastUsed%20isnull", "never")]
    [TestCase("?filters=lastUsed%20le%202020-01-01T00:00:00Z", "used,theirs")]
    [TestCase("?filters=lastUsed%20le%202019-12-31T23:59:59.999Z&owner-id=me", "")]
    public async Task The_list_filters_by_owner_and_last_use(string query, string names)
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
    public async Task Up_to_v2024_a_token_without_a_date_expires_after_six_months()
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

    [TestCase(EmulatorBehaviour.Live, 2, "2026-11-24T00:00:00.123456Z")]
    [TestCase(EmulatorBehaviour.Documented, 1, "2026-11-24T00:00:00.123Z")]
    public async Task S5_and_S19_live_and_documented_behaviour_differ(EmulatorBehaviour behaviour, int messages, string created)
    {
        Restart(behaviour);
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
    public async Task Calls_are_limited_if_a_test_configures_it()
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
}
