using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Tokenwright.Fimidara.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>Tests of the fimidara emulator through the adapter.</summary>
internal sealed class FimidaraEmulatorTests : FimidaraEmulatorFixture
{
    private static readonly TokenKind[] Kinds =
    [
        FimidaraEmulator.AgentToken, FimidaraEmulator.ClientAssignedToken, FimidaraEmulator.ProgramAccessToken,
        FimidaraEmulator.ClientAssignedToken2023, FimidaraEmulator.ProgramAccessToken2023,
    ];

    [Test]
    public async Task Its_settings_configure_a_connection()
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
    public async Task A_token_is_created_used_and_revoked(TokenKind kind)
    {
        _emulator.Clear();
        using var client = Client(kind);
        var isProgram = kind == FimidaraEmulator.ProgramAccessToken || kind == FimidaraEmulator.ProgramAccessToken2023;
        var word = kind.ToString().Replace(" 2023", string.Empty, StringComparison.Ordinal);
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
            Assert.That((read.Kind.ToString(), read.Name, read.Description, read.Key),
                Is.EqualTo((word, "Überraschung ✓", "d", isProgram ? null : "user-43")));
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
    public async Task Names_are_unique_regardless_of_case()
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

        using var documented = NewEmulator(EmulatorBehaviour.Documented);
        using var there = Client(FimidaraEmulator.AgentToken, emulator: documented);
        Assert.That((await there.CreateAsync(new() { Name = "My.Token", Expiry = TokenExpiry.Never })).Token.Name, Is.EqualTo("My.Token"));
    }

    [Test]
    public async Task V15_F16_duplicate_keys_are_handled_as_each_server_version_does()
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
    public async Task F9_F10_F11_F17_permission_groups_are_stored_as_on_the_old_servers()
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
            Throws.TypeOf<ApiException>().With.Message.Contains("403"), "another JWT's");
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

    // What the documents say where the server behaves differently.
    [Test]
    public async Task Documented_behaviour_of_F1_F2_F7_F11()
    {
        using var emulator = NewEmulator(EmulatorBehaviour.Documented);
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
    public async Task Documented_behaviour_of_V1_V2_V3_V4_X4()
    {
        using var emulator = NewEmulator(EmulatorBehaviour.Documented);
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
    public async Task It_responds_with_the_servers_status(string body, int status)
        => Assert.That((await Ask(_emulator, "POST", "/V1/AGENTTOKENS/getToken/", _emulator.ConnectionSettings["Token"], body)).Status,
            Is.EqualTo(status));

    [Test]
    public async Task A_test_can_set_the_secret_and_extra_members()
    {
        _emulator.Add(new EmulatedToken
            { Id = "agtoken_1", Secret = new TokenSecret("given"), Extra = new JsonObject { ["soon"] = 1, ["createdAt"] = "yesterday" } });
        using var own = Client(FimidaraEmulator.AgentToken, new TokenSecret("given"));

        var self = await own.GetAsync(TokenReference.Self);
        await own.UpdateAsync(TokenReference.Self, new() { Name = "n" });

        Assert.That((self.Id, self.CreatedAt, self.UnknownFields["soon"]), Is.EqualTo(("agtoken_1", (DateTimeOffset?)null, "1")));
        Assert.That(_emulator.Tokens[^1].Secret!.Reveal(), Is.EqualTo("given"));
    }
}
