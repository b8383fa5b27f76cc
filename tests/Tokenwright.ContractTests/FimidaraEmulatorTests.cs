using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;
using Tokenwright.Fimidara;
using Tokenwright.Fimidara.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>The fimidara emulator: driven by the adapter, and asked what the vendor's server was asked when it was recorded.</summary>
internal sealed class FimidaraEmulatorTests
{
    private const string Workspace = "wrkspce_BCVQWEpFS43nFiVfWk6BX";
    private const string WorkspaceOf2022 = "U84GAWpItVIMtgJ75KEIt";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
    private FimidaraEmulator _emulator = null!;
    private HttpClient _http = null!;

    [SetUp]
    public void Start()
    {
        _emulator = new FimidaraEmulator(new() { TimeProvider = _clock });
        _http = new HttpClient();
    }

    [TearDown]
    public void Stop()
    {
        _http.Dispose();
        _emulator.Dispose();
    }

    private static readonly TokenKind[] Kinds =
        [FimidaraEmulator.AgentToken, FimidaraEmulator.ClientAssignedToken, FimidaraEmulator.ProgramAccessToken];

    [Test]
    public async Task It_is_read_through_configuration()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddTokenwright()
            .AddFimidara("emulated", new ConfigurationBuilder().AddInMemoryCollection(_emulator.ConnectionSettings.Append(
            new("MaxRetries", "0")).Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ITokenClient>("emulated");

        var tokens = await client.ListAsync().ToListAsync();

        Assert.That(tokens.Select(token => (token.Name, token.State.ToString())),
            Is.EqualTo(new[] { ("noperm", "active"), (null, "active"), ("My Token", "expired") }));
        Assert.That(await client.ListAsync(new TokenQuery { PageSize = 2 }).CountAsync(), Is.EqualTo(3));
        Assert.That((await client.GetAsync(TokenReference.ByKey("user-42"))).Id, Is.EqualTo(tokens[2].Id));
        Assert.That(
            (await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("another")))).Verdict, Is.EqualTo(TokenVerdict.Unknown));
        Assert.That((await client.ValidateAsync(TokenReference.Self)).Verdict, Is.EqualTo(TokenVerdict.Undetermined),
            "V10: a session has no token of its own");
        Assert.That(() => client.GetAsync(TokenReference.ById("nobody's")), Throws.TypeOf<TokenNotFoundException>());
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task A_token_lives_and_dies(TokenKind kind)
    {
        _emulator.Clear();
        using var client = Client(kind);
        var isProgram = kind == FimidaraEmulator.ProgramAccessToken;
        Assert.That(await client.ListAsync().ToListAsync(), Is.Empty);

        var issued = await client.CreateAsync(new()
        {
            Name = "Überraschung ✓",
            Description = "d",
            Key = isProgram ? null : "user-43",
            Expiry = isProgram ? TokenExpiry.Never : TokenExpiry.After(TimeSpan.FromHours(1)),
        });
        var read = await client.GetAsync(TokenReference.ById(issued.Token.Id!));
        var itself = await client.ValidateAsync(TokenReference.BySecret(issued.Secret));
        using var own = Client(kind, issued.Secret);
        var self = await own.GetAsync(TokenReference.Self);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((read.Kind, read.Name, read.Description, read.Key),
                Is.EqualTo((kind, "Überraschung ✓", "d", isProgram ? null : "user-43")));
            Assert.That((read.CreatedAt, read.ExpiresAt),
                Is.EqualTo((_clock.GetUtcNow(), isProgram ? null : (DateTimeOffset?)_clock.GetUtcNow().AddHours(1))));
            Assert.That((itself.Verdict, itself.Token!.Id, self.Id), Is.EqualTo((TokenVerdict.Active, issued.Token.Id, issued.Token.Id)));
            Assert.That(_emulator.Tokens.Single().Secret, Is.EqualTo(issued.Secret));
        }

        _clock.Advance(TimeSpan.FromMinutes(1));
        var changed =
            await client.UpdateAsync(TokenReference.ById(issued.Token.Id!), new() { Name = "renamed", Expiry = TokenExpiry.Never });
        Assert.That((changed.Name, changed.Description, changed.ExpiresAt, changed.NeverExpires),
            Is.EqualTo(("renamed", "d", (DateTimeOffset?)null, true)));
        Assert.That(changed.UpdatedAt, Is.EqualTo(_clock.GetUtcNow()));
        Assert.That((await client.ListAsync().SingleAsync()).Name, Is.EqualTo("renamed"));

        var revocation = await client.RevokeAsync(TokenReference.ById(issued.Token.Id!));
        Assert.That(revocation.Outcome, Is.EqualTo(RevocationOutcome.Deleted));
        Assert.That(await client.ListAsync().ToListAsync(), Is.Empty);
        Assert.That(() => client.GetAsync(TokenReference.ById(issued.Token.Id!)), Throws.TypeOf<TokenNotFoundException>());
        Assert.That(() => client.RevokeAsync(TokenReference.ById(issued.Token.Id!)), Throws.TypeOf<TokenNotFoundException>());
        Assert.That(
            (await client.ValidateAsync(TokenReference.BySecret(issued.Secret))).Verdict,
            Is.EqualTo(kind == FimidaraEmulator.AgentToken ? TokenVerdict.Unknown : TokenVerdict.Revoked), "F15: the old servers tell");
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task A_token_can_change_and_delete_itself(TokenKind kind)
    {
        var token = _emulator.Add(new EmulatedToken { Kind = kind, Name = "own" });
        using var own = Client(kind, token.Secret);

        Assert.That((await own.UpdateAsync(TokenReference.Self, new() { Description = "mine" })).Description, Is.EqualTo("mine"));
        Assert.That((await own.RevokeAsync(TokenReference.Self)).Outcome, Is.EqualTo(RevocationOutcome.Deleted));
        Assert.That(_emulator.Tokens, Has.None.SameAs(token));
    }

    [TestCaseSource(nameof(Kinds))]
    public async Task An_expired_token_stops_working_and_stays_readable(TokenKind kind)
    {
        var token = _emulator.Add(new EmulatedToken { Kind = kind, Name = "short", ExpiresAt = _clock.GetUtcNow().AddMinutes(1) });
        using var client = Client(kind);
        Assert.That((await client.ValidateAsync(TokenReference.BySecret(token.Secret!))).Verdict, Is.EqualTo(TokenVerdict.Active));

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.That((await client.ValidateAsync(TokenReference.BySecret(token.Secret!))).Verdict, Is.EqualTo(TokenVerdict.Unknown));
        Assert.That((await client.GetAsync(TokenReference.ById(token.Id!))).Name, Is.EqualTo("short"));
    }

    [Test]
    public async Task A_name_is_taken_without_regard_to_case()
    {
        foreach (var kind in Kinds)
        {
            using var client = Client(kind);
            var first = await client.CreateAsync(new() { Name = "Build.1", Expiry = TokenExpiry.Never });
            var second = await client.CreateAsync(new() { Name = "other", Expiry = TokenExpiry.Never });

            Assert.That(
                () => client.CreateAsync(new() { Name = "BUILD.1", Expiry = TokenExpiry.Never }), Throws.TypeOf<TokenConflictException>());
            Assert.That(() => client.UpdateAsync(TokenReference.ById(second.Token.Id!), new() { Name = "build.1" }),
                Throws.TypeOf<TokenConflictException>());
            if (kind == FimidaraEmulator.AgentToken)
                Assert.That((await client.UpdateAsync(TokenReference.ById(first.Token.Id!), new() { Name = "build.1" })).Name,
                    Is.EqualTo("build.1"));
            else
                Assert.That(() => client.UpdateAsync(TokenReference.ById(first.Token.Id!), new() { Name = "build.1" }),
                    Throws.TypeOf<TokenConflictException>(), "F18");
            await client.RevokeAsync(TokenReference.ById(first.Token.Id!));
            Assert.That((await client.CreateAsync(new() { Name = "BUILD.1", Expiry = TokenExpiry.Never })).Token.Name,
                Is.EqualTo("BUILD.1"), "deleting frees the name");
        }
    }

    [Test]
    public async Task V11_an_agent_tokens_name_is_a_pattern()
    {
        using var client = Client(FimidaraEmulator.AgentToken);

        Assert.That(
            () => client.CreateAsync(new() { Name = "My.Token", Expiry = TokenExpiry.Never }), Throws.TypeOf<TokenConflictException>());
        Assert.That(() => client.CreateAsync(new() { Name = "a(b", Expiry = TokenExpiry.Never }),
            Throws.TypeOf<TokenOutcomeUnknownException>().With.InnerException.TypeOf<TokenServiceUnavailableException>());

        using var documented = new FimidaraEmulator(new() { TimeProvider = _clock, Behaviour = EmulatorBehaviour.Documented });
        using var there = Client(FimidaraEmulator.AgentToken, emulator: documented);
        Assert.That((await there.CreateAsync(new() { Name = "My.Token", Expiry = TokenExpiry.Never })).Token.Name, Is.EqualTo("My.Token"));
    }

    [Test]
    public async Task V15_F16_keys_are_taken_as_the_generations_do()
    {
        using var agent = Client(FimidaraEmulator.AgentToken);
        using var client = Client(FimidaraEmulator.ClientAssignedToken);

        Assert.That(() => agent.CreateAsync(new() { Key = "user-42", Expiry = TokenExpiry.Never }),
            Throws.TypeOf<TokenConflictException>().With.Message.Contains("Agent token with provided ID user-42 exists"));
        await agent.UpdateAsync(TokenReference.ById("agtoken_mVp1Dmx2RBkWZm2V4e-xV"), new() { Key = "user-42" });
        Assert.That((await agent.ListAsync().ToListAsync()).Count(token => token.Key == "user-42"), Is.EqualTo(2));

        var before = await client.ListAsync().CountAsync();
        var there = await client.CreateAsync(new() { Key = "user-42", Description = "third call", Expiry = TokenExpiry.Never });
        Assert.That(
            (there.Token.Id, there.Token.Name, there.Token.Description), Is.EqualTo(("N1ec97hk3PaUOOTAmgUeH", "My Token", "third call")));
        Assert.That(there.Token.UpdatedAt, Is.GreaterThan(there.Token.CreatedAt!.Value));
        Assert.That(await client.ListAsync().CountAsync(), Is.EqualTo(before));
        Assert.That((await client.UpdateAsync(TokenReference.ByKey("user-42"), new() { Description = "by key" })).Id,
            Is.EqualTo("N1ec97hk3PaUOOTAmgUeH"));
    }

    [Test]
    public async Task F9_F10_F11_F17_permission_groups_are_kept_as_the_old_servers_do()
    {
        using var client = Client(FimidaraEmulator.ClientAssignedToken);
        var issued = await client.CreateAsync(new()
        {
            Expiry = TokenExpiry.Never,
            Raw = new NewClientAssignedTokenInput
            {
                PermissionGroups = [new PermissionGroupInput { PermissionGroupId = "2DY3k5J3tOC2lTkkByk34" }],
                Tags = [new AssignedTagInput { TagId = "000000000000000000007" }],
            },
        });

        var raw = (ClientAssignedToken)issued.Token.Raw!;
        Assert.That(raw.PermissionGroups!.Select(group => (group.PermissionGroupId, group.Order)),
            Is.EqualTo(new[] { ("2DY3k5J3tOC2lTkkByk34", (double?)9007199254740991), ("000000000000000000007", null) }));
        Assert.That(raw.Tags, Is.Empty);
        Assert.That(
            () => client.UpdateAsync(TokenReference.ById(issued.Token.Id!), new() { Raw = new NewClientAssignedTokenInput
                { PermissionGroups = [new PermissionGroupInput { PermissionGroupId = "000000000000000000009" }] } }),
            Throws.TypeOf<TokenNotFoundException>());
        using var program = Client(FimidaraEmulator.ProgramAccessToken);
        Assert.That(((ProgramAccessToken)(
            await program.ListAsync(new TokenQuery { IncludeRaw = true }).SingleAsync()).Raw!).PermissionGroups, Has.Count.EqualTo(1));
        Assert.That(
            ((ProgramAccessToken)(await program.GetAsync(TokenReference.ById("AhuCEg-T6VE909iSG2tnk"))).Raw!).PermissionGroups, Is.Empty);
    }

    [Test]
    public async Task A_refreshing_token_gets_short_jwts_for_its_refresh_tokens()
    {
        using var client = Client(FimidaraEmulator.AgentToken);
        var issued = await client.CreateAsync(
            new() { Expiry = TokenExpiry.Never, Raw = new AddAgentTokenEndpointParams { ShouldRefresh = true, RefreshDuration = 60_000 } });
        var api = (IFimidaraApiClient)client.GetService(typeof(IFimidaraApiClient))!;
        var pair = await api.EncodeAgentTokenAsync(new() { TokenId = issued.Token.Id });
        using var own = Client(FimidaraEmulator.AgentToken, new TokenSecret(pair.JwtToken!));
        var ownApi = (IFimidaraApiClient)own.GetService(typeof(IFimidaraApiClient))!;

        _clock.Advance(TimeSpan.FromSeconds(30));
        var next = await ownApi.RefreshAgentTokenAsync(new() { RefreshToken = pair.RefreshToken! });
        var again = await ownApi.RefreshAgentTokenAsync(new() { RefreshToken = pair.RefreshToken! });

        Assert.That(pair.JwtTokenExpiresAt, Is.EqualTo(1795478460000));
        Assert.That(next.JwtTokenExpiresAt, Is.EqualTo(1795478490000));
        Assert.That(new[] { pair.RefreshToken, next.RefreshToken, again.RefreshToken }, Is.Unique.And.All.Length.EqualTo(21));
        Assert.That(() => ownApi.RefreshAgentTokenAsync(new() { RefreshToken = next.RefreshToken! }),
            Throws.TypeOf<Http.ApiException>().With.Message.Contains("403"), "another JWT's");
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That((await client.ValidateAsync(TokenReference.BySecret(new TokenSecret(pair.JwtToken!)))).Verdict,
            Is.EqualTo(TokenVerdict.Unknown), "its time is over");
        Assert.That((await client.ValidateAsync(TokenReference.BySecret(new TokenSecret(next.JwtToken!)))).Verdict,
            Is.EqualTo(TokenVerdict.Active));
    }

    [Test]
    public async Task It_counts_and_pages_2500_tokens()
    {
        _emulator.Clear();
        for (var i = 0; i < 2500; i++)
            _emulator.Add(new EmulatedToken());
        using var client = Client(FimidaraEmulator.AgentToken);

        var ids = await client.ListAsync().Select(token => token.Id).ToListAsync();
        var count = await ((IFimidaraApiClient)client.GetService(typeof(IFimidaraApiClient))!)
            .CountAgentTokensAsync(new() { WorkspaceId = Workspace });

        Assert.That(ids, Has.Count.EqualTo(2500).And.Unique);
        Assert.That(count.Count, Is.EqualTo(2500));
        Assert.That(_emulator.Requests, Has.Count.EqualTo(5), "three pages, one that is empty, and the count");
    }

    // What the documents say in place of what the server does.
    [Test]
    public async Task Documented_F1_F2_F7_F11()
    {
        using var emulator = new FimidaraEmulator(new() { TimeProvider = _clock, Behaviour = EmulatorBehaviour.Documented });
        var jwt = emulator.SettingsFor(FimidaraEmulator.ClientAssignedToken)["Token"];
        var (status, body) = await Ask(
            emulator, "POST", "/clientAssignedTokens/addToken", jwt,
            $$$"""{"workspaceId":"{{{WorkspaceOf2022}}}","token":{"providedResourceId":"k","expires":1893456000000,"tags":""" +
                $$$"""[{"tagId":"000000000000000000007"}]}}""");

        Assert.That(status, Is.EqualTo(200));
        var token = body["token"]!;
        Assert.That(((long)token["expires"]!, (int)token["version"]!, (string?)token["tags"]![0]!["tagId"],
            token["permissionGroups"]!.AsArray().Count), Is.EqualTo((1893456000000, 1, "000000000000000000007", 0)));
        Assert.That((await Ask(emulator, "POST", "/clientAssignedTokens/getToken", jwt,
            $$"""{"workspaceId":"{{WorkspaceOf2022}}","providedResourceId":"k"}""")).Status, Is.EqualTo(200));
        using var client = Client(FimidaraEmulator.ClientAssignedToken, emulator: emulator);
        Assert.That((await client.GetAsync(TokenReference.ById((string)token["resourceId"]!))).ExpiresAt,
            Is.EqualTo(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [Test]
    public async Task Documented_V1_V2_V3_V4_X4()
    {
        using var emulator = new FimidaraEmulator(new() { TimeProvider = _clock, Behaviour = EmulatorBehaviour.Documented });
        var jwt = emulator.Tokens[0].Secret!.Reveal();
        var self = await Ask(emulator, "POST", "/v1/agentTokens/getToken", jwt, "{}");
        var refreshing =
            await Ask(emulator, "POST", "/v1/agentTokens/updateToken", jwt, """{"token":{"shouldRefresh":true,"refreshDuration":5}}""");

        Assert.That((self.Status, (string?)self.Body["token"]!["name"], self.Body["token"]!.AsObject().ContainsKey("shouldRefresh")),
            Is.EqualTo((200, "noperm", false)));
        Assert.That((refreshing.Status, (bool)refreshing.Body["token"]!["shouldRefresh"]!,
            (int)refreshing.Body["token"]!["refreshDuration"]!), Is.EqualTo((200, true, 5)));
        Assert.That(
            (await Ask(emulator, "POST", "/v1/agentTokens/getWorkspaceTokens", jwt, """{"pageSize":101}""")).Status, Is.EqualTo(400));
        Assert.That((await Ask(emulator, "POST", "/v1/agentTokens/getWorkspaceTokens", null, "{}")).Status, Is.EqualTo(401));
        for (var i = 0; i < 60; i++)
            emulator.Add(new EmulatedToken());
        Assert.That((await Ask(emulator, "POST", "/v1/agentTokens/getWorkspaceTokens", jwt, "{}")).Body["tokens"]!.AsArray(),
            Has.Count.EqualTo(50));
    }

    [TestCase("""{"tokenId":"agtoken_emulated-session-0000"}""", 500)]
    [TestCase("""{"onReferenced":true}""", 500)]
    [TestCase("""{"tokenId":""}""", 400)]
    [TestCase("""{"tokenId":"agtoken_N3VSaPwSRBsYfTSpJpJF-","workspaceId":"another"}""", 404)]
    [TestCase("""{"tokenId":"agtoken_N3VSaPwSRBsYfTSpJpJF-","onReferenced":"false"}""", 200, TestName = "V17: text is taken for a boolean")]
    [TestCase("null", 500, TestName = "V13: a body of null")]
    public async Task It_responds_as_the_server_does(string body, int status)
        => Assert.That((await Ask(_emulator, "POST", "/V1/AGENTTOKENS/getToken/", _emulator.ConnectionSettings["Token"], body)).Status,
            Is.EqualTo(status));

    [Test]
    public async Task A_secret_and_members_of_a_test_are_taken()
    {
        _emulator.Add(new EmulatedToken
            { Id = "agtoken_1", Secret = new TokenSecret("given"), Extra = new JsonObject { ["soon"] = 1, ["createdAt"] = "yesterday" } });
        using var own = Client(FimidaraEmulator.AgentToken, new TokenSecret("given"));

        var self = await own.GetAsync(TokenReference.Self);
        await own.UpdateAsync(TokenReference.Self, new() { Name = "n" });

        Assert.That((self.Id, self.CreatedAt, self.UnknownFields["soon"]), Is.EqualTo(("agtoken_1", (DateTimeOffset?)null, "1")));
        Assert.That(_emulator.Tokens[^1].Secret!.Reveal(), Is.EqualTo("given"));
    }

    private const string GrantsAreNotEmulated = "grants are not emulated";
    private const string OtherEndpoint = "another endpoint";
    private const string ItsRefreshToken = "the refresh token is that server's";

    // What isn't asked of the emulator, and why.
    private static readonly Dictionary<string, string> NotAsked = new()
    {
        ["agent-tokens/059_addToken__agent_no_workspaceId_denied"] = GrantsAreNotEmulated,
        ["agent-tokens/077_getToken__other_workspace_agent"] = GrantsAreNotEmulated,
        ["agent-tokens/133_refreshToken__reuse_old_refresh_token"] = ItsRefreshToken,
        ["agent-tokens/135_refreshToken__old_refresh_with_new_jwt"] = ItsRefreshToken,
        ["agent-tokens/141_refreshToken__user_session"] = ItsRefreshToken,
        ["agent-tokens/147_jobs_getJobStatus"] = OtherEndpoint,
        ["client-assigned-tokens/001_addPermissionGroup"] = OtherEndpoint,
        ["client-assigned-tokens/057_client_getToken__permission_denied"] = GrantsAreNotEmulated,
        ["client-assigned-tokens/071_client_getWorkspaceTokens__client_other_ws"] = GrantsAreNotEmulated,
    };

    [TestCase("agent-tokens", 1795379837000)]
    [TestCase("client-assigned-tokens", 1795380058000)]
    public async Task It_responds_as_the_recorded_server_did(string folder, long now)
    {
        using var emulator =
            new FimidaraEmulator(new() { TimeProvider = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(now)) });
        emulator.Clear();
        var differences = new List<string>();
        var asked = 0;
        foreach (var recorded in RecordedExchange.ReadAll("fimidara")
            .Where(exchange => exchange.Name.StartsWith(folder, StringComparison.Ordinal) && !NotAsked.ContainsKey(exchange.Name)))
        {
            // That server had two workspaces; and not every request is among the recorded ones, so what this one is about may have to be
            // put there.
            var requestBody = recorded.RequestBody
                .Replace("wrkspce_2QVjeZJZ51_R6SWNfUako", Workspace, StringComparison.Ordinal)
                .Replace("h13cWllkShCjgIgMIQ5Ml", WorkspaceOf2022, StringComparison.Ordinal)
                .Replace("agtoken_BYEzEzzY-ALk1r2V3b6wc", "agtoken_emulated-session-0000", StringComparison.Ordinal);
            Arrange(emulator, recorded, requestBody);
            using var request = new HttpRequestMessage(new HttpMethod(recorded.Method), new Uri(emulator.BaseAddress, recorded.Path));
            if (recorded.RequestHeaders.TryGetValue("content-type", out var contentType))
            {
                request.Content = new StringContent(requestBody, Encoding.UTF8);
                request.Content.Headers.ContentType = new(contentType);
            }

            if (recorded.RequestHeaders.TryGetValue("authorization", out var authorization))
                request.Headers.TryAddWithoutValidation("Authorization", recorded.Name.EndsWith(
                    "__wrong_secret", StringComparison.Ordinal) ? authorization : Resigned(emulator, authorization, now));
            if (recorded.RequestHeaders.TryGetValue("origin", out var origin))
                request.Headers.TryAddWithoutValidation("Origin", origin);

            using var response = await _http.SendAsync(request);
            asked++;
            var body = await response.Content.ReadAsStringAsync();
            if ((int)response.StatusCode != recorded.Status
                || response.Content.Headers.ContentType?.ToString() != recorded.ResponseHeaders.GetValueOrDefault("content-type"))
                differences.Add(
                    $"{recorded.Name}: {(int)response.StatusCode} {response.Content.Headers.ContentType} for {recorded.Status}: {body}");
            else if (Difference(recorded, body) is { } difference)
                differences.Add($"{recorded.Name}: {difference}");
            if (recorded.Status == 200 && recorded.MethodAndPath.EndsWith("/addToken", StringComparison.Ordinal)
                && recorded.ResponseBody.Length > 0)
                emulator.Tokens[^1].Id = (string)JsonNode.Parse(recorded.ResponseBody)!["token"]!["resourceId"]!;
        }

        Assert.That(differences, Is.Empty, string.Join(Environment.NewLine, differences));
        Assert.That(asked, Is.EqualTo(folder == "agent-tokens" ? 74 : 55));
    }

    private static void Arrange(FimidaraEmulator emulator, RecordedExchange recorded, string requestBody)
    {
        if (ClaimsOf(recorded.RequestHeaders.GetValueOrDefault("authorization")) is { } claims
            && (string?)claims["sub"]!["id"] is { } caller)
            Put(emulator, recorded, caller, (string?)claims["sub"]!["type"]);
        if (recorded.Status is 404 or 500 || recorded.MethodAndPath.EndsWith("/addToken", StringComparison.Ordinal)
            || !requestBody.StartsWith('{'))
            return;
        var responded = recorded.ResponseBody.StartsWith('{') ? JsonNode.Parse(recorded.ResponseBody)!["token"] : null;
        var asked = JsonNode.Parse(requestBody)!;
        var id = (string?)(responded?["resourceId"] ?? asked["tokenId"]);
        if (id is null)
            return;
        var token = Put(emulator, recorded, id, recorded.Path.StartsWith("/program", StringComparison.Ordinal) ? "program" : "client");
        if (token is null)
            return;
        token.Key = (string?)asked["providedResourceId"] ?? token.Key;
        if (responded is not null)
        {
            token.Name ??= (string?)responded["name"];
            token.Description ??= (string?)responded["description"];
            token.ExpiresAt = responded["expiresAt"]?.GetValue<long>() is { } end
                ? DateTimeOffset.FromUnixTimeMilliseconds(end) : responded["expires"]?.GetValue<DateTimeOffset>();
        }
    }

    private static EmulatedToken? Put(FimidaraEmulator emulator, RecordedExchange recorded, string id, string? type)
    {
        var isAgent = recorded.Name.StartsWith("agent-tokens", StringComparison.Ordinal);
        if (id == "agtoken_BYEzEzzY-ALk1r2V3b6wc" || id.StartsWith("00000", StringComparison.Ordinal)
            || (!isAgent && type is not ("client" or "program")))
            return null;
        var kind = isAgent ? FimidaraEmulator.AgentToken : type == "program"
            ? FimidaraEmulator.ProgramAccessToken : FimidaraEmulator.ClientAssignedToken;
        return emulator.Tokens.FirstOrDefault(token => token.Id == id) ?? emulator.Add(new EmulatedToken { Id = id, Kind = kind });
    }

    // The session of that server becomes the emulator's; a token's JWT is signed anew.
    private static string Resigned(FimidaraEmulator emulator, string authorization, long now)
    {
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal) || ClaimsOf(authorization) is not { } claims)
            return authorization;
        var isSession = (string?)claims["sub"]!["id"] == "agtoken_BYEzEzzY-ALk1r2V3b6wc" || (string?)claims["sub"]!["type"] == "user";
        return isSession && (int)claims["version"]! == 1 && !((double?)claims["exp"] * 1000 < now)
            ? $"Bearer {emulator.ConnectionSettings["Token"]}"
            : $"Bearer {FimidaraEmulator.Sign(claims).Reveal()}";
    }

    private static JsonObject? ClaimsOf(string? authorization)
    {
        var parts = authorization?.Split(' ')[^1].Split('.');
        if (parts is not [_, var claims, _])
            return null;
        claims = claims.Replace('-', '+').Replace('_', '/');
        return JsonNode.Parse(Convert.FromBase64String(claims + new string('=', (4 - (claims.Length % 4)) % 4))) as JsonObject;
    }

    private static string? Difference(RecordedExchange recorded, string body)
    {
        if (!recorded.ResponseBody.StartsWith('{'))
            return recorded.ResponseBody.StartsWith('<') ? (body.StartsWith("<!DOCTYPE html>", StringComparison.Ordinal) ? null : body)
                : (body == recorded.ResponseBody ? null : body);
        var (wanted, got) = (JToken.Parse(recorded.ResponseBody), JToken.Parse(body));
        if (recorded.Status == 200)
        {
            var isNew = recorded.MethodAndPath.EndsWith("/addToken", StringComparison.Ordinal);
            (wanted, got) = (Comparable(wanted, isNew), Comparable(got, isNew));
        }

        return JToken.DeepEquals(Sorted(wanted), Sorted(got))
            ? null : $"{Environment.NewLine}  wanted {Sorted(wanted).ToString(Newtonsoft.Json.Formatting.None)}{Environment.NewLine}  " +
            $"got    {Sorted(got).ToString(Newtonsoft.Json.Formatting.None)}";
    }

    // Ids, times and secrets differ from server to server, and what a token went through before was not always recorded; what was just made
    // is compared whole.
    private static JToken Comparable(JToken token, bool isNew)
    {
        switch (token)
        {
            case JObject record:
                foreach (var member in record.Properties().ToList())
                {
                    if (member.Name == "tokens" || (!isNew && member.Name == "permissionGroups"))
                        member.Value = "...";
                    else if (member.Value is JContainer inner)
                        member.Value = Comparable(inner, isNew);
                    else if (!isNew && member.Value.Type == JTokenType.Null)
                        member.Remove();
                    else if (!isNew || member.Name is "resourceId" or "jwtToken" or "tokenStr" or "refreshToken" or "jwtTokenExpiresAt"
                        || (member.Name.EndsWith("At", StringComparison.Ordinal) && member.Name != "expiresAt"))
                        member.Value = "...";
                }

                return record;
            case JArray array:
                return new JArray(array.Select(item => Comparable(item, isNew)));
            default:
                return token;
        }
    }

    private static JToken Sorted(JToken token) => token switch
    {
        JObject record => new JObject(record.Properties().OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => new JProperty(member.Name, Sorted(member.Value)))),
        JArray array => new JArray(array.Select(Sorted)),
        _ => token,
    };

    private async Task<(int Status, JsonNode Body)> Ask(FimidaraEmulator emulator, string method, string path, string? jwt, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(emulator.BaseAddress, path))
            { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (jwt is not null)
            request.Headers.Authorization = new("Bearer", jwt);
        using var response = await _http.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    private FimidaraTokenClient Client(TokenKind kind, TokenSecret? secret = null, FimidaraEmulator? emulator = null)
    {
        var settings = (emulator ?? _emulator).SettingsFor(kind);
        return new(
            "emulated",
            new FimidaraOptions
            {
                BaseAddress = new Uri(settings["BaseAddress"]),
                MaxRetries = 0,
                CreationSettleTime = TimeSpan.Zero,
                Token = secret ?? new TokenSecret(settings["Token"]),
                WorkspaceId = settings["WorkspaceId"],
                TokenKind = Enum.Parse<FimidaraTokenKind>(settings["TokenKind"]),
            },
            timeProvider: _clock);
    }
}
