using System.Globalization;
using Newtonsoft.Json.Linq;
using Tokenwright.Testing;
using Tokenwright.Xms;
using Tokenwright.Xms.Api;

namespace Tokenwright.ContractTests;

/// <summary>How the XMS emulator behaves, through the adapter and with direct requests.</summary>
internal sealed partial class XmsEmulatorTests : EmulatorFixture<XmsEmulator>
{
    private const int LargestSample = 7;

    [Test]
    public async Task A_token_is_created_used_and_revoked()
    {
        var issued = await _client.CreateAsync(new() { Name = "näme 🔑", Description = "for tests", Roles = [new("observer")] });
        var secret = TokenReference.BySecret(issued.Secret);
        var id = TokenReference.ById(issued.Token.Id!);

        // An emulator that had the same port before may have used some numbers.
        var number = int.Parse(issued.Token.Id!, CultureInfo.InvariantCulture);
        Assert.That(number, Is.GreaterThan(LargestSample));
        Assert.That(issued.Secret.Reveal(), Does.Match("^[0-9a-f]{32}$"));
        Assert.That((issued.Token.Name, issued.Token.Description, issued.Token.Owner!.Name),
            Is.EqualTo(("näme 🔑", "for tests", "admin")));
        Assert.That((issued.Token.CreatedAt, issued.Token.UpdatedAt), Is.EqualTo((_clock.GetUtcNow(), _clock.GetUtcNow())));
        Assert.That(issued.Token.UnknownFields, Is.Empty);
        Assert.That((await _client.GetAsync(id)).Name, Is.EqualTo("näme 🔑"));
        Assert.That((await _client.ValidateAsync(secret)).Token!.Id, Is.EqualTo(issued.Token.Id));
        Assert.That(await _client.FindByNameAsync("näme 🔑").CountAsync(), Is.EqualTo(1));

        _clock.Advance(TimeSpan.FromMinutes(1));
        var renamed = await _client.UpdateAsync(secret, new() { Name = "renamed" });
        Assert.That((renamed.Name, renamed.Description, renamed.Roles.Single().Value), Is.EqualTo(("renamed", "for tests", "observer")));
        Assert.That(renamed.UpdatedAt - renamed.CreatedAt, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That((await _client.ValidateAsync(secret)).IsActive, Is.True);

        var regenerated = await _client.RegenerateAsync(id);
        Assert.That((regenerated.Token.Id, regenerated.Secret.Equals(issued.Secret)), Is.EqualTo((issued.Token.Id, false)));
        Assert.That((await _client.ValidateAsync(secret)).Verdict, Is.EqualTo(TokenVerdict.Unknown));
        Assert.That((await _client.ValidateAsync(TokenReference.BySecret(regenerated.Secret))).IsActive, Is.True);

        _options.AccessToken = regenerated.Secret;
        Assert.That((await _client.GetAsync(TokenReference.Self)).Id, Is.EqualTo(issued.Token.Id), "it authenticates");
        _options.AccessToken = issued.Secret;
        Assert.That(async () => await _client.ListAsync().ToListAsync(), Throws.TypeOf<TokenAuthenticationException>(),
            "the secret before it doesn't any more");

        _options.AccessToken = XmsEmulator.AccessToken;
        Assert.That((await _client.RevokeAsync(id)).Outcome, Is.EqualTo(RevocationOutcome.Deleted));
        Assert.That((await _client.ValidateAsync(TokenReference.BySecret(regenerated.Secret))).Verdict, Is.EqualTo(TokenVerdict.Unknown));
        Assert.That(async () => await _client.RevokeAsync(id), Throws.TypeOf<TokenNotFoundException>());
        Assert.That(async () => await _client.UpdateAsync(id, new() { Name = "again" }), Throws.TypeOf<TokenNotFoundException>());
        Assert.That(async () => await _client.RegenerateAsync(id), Throws.TypeOf<TokenNotFoundException>());
        Assert.That(_emulator.Tokens.Select(token => token.Id), Is.EqualTo(new[] { "0", "7" }));
        Assert.That((await _client.CreateAsync(new() { Name = "renamed", Roles = [new("admin")] })).Token.Id,
            Is.EqualTo((number + 1).ToString(CultureInfo.InvariantCulture)), "ids don't come back");
    }

    [Test]
    public async Task The_connections_own_token_can_be_regenerated_and_revoked()
    {
        var issued = await _client.RegenerateAsync(TokenReference.Self);

        Assert.That((await _client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Unknown));
        _options.AccessToken = new TokenSecret(_emulator.ConnectionSettings["AccessToken"]);
        Assert.That(await _options.AccessToken!.ReadAsync(), Is.EqualTo(issued.Secret));
        Assert.That((await _client.UpdateAsync(TokenReference.Self, new() { Name = "own" })).Id, Is.EqualTo(XmsEmulator.AccessTokenId));
        Assert.That((await _client.RevokeAsync(TokenReference.Self)).Remark, Is.Not.Null);
        Assert.That((await _client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Unknown));
        Assert.That(async () => await _client.ListAsync().ToListAsync(), Throws.TypeOf<TokenAuthenticationException>());
    }

    [Test]
    public async Task The_credential_still_works_after_a_clear()
    {
        _emulator.Clear();

        Assert.That(await _client.ListAsync().ToListAsync(), Is.Empty);
        Assert.That((await _client.GetAsync(TokenReference.Self)).Id, Is.EqualTo(XmsEmulator.AccessTokenId));
        Assert.That((await _client.ValidateAsync(TokenReference.Self)).IsActive, Is.True);
        var issued = await _client.CreateAsync(new() { Name = "n", Roles = [new("admin")] });
        Assert.That(int.Parse(issued.Token.Id!, CultureInfo.InvariantCulture), Is.GreaterThan(LargestSample), "ids don't come back");
        Assert.That(_emulator.Tokens.Select(token => token.Id), Is.EqualTo(new[] { issued.Token.Id }));
        await _client.RevokeAsync(TokenReference.Self);
        Assert.That((await _client.ValidateAsync(TokenReference.Self)).IsActive, Is.False);
    }

    [Test]
    public async Task Names_are_unique()
    {
        Assert.That(async () => await _client.CreateAsync(new() { Name = "zabbix", Roles = [new("admin")] }),
            Throws.TypeOf<TokenConflictException>());
        Assert.That((await _client.CreateAsync(new() { Name = "Zabbix", Roles = [new("admin")] })).Token.Name, Is.EqualTo("Zabbix"));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("{")]
    [TestCase("{}")]
    [TestCase("""{"access_token":[]}""")]
    [TestCase("""{"access_token":{"name":"n"}}""")]
    [TestCase("""{"access_token":{"name":"n","roles":null}}""")]
    [TestCase("""{"access_token":{"name":"n","roles":[1]}}""")]
    [TestCase("""{"access_token":{"name":1,"roles":["admin"]}}""")]
    [TestCase("""{"access_token":{"roles":["admin"]}}""")]
    public async Task A_wrong_creation_is_refused(string body)
    {
        var (status, text) = await SendAsync("POST", "v1/access-tokens/", body);

        Assert.That((status, text, _emulator.Tokens.Count), Is.EqualTo((400, "", 2)));
    }

    [Test]
    public async Task Only_the_name_can_be_changed()
    {
        Assert.That(await SendAsync("PATCH", "v1/access-tokens/7", "{}"), Is.EqualTo((400, "")));
        Assert.That(await SendAsync("PATCH", "v1/access-tokens/8", "{}"), Is.EqualTo((404, "")));
        var (status, text) =
            await SendAsync("PATCH", "v1/access-tokens/7", """{"access_token":{"name":"new","description":"new","roles":["new"]}}""");

        Assert.That((status, (string?)JObject.Parse(text)["access_token"]!["name"]), Is.EqualTo((200, "new")));
        Assert.That((_emulator.Tokens[1].Name, _emulator.Tokens[1].Description, _emulator.Tokens[1].Roles.Single()),
            Is.EqualTo(("new", (string?)null, "admin")));
    }

    [Test]
    public async Task Errors_have_no_body()
    {
        foreach (var (method, path, expected) in new[]
        {
            ("GET", "v1/access-tokens/8", 404),
            ("GET", "v1/access-tokens/7/", 404),
            ("POST", "v1/access-tokens/8:regenerate", 404),
            ("POST", "v1/access-tokens/7", 404),
            ("DELETE", "v1/access-tokens/seven", 404),
            ("POST", "v1/access-tokens:validate", 400),
            ("POST", "v1/access-tokens:validate?subject_access_token=another", 400),
        })
            Assert.That(await SendAsync(method, path), Is.EqualTo((expected, "")), $"{method} {path}");
    }

    [TestCase("", "name zabbix t0 t1 t2", -1)]
    [TestCase("?limit=-1", "name zabbix t0 t1 t2", -1)]
    [TestCase("?limit=2", "name zabbix", 2)]
    [TestCase("?limit=2&offset=2", "t0 t1", 2)]
    [TestCase("?limit=2&offset=4", "t2", 2)]
    [TestCase("?limit=2&offset=6", "", 2)]
    [TestCase("?limit=9223372036854775807&offset=9223372036854775807", "", long.MaxValue)]
    public async Task Lists_are_paged(string query, string names, long limit)
    {
        for (var i = 0; i < 3; i++)
            _emulator.Add(new() { Name = $"t{i}", Roles = ["r"] });

        var (status, text) = await SendAsync("GET", $"v1/access-tokens/{(query.Length == 0 ? "?" : query + "&")}all=true");

        var response = JObject.Parse(text);
        Assert.That((status, (long)response["paging"]!["limit"]!, (int)response["paging"]!["total_count"]!), Is.EqualTo((200, limit, 5)));
        Assert.That(string.Join(" ", response["access_tokens"]!.Select(token => token["name"])), Is.EqualTo(names));
        Assert.That((int)response["paging"]!["count"]!, Is.EqualTo(response["access_tokens"]!.Count()));
    }

    [TestCase("", "zabbix t0")]
    [TestCase("?all=false", "zabbix t0")]
    [TestCase("?all=true&user_id=6", "name t1")]
    [TestCase("?user_id=6", "")]
    [TestCase("?all=true&role=admin", "zabbix t1")]
    [TestCase("?all=true&role=adm", "")]
    public async Task Lists_are_filtered(string query, string names)
    {
        _emulator.Add(new() { Name = "t0", Roles = ["r"] });
        var other = _emulator.Add(new() { Name = "t1", Roles = ["r", "admin"], OwnerId = "6" });

        var (_, text) = await SendAsync("GET", $"v1/access-tokens/{query}");

        Assert.That(string.Join(" ", JObject.Parse(text)["access_tokens"]!.Select(token => token["name"])), Is.EqualTo(names));
        Assert.That(other.OwnerName, Is.EqualTo("name"), "the name that this user has in another token");
        (_, text) = await SendAsync("GET", "v1/access-tokens/", null, ("Xms-Auth-Token", other.Secret!.Reveal()));
        Assert.That(string.Join(" ", JObject.Parse(text)["access_tokens"]!.Select(token => token["name"])), Is.EqualTo("name t1"),
            "a token sees its own user's");
    }

    [Test]
    public async Task Long_lists_are_read_completely()
    {
        _emulator.Clear();
        for (var i = 0; i < 2500; i++)
            _emulator.Add(new() { Name = $"t{i}", Roles = ["r"] });

        var names = await _client.ListAsync().Select(token => token.Name).ToListAsync();

        Assert.That(names, Is.EqualTo(Enumerable.Range(0, 2500).Select(i => $"t{i}")));
        Assert.That(_emulator.Requests, Has.Count.EqualTo(3));
        Assert.That(_emulator.Tokens.Select(token => token.Id).Concat(
            _emulator.Tokens.Select(token => token.Secret!.Reveal())).Distinct().Count(), Is.EqualTo(5000));
    }

    private const string Token = "0123456789abcdef0123456789abcdef";

    private XmsOptions _options = null!;
    private XmsTokenClient _client = null!;

    [SetUp]
    public void Connect()
    {
        _options = new() { BaseAddress = new Uri(_emulator.BaseAddress, "v1"), MaxRetries = 0, CreationSettleTime = TimeSpan.Zero,
            AccessToken = XmsEmulator.AccessToken };
        _client = new XmsTokenClient("lab", _options, new() { TimeProvider = _clock });
    }

    [TearDown]
    public void Disconnect() => _client.Dispose();

    protected override XmsEmulator NewEmulator(EmulatorOptions options) => new(options);


    // The emulator supports both the live and the documented behaviour.
    private static readonly TestCaseData[] Credentials =
    [
        new("v1/access-tokens/7", ("Xms-Auth-Token", Token), 200, 200),
        new("v1/access-tokens/7", ("xms-auth-token", Token), 200, 200),
        new($"v1/access-tokens/7?token={Token}", ("X-Other", ""), 200, 200),
        new("api/v1/access-tokens/7", ("Xms-Auth-Token", Token), 200, 404),
        new($"api/v1/access-tokens/7?token={Token}", ("X-Other", ""), 200, 404),
        new("api/v1/access-tokens/7", ("Cookie", $"a=b; XMS_AUTH_TOKEN={Token}"), 200, 404),
        new("v1/access-tokens/7", ("Cookie", $"XMS_AUTH_TOKEN={Token}"), 401, 401),
        new("v1/access-tokens/7", ("Authorization", $"Bearer {Token}"), 401, 401),
        new("v1/access-tokens/7", ("Xms-Auth-Token", "another"), 401, 401),
        new("v1/access-tokens/7?token=another", ("X-Other", ""), 401, 401),
        new("v1/access-tokens", ("Xms-Auth-Token", Token), 200, 404),
        new("v1/access-tokens?limit=1", ("Xms-Auth-Token", Token), 200, 404),
        new("v1/access-tokens/", ("Xms-Auth-Token", Token), 200, 200),
    ];

    [TestCaseSource(nameof(Credentials))]
    public async Task A_credential_is_accepted_where_the_behaviour_allows_it(string path, (string, string) header, int live, int documented)
    {
        using var other = new XmsEmulator(new() { Behaviour = EmulatorBehaviour.Documented });

        Assert.That((await SendAsync("GET", path, null, header)).Status, Is.EqualTo(live));
        Assert.That((await SendAsync("GET", path, null, header, other)).Status, Is.EqualTo(documented));
    }

    [Test]
    public async Task Live_responses_are_not_in_the_documents_form()
    {
        using var documented = NewEmulator(EmulatorBehaviour.Documented);
        foreach (var emulator in new[] { _emulator, documented })
            emulator.Add(new() { Name = "n", CreatedAt = new DateTimeOffset(2026, 11, 24, 20, 0, 0, 123, TimeSpan.Zero),
                Extra = new() { ["soon"] = 1, ["used"] = "perhaps" } });

        var (_, live) = await SendAsync("GET", "v1/access-tokens/8");
        var (_, plain) = await SendAsync("GET", "v1/access-tokens/8", null, emulator: documented);
        Assert.That(live, Is.EqualTo("""
            {"access_token":{"id":8,"name":"n","description":"","roles":null,"user":{"id":3,"name":"admin"},"used":"perhaps",
            "create":"2026-11-25T04:00:00.123000036+08:00","update":"2026-11-24T20:00:00.123000Z","soon":1}}
            """.ReplaceLineEndings(string.Empty)));
        Assert.That(plain, Is.EqualTo("""
            {"access_token":{"id":8,"name":"n","roles":[],"user":{"id":3,"name":"admin"},"used":"perhaps",
            "create":"2026-11-24T20:00:00.123+00:00","update":"2026-11-24T20:00:00.123+00:00","soon":1}}
            """.ReplaceLineEndings(string.Empty)));

        _emulator.Clear();
        documented.Clear();
        Assert.That(await SendAsync("GET", "v1/access-tokens/"),
            Is.EqualTo((200, """{"access_tokens":null,"paging":{"count":0,"limit":-1,"offset":0,"total_count":0}}""")));
        Assert.That(await SendAsync("GET", "v1/access-tokens/", null, emulator: documented), Is.EqualTo((200, """{"access_tokens":[]}""")));
    }

    [TestCase(EmulatorBehaviour.Live)]
    [TestCase(EmulatorBehaviour.Documented)]
    public async Task The_adapter_reads_both_forms_in_the_same_way(EmulatorBehaviour behaviour)
    {
        using var emulator = NewEmulator(behaviour);
        using var client = new XmsTokenClient("lab",
            new() { BaseAddress = new Uri(emulator.BaseAddress, "v1"), AccessToken = XmsEmulator.AccessToken },
                new() { TimeProvider = _clock });

        var tokens = await client.ListAsync(new() { PageSize = 1 }).ToListAsync();
        var issued = await client.CreateAsync(new() { Name = "n", Roles = [new("admin")] });

        Assert.That(tokens.Select(token => (token.Id, token.Name, token.NativeStatus)),
            Is.EqualTo(new[] { ("0", "name", "used: true"), ("7", "zabbix", "used: false") }));
        Assert.That(tokens[0].CreatedAt, Is.EqualTo(new DateTimeOffset(2000, 1, 23, 4, 56, 7, TimeSpan.Zero)));
        Assert.That((issued.Token.CreatedAt, issued.Token.Description), Is.EqualTo((_clock.GetUtcNow(), (string?)null)));
    }

    // A session is valid for an hour. Every login creates a session of its own.
    [Test]
    public async Task Sessions_start_at_login_and_stop_at_logout()
    {
        using var http = new HttpClient { BaseAddress = new Uri(_emulator.BaseAddress, "v1/") };
        var api = new XmsApiClient(http);
        var login = new AuthLoginReq { Auth = new() { Name = XmsEmulator.Username, Password = XmsEmulator.Password.Reveal() } };
        var first = (await api.LoginAsync(login)).Token!;
        var second = (await api.LoginAsync(login)).Token!;

        Assert.That(first.Uuid, Does.Match("^[0-9a-f]{32}$").And.Not.EqualTo(second.Uuid));
        Assert.That((first.Expires - first.Create, first.Valid, first.User!.Id, first.User.Roles),
            Is.EqualTo(((TimeSpan?)TimeSpan.FromHours(1), (bool?)true, (long?)3, (ICollection<string>?)null)));
        Assert.That(await StatusAsync(first.Uuid!), Is.EqualTo(200));
        Assert.That((await SendAsync("POST", $"v1/access-tokens:validate?subject_access_token={first.Uuid}")).Status, Is.EqualTo(400),
            "a session is no access token");

        Assert.That(await SendAsync("POST", "v1/auth/tokens:logout", null, ("Xms-Auth-Token", first.Uuid!)), Is.EqualTo((204, "")));
        Assert.That(await SendAsync("POST", "v1/auth/tokens:logout", null, ("Xms-Auth-Token", first.Uuid!)), Is.EqualTo((401, "")));
        Assert.That(await SendAsync("POST", "v1/auth/tokens:logout"), Is.EqualTo((404, "")), "an access token is no session");
        Assert.That((await StatusAsync(first.Uuid!), await StatusAsync(second.Uuid!)), Is.EqualTo((401, 200)));

        _clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.That(await StatusAsync(second.Uuid!), Is.EqualTo(200));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.That(await StatusAsync(second.Uuid!), Is.EqualTo(401));
        Assert.That((await SendAsync("GET", "v1/access-tokens/7")).Status, Is.EqualTo(200), "access tokens don't end");

        async Task<int> StatusAsync(string secret) =>
            (await SendAsync("GET", "v1/access-tokens/7", null, ("Xms-Auth-Token", secret))).Status;
    }

    [TestCase("""{"auth":{"name":"admin","password":"emulated-xms-password"}}""", 201)]
    [TestCase("""{"auth":{"name":"admin@example.com","password":"emulated-xms-password"}}""", 201)]
    [TestCase("""{"auth":{"name":"admin","password":"wrong"}}""", 401)]
    [TestCase("""{"auth":{"name":"other","password":"emulated-xms-password"}}""", 401)]
    [TestCase("""{"auth":{"name":"admin"}}""", 400)]
    [TestCase("""{"auth":null}""", 400)]
    [TestCase("", 400)]
    public async Task Logins_are_checked(string body, int status)
        => Assert.That((await SendAsync("POST", "v1/auth/tokens:login", body, ("X-Other", ""))).Status, Is.EqualTo(status));

    // The adapter renews a session that expired, and one that somebody else ended.
    [Test]
    public async Task A_password_connection_renews_its_sessions()
    {
        (_options.AccessToken, _options.Username, _options.Password) = (null, XmsEmulator.Username, XmsEmulator.Password);
        using var client = new XmsTokenClient("lab", _options, new() { TimeProvider = _clock });

        var issued = await client.CreateAsync(new() { Name = "n", Roles = [new("admin")] });
        _clock.Advance(TimeSpan.FromHours(2));
        await client.UpdateAsync(TokenReference.BySecret(issued.Secret), new() { Name = "m" });
        var session = _emulator.Requests[^1].Header("Xms-Auth-Token")!;
        await SendAsync("POST", "v1/auth/tokens:logout", null, ("Xms-Auth-Token", session));
        await client.RevokeAsync(TokenReference.ById(issued.Token.Id!));

        Assert.That(_emulator.Requests.Count(request => request.Path.EndsWith(":login", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(_emulator.Tokens.Select(token => token.Name), Is.EqualTo(new[] { "name", "zabbix" }));
    }

    [Test]
    public async Task Concurrent_calls_lose_nothing()
    {
        var issued =
            await Task.WhenAll(Enumerable.Range(0, 64).Select(i => _client.CreateAsync(new() { Name = $"t{i}", Roles = [new("admin")] })));

        Assert.That(issued.Select(token => token.Token.Id).Concat(issued.Select(token => token.Secret.Reveal())).Distinct().Count(),
            Is.EqualTo(128));
        await Task.WhenAll(issued.Select(token => _client.RevokeAsync(TokenReference.BySecret(token.Secret))));
        Assert.That(_emulator.Tokens, Has.Count.EqualTo(2));
    }

    private Task<(int Status, string Body)> SendAsync(string method, string path, string? body = null)
        => SendAsync(method, path, body, ("Xms-Auth-Token", Token));

    private Task<(int Status, string Body)> SendAsync(string method, string path, string? body, XmsEmulator emulator)
        => SendAsync(method, path, body, ("Xms-Auth-Token", Token), emulator);
}
