using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Newtonsoft.Json.Linq;
using Tokenwright.Fimidara;
using Tokenwright.Fimidara.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>What the fimidara adapter sends and how it reads what comes back.</summary>
internal sealed class FimidaraContractTests
{
    private const string AgentTokens = "/v1/agentTokens";
    private const string ClientAssignedTokens = "/clientAssignedTokens";
    private const string ProgramAccessTokens = "/programAccessTokens";

    private static readonly (string, string) AcceptJson = ("Accept", "application/json");
    private static readonly (string, string) Bearer = ("Authorization", "Bearer jwt-1");
    private static readonly (string, string) ContentJson = ("Content-Type", "application/json");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
    private VendorServer _vendor = null!;
    private FimidaraTokenClient _client = null!;

    [SetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        _client = Client();
    }

    [TearDown]
    public void Stop()
    {
        _client.Dispose();
        _vendor.Dispose();
    }

    [Test]
    public async Task List_asks_for_the_largest_page()
    {
        _vendor.On("POST", AgentTokens + "/getWorkspaceTokens",
            request => VendorResponse.Json(200, (int)JObject.Parse(request.Body)["page"]! == 0
            ? """{"page":0,"tokens":[{"resourceId":"a"},{"resourceId":"b"}]}"""
            : """{"page":1,"tokens":[]}"""));

        var tokens = await _client.ListAsync().ToListAsync();

        Assert.That(tokens.Select(token => (token.Id, token.Raw)), Is.EqualTo(new[] { ("a", (object?)null), ("b", null) }));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.Exactly(_vendor.Requests[0], "POST", AgentTokens + "/getWorkspaceTokens", """{"page":0,"pageSize":1000}""", AcceptJson, Bearer,
            ContentJson);

        // From there on by what the server gives: where a page begins is reckoned by its size.
        Sent.Exactly(_vendor.Requests[1], "POST", AgentTokens + "/getWorkspaceTokens", """{"page":1,"pageSize":2}""", AcceptJson, Bearer,
            ContentJson);
    }

    [Test]
    public async Task List_reads_pages_until_one_is_empty()
    {
        _vendor.On("POST", AgentTokens + "/getWorkspaceTokens",
            request => VendorResponse.Json(200, (int)JObject.Parse(request.Body)["page"]! switch
        {
            0 => """{"page":0,"tokens":[{"resourceId":"a"},{"resourceId":"b"}]}""",
            1 => """{"page":1,"tokens":[null,{"resourceId":"c"}]}""",
            2 => """{"page":2,"tokens":[{"resourceId":"d"}]}""",
            _ => """{"page":3,"tokens":[]}""",
        }));
        using var client = Client(options => options.WorkspaceId = "wrkspce_1");

        var tokens = await client.ListAsync(new TokenQuery { PageSize = 2, IncludeRaw = true }).ToListAsync();

        Assert.That(tokens.Select(token => token.Id), Is.EqualTo(new[] { "a", "b", "c", "d" }));
        Assert.That(tokens.Select(token => token.Raw), Is.All.InstanceOf<AgentToken>());
        Assert.That(_vendor.Requests, Has.Count.EqualTo(4));
        for (var page = 0; page < 4; page++)
        {
            Sent.Exactly(
                _vendor.Requests[page], "POST", AgentTokens + "/getWorkspaceTokens",
                    $$"""{"workspaceId":"wrkspce_1","page":{{page}},"pageSize":2}""", AcceptJson, Bearer, ContentJson);
        }
    }

    [Test]
    public async Task A_page_beyond_the_end_is_empty()
    {
        _vendor.On("POST", AgentTokens + "/getWorkspaceTokens",
            request => VendorResponse.Json(200, (int)JObject.Parse(request.Body)["page"]! == 0
            ? """{"page":0,"tokens":[{"resourceId":"a"}]}"""
            : """{"page":1,"tokens":[]}"""));

        Assert.That(await _client.ListAsync(new TokenQuery { PageSize = 1 }).ToListAsync(), Has.Count.EqualTo(1));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task No_page_is_read_before_it_is_needed()
    {
        Response(AgentTokens + "/getWorkspaceTokens", """{"page":0,"tokens":[{"resourceId":"a"}]}""");

        Assert.That((await _client.ListAsync(new TokenQuery { PageSize = 1 }).FirstAsync()).Id, Is.EqualTo("a"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_server_that_repeats_a_page_does_not_keep_the_list_going()
    {
        Response(AgentTokens + "/getWorkspaceTokens", """{"page":0,"tokens":[{"resourceId":"a"},{"resourceId":"b"}]}""");

        Assert.That(
            async () => await _client.ListAsync(new TokenQuery { PageSize = 2 }).ToListAsync(),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("A page of the list repeats the one before it"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
    }

    // Two servers behind one address that each give the one page that they have; tokens without ids, which can't be told from each other;
    // no token at all.
    [TestCase("""[{"resourceId":"a"},{"resourceId":"b"}]""", """[{"resourceId":"c"},{"resourceId":"a"}]""", 3)]
    [TestCase("""[{"name":"a"},{"name":"b"}]""", """[{"name":"c"},{"name":"a"}]""", 2)]
    [TestCase("[null,null]", "[null,null]", 2)]
    public void Pages_that_bring_nothing_new_do_not_keep_the_list_going(string even, string odd, int requests)
    {
        _vendor.On("POST", AgentTokens + "/getWorkspaceTokens",
            _ => VendorResponse.Json(200, $$"""{"tokens":{{(_vendor.Requests.Count % 2 == 1 ? even : odd)}}}"""));

        Assert.That(async () => await _client.ListAsync(new TokenQuery { PageSize = 2 }).ToListAsync(),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("can't be reached"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(requests));
    }

    [TestCase(FimidaraTokenKind.ClientAssignedToken, ClientAssignedTokens, "client-assigned token")]
    [TestCase(FimidaraTokenKind.ProgramAccessToken, ProgramAccessTokens, "program access token")]
    public async Task Lists_of_2022_have_one_page(FimidaraTokenKind kind, string path, string word)
    {
        Response(path + "/getWorkspaceTokens",
            """{"tokens":[{"resourceId":"a","tokenStr":"s-1"},null,{"resourceId":"b","tokenStr":"s-2"}]}""");
        using var own = Client(options => options.TokenKind = kind);
        using var other = Client(options => (options.TokenKind, options.WorkspaceId) = (kind, "000000000000000000001"));

        var tokens = await own.ListAsync(new TokenQuery { IncludeRaw = true }).ToListAsync();
        await other.ListAsync().ToListAsync();

        Assert.That(tokens.Select(token => (token.Id, token.Kind.ToString())), Is.EqualTo(new[] { ("a", word), ("b", word) }));
        Assert.That(tokens.Select(token => JObject.FromObject(token.Raw!).ToString()), Has.None.Contains("s-1").And.None.Contains("s-2"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.Exactly(_vendor.Requests[0], "POST", path + "/getWorkspaceTokens", "{}", AcceptJson, Bearer, ContentJson);
        Sent.Exactly(_vendor.Requests[1], "POST", path + "/getWorkspaceTokens", """{"workspaceId":"000000000000000000001"}""", AcceptJson,
            Bearer, ContentJson);
    }

    private static readonly TestCaseData[] Gets =
    [
        new(FimidaraTokenKind.AgentToken, AgentTokens, TokenReference.ById("agtoken_1"), """{"tokenId":"agtoken_1"}"""),
        new(FimidaraTokenKind.AgentToken, AgentTokens, TokenReference.ByKey("my key/1"),
            """{"providedResourceId":"my key/1","workspaceId":"wrkspce_1"}"""),
        new(FimidaraTokenKind.AgentToken, AgentTokens, TokenReference.Self, """{"onReferenced":true}"""),
        new(FimidaraTokenKind.ClientAssignedToken, ClientAssignedTokens, TokenReference.ById("000000000000000000003"),
            """{"tokenId":"000000000000000000003"}"""),
        new(FimidaraTokenKind.ClientAssignedToken, ClientAssignedTokens, TokenReference.Self, """{"onReferenced":true}"""),
        new(FimidaraTokenKind.ProgramAccessToken, ProgramAccessTokens, TokenReference.ById("000000000000000000004"),
            """{"tokenId":"000000000000000000004"}"""),
        new(FimidaraTokenKind.ProgramAccessToken, ProgramAccessTokens, TokenReference.Self, """{"onReferenced":true}"""),
    ];

    [TestCaseSource(nameof(Gets))]
    public async Task Get_names_the_token(FimidaraTokenKind kind, string path, TokenReference reference, string body)
    {
        Response(path + "/getToken", """{"token":{"resourceId":"the one"}}""");
        using var client = Client(options => (options.TokenKind, options.WorkspaceId) = (kind, "wrkspce_1"));

        var token = await client.GetAsync(reference);

        Assert.That(token.Id, Is.EqualTo("the one"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "POST", path + "/getToken", body, AcceptJson, Bearer, ContentJson);
    }

    [Test]
    public async Task Get_by_key_in_the_own_workspace_names_none()
    {
        Response(AgentTokens + "/getToken", """{"token":{"resourceId":"the one"}}""");

        await _client.GetAsync(TokenReference.ByKey("user-42"));

        Sent.Exactly(_vendor.Requests[0], "POST", AgentTokens + "/getToken", """{"providedResourceId":"user-42"}""", AcceptJson, Bearer,
            ContentJson);
    }

    [Test]
    public async Task Every_field_of_an_agent_token_is_mapped()
    {
        Response(AgentTokens + "/getToken", """
            {"token":{"resourceId":"agtoken_1","workspaceId":"wrkspce_1","name":"My Token","description":"A token",
            "providedResourceId":"user-42",
              "expiresAt":1795500000123,"jwtToken":"secret-jwt","refreshToken":"secret-refresh","jwtTokenExpiresAt":1795383423920,
              "shouldRefresh":true,
              "refreshDuration":3600000,"isDeleted":false,"createdAt":1795379823917,"createdBy":{"agentId":"user000_1","agentType":"user"},
              "lastUpdatedAt":1795379823918,"lastUpdatedBy":{"agentId":"agtoken_2","agentType":"agentToken"},"tokenStr":"secret-old",
              "soon":{"a":1}}}
            """);

        var token = await _client.GetAsync(TokenReference.ById("agtoken_1"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(token.Vendor, Is.EqualTo("Fimidara"));
            Assert.That(token.Connection, Is.EqualTo("prod"));
            Assert.That(token.Kind.ToString(), Is.EqualTo("agent token"));
            Assert.That(token.Id, Is.EqualTo("agtoken_1"));
            Assert.That(token.Key, Is.EqualTo("user-42"));
            Assert.That(token.Name, Is.EqualTo("My Token"));
            Assert.That(token.Description, Is.EqualTo("A token"));
            Assert.That((token.Owner!.Kind, token.Owner.Id, token.Owner.Name), Is.EqualTo(("user", "user000_1", (string?)null)));
            Assert.That(token.Scopes, Is.Empty);
            Assert.That(token.Roles, Is.Empty);
            Assert.That(token.CreatedAt, Is.EqualTo(Time("2026-11-22T20:37:03.917Z")));
            Assert.That(token.UpdatedAt, Is.EqualTo(Time("2026-11-22T20:37:03.918Z")));
            Assert.That(token.ExpiresAt, Is.EqualTo(Time("2026-11-24T06:00:00.123Z")));
            Assert.That(token.NeverExpires, Is.False);
            Assert.That(token.LastUsedAt, Is.Null);
            Assert.That(token.State, Is.EqualTo(TokenState.Active));
            Assert.That(token.NativeStatus, Is.Null);
            var raw = (AgentToken)token.Raw!;
            Assert.That((raw.WorkspaceId, raw.ShouldRefresh, raw.RefreshDuration, raw.JwtTokenExpiresAt),
                Is.EqualTo(("wrkspce_1", (bool?)true, (double?)3600000, (long?)1795383423920)));
            Assert.That((raw.LastUpdatedBy!.AgentId, raw.LastUpdatedBy.AgentType), Is.EqualTo(("agtoken_2", "agentToken")));
            Assert.That((raw.JwtToken, raw.RefreshToken), Is.EqualTo(((string?)null, (string?)null)));
            Assert.That(JObject.FromObject(raw).ToString(), Does.Not.Contain("secret"));
            Assert.That(token.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = """{"a":1}""" }));
        }
    }

    [Test]
    public async Task Every_field_of_a_client_assigned_token_is_mapped()
    {
        Response(ClientAssignedTokens + "/getToken", """
            {"token":{"resourceId":"000000000000000000003","workspaceId":"000000000000000000001","providedResourceId":"user-42",
            "tokenStr":"secret-jwt",
              "name":"My Token","description":"A token","createdAt":"2022-06-16T12:00:00.267Z",
              "createdBy":{"agentId":"000000000000000000002","agentType":"user"},
              "issuedAt":"2022-06-16T12:00:00.267Z","expires":"2026-11-23T23:59:59.999Z","lastUpdatedAt":"2022-06-17T12:00:00.267Z",
              "lastUpdatedBy":{"agentId":"000000000000000000002","agentType":"user"},
              "permissionGroups":[{"permissionGroupId":"000000000000000000005","order":1,"assignedAt":"2022-06-16T12:00:00.281Z",
              "assignedBy":{"agentId":"000000000000000000002","agentType":"user"}}],
              "tags":[],"jwtToken":{"odd":"secret-new"},"soon":1}}
            """);
        using var client = Client(options => options.TokenKind = FimidaraTokenKind.ClientAssignedToken);

        var token = await client.GetAsync(TokenReference.ById("000000000000000000003"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((token.Vendor, token.Connection, token.Kind.ToString()), Is.EqualTo(("Fimidara", "prod", "client-assigned token")));
            Assert.That((token.Id, token.Key, token.Name, token.Description),
                Is.EqualTo(("000000000000000000003", "user-42", "My Token", "A token")));
            Assert.That(
                (token.Owner!.Kind, token.Owner.Id, token.Owner.Name), Is.EqualTo(("user", "000000000000000000002", (string?)null)));
            Assert.That(token.Scopes, Is.Empty, "permission groups are not scopes");
            Assert.That(token.Roles, Is.Empty);
            Assert.That(token.CreatedAt, Is.EqualTo(Time("2022-06-16T12:00:00.267Z")));
            Assert.That(token.UpdatedAt, Is.EqualTo(Time("2022-06-17T12:00:00.267Z")));
            Assert.That(token.ExpiresAt, Is.EqualTo(Time("2026-11-23T23:59:59.999Z")));
            Assert.That((token.NeverExpires, token.LastUsedAt, token.State, token.NativeStatus),
                Is.EqualTo((false, (DateTimeOffset?)null, TokenState.Expired, (string?)null)));
            var raw = (ClientAssignedToken)token.Raw!;
            Assert.That((raw.WorkspaceId, raw.IssuedAt, raw.TokenStr),
                Is.EqualTo(("000000000000000000001", (DateTimeOffset?)Time("2022-06-16T12:00:00.267Z"), (string?)null)));
            Assert.That(raw.PermissionGroups!.Select(group => (group.PermissionGroupId, group.Order)),
                Is.EqualTo(new[] { ("000000000000000000005", (double?)1) }));
            Assert.That(JObject.FromObject(raw).ToString(), Does.Not.Contain("secret"));
            Assert.That(token.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = "1" }));
        }
    }

    [Test]
    public async Task Every_field_of_a_program_access_token_is_mapped()
    {
        Response(ProgramAccessTokens + "/getToken", """
            {"token":{"resourceId":"000000000000000000004","workspaceId":"000000000000000000001","tokenStr":"secret-jwt",
            "name":"My program","description":"p",
              "createdAt":"2022-06-16T12:00:00.267Z","createdBy":{"agentId":"000000000000000000002","agentType":"user"},
              "permissionGroups":[],
              "lastUpdatedAt":"2022-06-17T12:00:00.267Z","lastUpdatedBy":{"agentId":"000000000000000000002","agentType":"user"},"tags":[],
              "refreshToken":"secret-refresh","soon":null}}
            """);
        using var client = Client(options => options.TokenKind = FimidaraTokenKind.ProgramAccessToken);

        var token = await client.GetAsync(TokenReference.ById("000000000000000000004"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That((token.Vendor, token.Connection, token.Kind.ToString()), Is.EqualTo(("Fimidara", "prod", "program access token")));
            Assert.That((token.Id, token.Key, token.Name, token.Description),
                Is.EqualTo(("000000000000000000004", (string?)null, "My program", "p")));
            Assert.That(
                (token.Owner!.Kind, token.Owner.Id, token.Owner.Name), Is.EqualTo(("user", "000000000000000000002", (string?)null)));
            Assert.That(token.Scopes, Is.Empty);
            Assert.That(token.Roles, Is.Empty);
            Assert.That(token.CreatedAt, Is.EqualTo(Time("2022-06-16T12:00:00.267Z")));
            Assert.That(token.UpdatedAt, Is.EqualTo(Time("2022-06-17T12:00:00.267Z")));
            Assert.That((token.ExpiresAt, token.NeverExpires, token.LastUsedAt, token.State, token.NativeStatus),
                Is.EqualTo(((DateTimeOffset?)null, true, (DateTimeOffset?)null, TokenState.Active, (string?)null)));
            var raw = (ProgramAccessToken)token.Raw!;
            Assert.That((raw.WorkspaceId, raw.TokenStr), Is.EqualTo(("000000000000000000001", (string?)null)));
            Assert.That(raw.PermissionGroups, Is.Empty, "F17: getToken never shows them");
            Assert.That(JObject.FromObject(raw).ToString(), Does.Not.Contain("secret"));
            Assert.That(token.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = "null" }));
        }
    }

    // Each is a way in which live responses differ from the documents. The clock stands at 2026-11-24.
    [TestCase(FimidaraTokenKind.ClientAssignedToken, """{"expires":"2030-01-01T00:00:00.000Z"}""", "2030-01-01T00:00:00.0000000Z", false,
        "active", TestName = "F1: expires as text")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, """{"expires":1655380800267}""", "2022-06-16T12:00:00.2670000Z", false, "expired",
        TestName = "F1: expires as the documented number")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, """{"expires":null}""", null, true, "active", TestName = "F1: expires null")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, """{"expires":"soon"}""", null, false, "unknown",
        TestName = "F1: an expiry that can't be read is not a missing one")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, """{"resourceId":"x"}""", null, true, "active",
        TestName = "F1, F2: no expires, no version")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, """{"version":1}""", null, true, "active", TestName = "F2: the documented version")]
    [TestCase(FimidaraTokenKind.ProgramAccessToken, """{"expires":"2030-01-01T00:00:00.000Z"}""", "2030-01-01T00:00:00.0000000Z", false,
        "active", TestName = "An expiry that the model doesn't know is read")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expiresAt":1795478400001}""", "2026-11-24T00:00:00.0010000Z", false, "active",
        TestName = "V7: expiry in milliseconds, not yet over")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expiresAt":1795478400000}""", "2026-11-24T00:00:00.0000000Z", false, "expired",
        TestName = "V7: expiry in milliseconds, just over")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expiresAt":0}""", "1970-01-01T00:00:00.0000000Z", false, "expired",
        TestName = "An expiry of 0 is the year 1970")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expiresAt":8640000000000000}""", null, false, "active",
        TestName = "An expiry after our calendar is not a missing one")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expiresAt":-8640000000000000}""", null, false, "expired",
        TestName = "An expiry before our calendar is over")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expiresAt":null}""", null, true, "active", TestName = "V4: expiresAt null")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expiresAt":9223372036854775807}""", null, false, "unknown",
        TestName = "An expiry that JavaScript has not is none")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expiresAt":{"odd":1}}""", null, false, "unknown",
        TestName = "V7: an expiry that can't be read is not a missing one")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expires":"2030-01-01T00:00:00.000Z"}""", "2030-01-01T00:00:00.0000000Z", false, "active",
        TestName = "An expiry of the agent tokens of 2023 is read")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"isDeleted":true,"expiresAt":0}""", "1970-01-01T00:00:00.0000000Z", false, "revoked",
        TestName = "Deleted goes before expired")]
    public async Task Expiry_and_state_are_told(FimidaraTokenKind kind, string record, string? expiresAt, bool never, string state)
    {
        Response(Path(kind) + "/getToken", $$"""{"token":{{record}}}""");
        using var client = Client(options => options.TokenKind = kind);

        var token = await client.GetAsync(TokenReference.Self);

        Assert.That(token.ExpiresAt?.UtcDateTime.ToString("O"), Is.EqualTo(expiresAt));
        Assert.That(token.NeverExpires, Is.EqualTo(never));
        Assert.That(token.State.ToString(), Is.EqualTo(state));
        Assert.That(token.NativeStatus, Is.EqualTo(state == "revoked" ? "deleted" : null));
    }

    [TestCase(FimidaraTokenKind.ClientAssignedToken, """{"resourceId":"x","providedResourceId":null,"name":null,"description":null}""",
        TestName = "F3, F4, F5: nulls of a client-assigned token")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, """{"resourceId":"x"}""",
        TestName = "F6, X1: missing members of a client-assigned token")]
    [TestCase(FimidaraTokenKind.ProgramAccessToken,
        """{"resourceId":"x","description":null,"createdAt":null,"createdBy":null,"permissionGroups":null,"tags":null}""",
        TestName = "Nulls of a program access token")]
    [TestCase(FimidaraTokenKind.AgentToken,
        """{"resourceId":"x","name":null,"description":null,"providedResourceId":null,"shouldRefresh":null,"createdAt":""" +
        """null,"createdBy":null,"isDeleted":null}""", TestName = "V4: nulls of an agent token")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"resourceId":"x"}""", TestName = "V4, V8: missing members of an agent token")]
    public async Task Nulls_and_missing_members_are_read(FimidaraTokenKind kind, string record)
    {
        Response(Path(kind) + "/getToken", $$"""{"token":{{record}}}""");
        using var client = Client(options => options.TokenKind = kind);

        var token = await client.GetAsync(TokenReference.Self);

        Assert.That((token.Id, token.Key, token.Name, token.Description, token.Owner, token.CreatedAt, token.UpdatedAt), Is.EqualTo(
            ("x", (string?)null, (string?)null, (string?)null, (TokenOwner?)null, (DateTimeOffset?)null, (DateTimeOffset?)null)));
        Assert.That((token.State, token.NeverExpires), Is.EqualTo((TokenState.Active, true)));
        Assert.That(token.UnknownFields, Is.Empty);
    }

    [Test]
    public async Task F10_F11_X2_permission_groups_with_odd_members_are_kept()
    {
        Response(ClientAssignedTokens + "/getToken", """
            {"token":{"resourceId":"x","permissionGroups":[
              {"permissionGroupId":"g","order":9007199254740991,"assignedAt":"2022-06-16T12:00:00.281Z","assignedBy":{"agentId":"u",
              "agentType":"user","_id":"0123456789abcdef01234567"}},
              {"permissionGroupId":"a tag","assignedAt":"2022-06-16T12:00:00.281Z"}]}}
            """);
        using var client = Client(options => options.TokenKind = FimidaraTokenKind.ClientAssignedToken);

        var groups = ((ClientAssignedToken)(await client.GetAsync(TokenReference.Self)).Raw!).PermissionGroups!.ToList();

        Assert.That(groups.Select(group => (group.PermissionGroupId, group.Order)),
            Is.EqualTo(new[] { ("g", (double?)9007199254740991), ("a tag", null) }));
        Assert.That(groups[0].AssignedBy!.AdditionalProperties["_id"].ToString(), Is.EqualTo("\"0123456789abcdef01234567\""));
    }

    [Test]
    public async Task X1_a_list_that_says_its_page_is_read()
    {
        Response(ClientAssignedTokens + "/getWorkspaceTokens",
            """{"page":0,"tokens":[{"resourceId":"clasgtn_000000000000000000000","workspaceId":"wkspce0_000000000000000000000"}]}""");
        using var client = Client(options => options.TokenKind = FimidaraTokenKind.ClientAssignedToken);

        Assert.That((await client.ListAsync().SingleAsync()).Id, Is.EqualTo("clasgtn_000000000000000000000"));
    }

    [TestCase("""{"page":0,"tokens":[]}""", TestName = "V9: a list without the right to read is empty")]
    [TestCase("""{"page":null,"tokens":[]}""", TestName = "The number of the page is null")]
    public async Task Empty_lists_are_read(string response)
    {
        Response(AgentTokens + "/getWorkspaceTokens", response);

        Assert.That(await _client.ListAsync().ToListAsync(), Is.Empty);
    }

    [TestCase("""{"page":0,"tokens":{"a":1}}""", "{}")]
    [TestCase("[]", "[]")]
    [TestCase("", "")]
    [TestCase("<html>fine</html>", "<html>fine</html>")]
    [TestCase("null", """{"token":null}""")]
    [TestCase("""{"page":null,"tokens":null}""", """{"token":null}""",
        Description = "The server leaves out what it hasn't, and never sends null for a list.")]
    [TestCase("""{"tokens":"secret-1"}""", """{"token":"secret-1"}""")]
    public void A_success_without_its_content_is_one_clear_error(string list, string get)
    {
        foreach (var kind in Enum.GetValues<FimidaraTokenKind>())
        {
            Response(Path(kind) + "/getWorkspaceTokens", list);
            Response(Path(kind) + "/getToken", get);
            using var client = Client(options => options.TokenKind = kind);

            Assert.That(async () => await client.ListAsync().ToListAsync(),
                Throws.TypeOf<TokenInvalidResponseException>().With.Message.Not.Contains("secret-1"));
            Assert.That(async () => await client.GetAsync(TokenReference.Self),
                Throws.TypeOf<TokenInvalidResponseException>().With.Message.Not.Contains("secret-1"));
        }
    }

    [Test]
    public async Task What_cannot_be_read_is_null_and_kept_raw()
    {
        Response(AgentTokens + "/getWorkspaceTokens",
            """{"page":"zero","tokens":""" +
            """[{"resourceId":"x","createdAt":"yesterday","isDeleted":"perhaps","createdBy":"me","refreshToken":{"odd":"secret"}}]}""");

        var token = await _client.ListAsync(new TokenQuery { IncludeRaw = true }).SingleAsync();

        Assert.That(
            (token.CreatedAt, token.Owner, token.State), Is.EqualTo(((DateTimeOffset?)null, (TokenOwner?)null, TokenState.Unknown)));
        Assert.That(token.UnknownFields, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["createdAt"] = "\"yesterday\"",
            ["isDeleted"] = "\"perhaps\"",
            ["createdBy"] = "\"me\"",
        }));
        Assert.That(JObject.FromObject(token.Raw!).ToString(), Does.Not.Contain("secret"));
    }

    [TestCase(FimidaraTokenKind.AgentToken)]
    [TestCase(FimidaraTokenKind.ClientAssignedToken)]
    [TestCase(FimidaraTokenKind.ProgramAccessToken)]
    public async Task Validate_reads_the_record_of_the_token_that_asks(FimidaraTokenKind kind)
    {
        Response(Path(kind) + "/getToken", """{"token":{"resourceId":"x","tokenStr":"secret","jwtToken":"secret"}}""");
        using var client = Client(options => (options.TokenKind, options.WorkspaceId) = (kind, "wrkspce_1"));

        var own = await client.ValidateAsync(TokenReference.Self);
        var other = await client.ValidateAsync(TokenReference.BySecret(new TokenSecret("jwt-2")));

        Assert.That((own.Verdict, own.Reason, own.Token!.Id), Is.EqualTo((TokenVerdict.Active, (string?)null, "x")));
        Assert.That((other.Verdict, other.Reason, other.Token!.Id), Is.EqualTo((TokenVerdict.Active, (string?)null, "x")));
        Assert.That(JObject.FromObject(other.Token.Raw!).ToString(), Does.Not.Contain("secret"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.Exactly(_vendor.Requests[0], "POST", Path(kind) + "/getToken", """{"onReferenced":true}""", AcceptJson, Bearer, ContentJson);
        Sent.Exactly(_vendor.Requests[1], "POST", Path(kind) + "/getToken", """{"onReferenced":true}""", AcceptJson,
            ("Authorization", "Bearer jwt-2"), ContentJson);
    }

    [TestCase("""{"resourceId":"x","expiresAt":1795478399999}""", TokenVerdict.Expired, "expiry has passed")]
    [TestCase("""{"resourceId":"x","isDeleted":true}""", TokenVerdict.Revoked, "marked as deleted")]
    public async Task A_record_can_say_that_its_token_is_over(string record, TokenVerdict verdict, string reason)
    {
        Response(AgentTokens + "/getToken", $$"""{"token":{{record}}}""");

        var validation = await _client.ValidateAsync(TokenReference.Self);

        Assert.That((validation.Verdict, validation.IsActive, validation.Token!.Id), Is.EqualTo((verdict, false, "x")));
        Assert.That(validation.Reason, Does.Contain(reason));
    }

    [TestCase(FimidaraTokenKind.AgentToken, 401,
        """{"errors":[{"name":"InvalidCredentialsError","message":"Invalid credentials","action":"loginAgain"}]}""", TokenVerdict.Unknown,
        "wrong, deleted and expired")]
    [TestCase(FimidaraTokenKind.AgentToken, 401,
        """{"errors":[{"name":"CredentialsExpiredError","message":"Credentials expired","action":"loginAgain"}]}""", TokenVerdict.Expired,
        "CredentialsExpiredError")]
    [TestCase(FimidaraTokenKind.AgentToken, 401,
        """{"errors":[{"name":"ChangePasswordError","message":"Change password","action":"requestChangePassword"}]}""",
        TokenVerdict.Undetermined, "user's session")]
    [TestCase(FimidaraTokenKind.AgentToken, 403, """{"errors":[{"name":"PermissionDeniedError","message":"Permission denied"}]}""",
        TokenVerdict.Active, "may not read its own record")]
    [TestCase(FimidaraTokenKind.AgentToken, 500, """{"errors":[{"name":"ServerError","message":"Server error"}]}""",
        TokenVerdict.Undetermined, "fault of its own", TestName = "V10: validation of a user's session")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, 401, "<pre>UnauthorizedError: invalid signature</pre>", TokenVerdict.Unknown,
        "HTTP 401", TestName = "F12: validation that a page refuses")]
    [TestCase(FimidaraTokenKind.ProgramAccessToken, 401, "", TokenVerdict.Unknown, "HTTP 401")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, 404,
        """{"errors":[{"name":"NotFoundError","message":"Client assigned token not found"}]}""", TokenVerdict.Revoked, "deleted",
        TestName = "F15: validation of a deleted token")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, 400,
        """{"errors":[{"name":"InvalidRequestError","message":"Client assigned token ID or providedResourceId not set"}]}""",
        TokenVerdict.Undetermined, "another kind of token")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, 403, """{"errors":[{"name":"PermissionDeniedError","message":"Permission denied"}]}""",
        TokenVerdict.Active, "may not read its own record")]
    public async Task A_refusal_is_a_verdict(FimidaraTokenKind kind, int status, string body, TokenVerdict verdict, string reason)
    {
        Response(Path(kind) + "/getToken", body, status);
        using var client = Client(options => options.TokenKind = kind);

        foreach (var reference in new[] { TokenReference.Self, TokenReference.BySecret(new TokenSecret("jwt-2")) })
        {
            var validation = await client.ValidateAsync(reference);

            Assert.That((validation.Verdict, validation.Token), Is.EqualTo((verdict, (ApiToken?)null)));
            Assert.That(validation.Reason, Does.Contain(reason));
        }
    }

    // What says nothing of the token is no verdict.
    [TestCase(401, "<html>proxy</html>", typeof(TokenAuthenticationException))]
    [TestCase(403, "<html>blocked</html>", typeof(TokenPermissionException))]
    [TestCase(404, "Not found", typeof(TokenClientException))]
    [TestCase(400, """{"errors":[{"name":"ValidationError","message":"\"onReferenced\" is not allowed","field":"onReferenced"}]}""",
        typeof(TokenInvalidRequestException))]
    [TestCase(502, "<html>bad gateway</html>", typeof(TokenServiceUnavailableException))]
    [TestCase(500, "<html>down</html>", typeof(TokenServiceUnavailableException))]
    public void Another_failure_is_no_verdict(int status, string body, Type type)
    {
        Response(AgentTokens + "/getToken", body, status);

        Assert.That(() => _client.ValidateAsync(TokenReference.Self),
            Throws.TypeOf(type).With.Property("Operation").EqualTo(TokenOperation.Validate));
    }

    private static readonly TestCaseData[] Errors =
    [
        new(400, """{"errors":[{"name":"ValidationError","message":"\"page\" must be an integer","field":"page"},""" +
            """{"name":"ValidationError","message":"\"value\" must be of type object","field":""}]}""",
            typeof(TokenInvalidRequestException), "ValidationError", "\"page\" must be an integer; \"value\" must be of type object"),
        new(400, """{"errors":[{"name":"InvalidRequestError","message":"Workspace ID not provided"}]}""",
            typeof(TokenInvalidRequestException), "InvalidRequestError", "Workspace ID not provided"),
        new TestCaseData(400, """{"errors":[{"message":"Agent token not found"}]}""", typeof(TokenInvalidRequestException), null,
            "Agent token not found").SetName("V5: an error with a message only"),
        new(401, """{"errors":[{"name":"InvalidCredentialsError","message":"Invalid credentials","action":"loginAgain"}]}""",
            typeof(TokenAuthenticationException), "InvalidCredentialsError", "Invalid credentials"),
        new TestCaseData(401, "<pre>Unauthorized</pre>", typeof(TokenAuthenticationException), null,
            "the body is application/json, not JSON; did something in front of the API respond?").SetName("F12: a 401 as a page"),
        new TestCaseData(400, "<pre>SyntaxError: Unexpected end of JSON input</pre>", typeof(TokenInvalidRequestException), null,
            "the body is application/json, not JSON; did something in front of the API respond?").SetName("F13: a 400 as a page"),
        new TestCaseData(
            403, """{"errors":[{"name":"PermissionDeniedError","message":"Permission denied"}]}""", typeof(TokenPermissionException),
            "PermissionDeniedError", "Permission denied").SetName("X4: an anonymous caller, or one without a grant"),
        new TestCaseData(404, """{"errors":[{"name":"NotFoundError","message":"Agent token not found"}]}""", typeof(TokenNotFoundException),
            "NotFoundError", "Agent token not found").SetName("F15: not found, also for the JWT of a deleted token"),
        new TestCaseData(404, "Not found", typeof(TokenClientException), null,
            "the body is application/json, not JSON; did something in front of the API respond?").SetName("V12: an unknown path"),
        new(409, """{"errors":[{"name":"ResourceExistsError","message":"Agent token exists"}]}""", typeof(TokenConflictException),
            "ResourceExistsError", "Agent token exists"),
        new(429, """{"errors":[{"name":"RateLimitError","message":"Rate limit exceeded"}]}""", typeof(TokenRateLimitedException),
            "RateLimitError", "Rate limit exceeded"),
        new TestCaseData(500, """{"errors":[{"name":"ServerError","message":"Server error"}]}""", typeof(TokenServiceUnavailableException),
            "ServerError", "Server error").SetName("V10, V13: a 500 as JSON"),
        new TestCaseData(500, """{"errors":[{"message":"Server error","isPublicError":true,"name":"ServerError","statusCode":500}]}""",
            typeof(TokenServiceUnavailableException), "ServerError", "Server error").SetName("F14: an unknown path of 2022"),
        new TestCaseData(302, "", typeof(TokenClientException), null, null).SetName("F19: a redirect to https"),
        new(400, """{"errors":["odd",null]}""", typeof(TokenInvalidRequestException), null, null),
        new(400, """{"errors":{"odd":1}}""", typeof(TokenInvalidRequestException), null, null),
        new(503, "", typeof(TokenServiceUnavailableException), null, null),
    ];

    [TestCaseSource(nameof(Errors))]
    public void Errors_become_one_family(int status, string body, Type type, string? code, string? message)
    {
        _vendor.On("POST", AgentTokens + "/getToken",
            VendorResponse.Json(status, body).With("Retry-After", "7").With("Location", "https://elsewhere.example/secret-path"));

        var exception = Assert.CatchAsync<TokenClientException>(() => _client.GetAsync(TokenReference.ById("x")))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception, Is.TypeOf(type));
            Assert.That(
                (exception.Vendor, exception.Connection, exception.Operation), Is.EqualTo(("Fimidara", "prod", TokenOperation.Get)));
            Assert.That(exception.Status, Is.EqualTo((HttpStatusCode)status));
            Assert.That((exception.VendorErrorCode, exception.VendorMessage, exception.VendorRequestId),
                Is.EqualTo((code, message, (string?)null)));
            Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(7)));
            Assert.That(exception.IsTransient, Is.EqualTo(status is 429 or 500 or 503));
            Assert.That(exception.ToString(), Does.Not.Contain("secret-path").And.Not.Contain("jwt-1"));
        }
    }

    [Test]
    public void Validation_errors_name_their_fields()
    {
        Response(AgentTokens + "/getWorkspaceTokens",
            """{"errors":[{"name":"ValidationError","message":"\"workspaceId\" must be a string","field":"workspaceId"},""" +
            """{"name":"ValidationError","message":"jwt-1 is odd","field":""}]}""", 400);

        var exception = Assert.CatchAsync<TokenInvalidRequestException>(async () => await _client.ListAsync().ToListAsync())!;

        Assert.That(exception.Problems, Is.EqualTo(new[]
            { new TokenRequestProblem("workspaceId", "\"workspaceId\" must be a string"), new TokenRequestProblem(null, "*** is odd") }));
    }

    [Test]
    public void A_refused_credential_is_sent_once()
    {
        Response(AgentTokens + "/getToken",
            """{"errors":[{"name":"InvalidCredentialsError","message":"Invalid credentials: jwt-1","action":"loginAgain"}]}""", 401);

        var exception = Assert.CatchAsync<TokenAuthenticationException>(() => _client.GetAsync(TokenReference.Self))!;

        Assert.That(exception.ToString(), Does.Contain("Invalid credentials: ***").And.Not.Contain("jwt-1"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_credential_that_changed_is_sent_from_then_on()
    {
        Response(AgentTokens + "/getToken", """{"token":{"resourceId":"x"}}""");
        var options = new FimidaraOptions
            { BaseAddress = _vendor.BaseAddress, MaxRetries = 0, CreationSettleTime = TimeSpan.Zero, Token = new TokenSecret("jwt-1") };
        using var client = new FimidaraTokenClient("prod", options);
        await client.GetAsync(TokenReference.Self);

        options.Token = new TokenSecret("jwt-2");
        await client.GetAsync(TokenReference.Self);

        Assert.That(
            _vendor.Requests.Select(request => request.Header("Authorization")), Is.EqualTo(new[] { "Bearer jwt-1", "Bearer jwt-2" }));
    }

    private static readonly TestCaseData[] Unsupported =
    [
        Case("regenerate", FimidaraTokenKind.AgentToken, client => client.RegenerateAsync(TokenReference.ById("x")),
            "never ends the old one"),
        Case("regenerate", FimidaraTokenKind.ClientAssignedToken, client => client.RegenerateAsync(TokenReference.ById("x")),
            "in every read"),
        Case("F7: get by key", FimidaraTokenKind.ClientAssignedToken, client => client.GetAsync(TokenReference.ByKey("x")), "named by Key"),
        Case("get by key", FimidaraTokenKind.ProgramAccessToken, client => client.GetAsync(TokenReference.ByKey("x")), "named by Key"),
        Case("update by key", FimidaraTokenKind.ProgramAccessToken,
            client => client.UpdateAsync(TokenReference.ByKey("x"), new UpdateTokenRequest { Name = "n" }), "named by Key"),
        Case("F7: revoke by key", FimidaraTokenKind.ClientAssignedToken, client => client.RevokeAsync(TokenReference.ByKey("x")),
            "named by Key"),
        Case("revoke by key", FimidaraTokenKind.ProgramAccessToken, client => client.RevokeAsync(TokenReference.ByKey("x")),
            "named by Key"),
        Case("revoke by secret", FimidaraTokenKind.AgentToken, client => client.RevokeAsync(TokenReference.BySecret(new TokenSecret("x"))),
            "named by Secret"),
        Case("get by secret", FimidaraTokenKind.AgentToken, client => client.GetAsync(TokenReference.BySecret(new TokenSecret("x"))),
            "named by Secret"),
        Case("validate by id", FimidaraTokenKind.AgentToken, client => client.ValidateAsync(TokenReference.ById("x")), "named by Id"),
        Case("list by owner", FimidaraTokenKind.AgentToken,
            client => client.ListAsync(new TokenQuery { OwnerId = "x" }).ToListAsync(), "no filter for OwnerId"),
        Case("list own", FimidaraTokenKind.AgentToken, client => client.ListAsync(new TokenQuery { OwnOnly = true }).ToListAsync(),
            "no filter for OwnOnly"),
        Case("list by role", FimidaraTokenKind.AgentToken,
            client => client.ListAsync(new TokenQuery { Role = new TokenRole("x") }).ToListAsync(), "no filter for Role"),
        Case("list unused", FimidaraTokenKind.AgentToken, client => client.ListAsync(
            new TokenQuery { UnusedSince = default(DateTimeOffset) }).ToListAsync(), "no filter for UnusedSince"),
        Case("list by page", FimidaraTokenKind.ClientAssignedToken,
            client => client.ListAsync(new TokenQuery { PageSize = 10 }).ToListAsync(), "no filter for PageSize"),
        Case("list by page", FimidaraTokenKind.ProgramAccessToken,
            client => client.ListAsync(new TokenQuery { PageSize = 10 }).ToListAsync(), "no filter for PageSize"),
    ];

    [TestCaseSource(nameof(Unsupported))]
    public void What_is_not_supported_is_said_before_anything_is_sent(FimidaraTokenKind kind, Func<ITokenClient, Task> call, string reason)
    {
        using var client = Client(options => options.TokenKind = kind);

        var exception = Assert.CatchAsync<TokenOperationNotSupportedException>(() => call(client))!;

        Assert.That(exception.Reason, Does.Contain(reason));
        Assert.That(exception.Message, Does.Contain(reason));
        Assert.That(_vendor.Requests, Is.Empty);
    }

    [TestCase(0)]
    [TestCase(1001)]
    public void V2_a_page_has_1_to_1000_tokens(int size)
    {
        Assert.That(() => _client.ListAsync(new TokenQuery { PageSize = size }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(_vendor.Requests, Is.Empty);
    }

    [Test]
    public void The_capabilities_say_what_each_kind_can_do()
    {
        using var agent = Client();
        using var client = Client(options => options.TokenKind = FimidaraTokenKind.ClientAssignedToken);
        using var program = Client(options => options.TokenKind = FimidaraTokenKind.ProgramAccessToken);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(References(agent, TokenOperation.Get),
                Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Key | TokenReferenceKinds.Self));
            Assert.That(References(client, TokenOperation.Get), Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Self));
            Assert.That(References(program, TokenOperation.Get), Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Self));
            Assert.That(References(agent, TokenOperation.Update),
                Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Key | TokenReferenceKinds.Self));
            Assert.That(References(client, TokenOperation.Update),
                Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Key | TokenReferenceKinds.Self));
            Assert.That(References(program, TokenOperation.Update), Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Self));
            Assert.That(References(agent, TokenOperation.Revoke),
                Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Key | TokenReferenceKinds.Self));
            Assert.That(References(client, TokenOperation.Revoke), Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Self));
            Assert.That(References(program, TokenOperation.Revoke), Is.EqualTo(TokenReferenceKinds.Id | TokenReferenceKinds.Self));
            Assert.That(client.Metadata.Capabilities[TokenOperation.Create].Remark, Does.Contain("makes no new one"), "F16");
            Assert.That(agent.Metadata.Capabilities[TokenOperation.Regenerate].Remark, Does.Contain("encodeAgentToken"));
            Assert.That(agent.Metadata.Capabilities.Limits.MaxPageSize, Is.EqualTo(1000));
            Assert.That(program.Metadata.Capabilities.CreationRecovery, Is.EqualTo(CreationRecovery.FindAndRevoke));
            foreach (var each in new[] { agent, client, program })
            {
                Assert.That(References(each, TokenOperation.Validate), Is.EqualTo(TokenReferenceKinds.Secret | TokenReferenceKinds.Self));
                Assert.That(each.Metadata.Capabilities.LastUsedGranularity, Is.Null);
                Assert.That(each.Metadata.Capabilities[TokenOperation.Create].SafeToRetry, Is.False);
                Assert.That(each.Metadata.Capabilities[TokenOperation.Update].SafeToRetry, Is.True);
                Assert.That(each.Metadata.Capabilities[TokenOperation.Revoke].SafeToRetry, Is.True);
                Assert.That(each.Metadata.Capabilities[TokenOperation.Suspend].Support, Is.EqualTo(OperationSupport.Unsupported));
                Assert.That(each.GetService(typeof(ITokenSuspension)), Is.Null);
            }
        }

        static TokenReferenceKinds References(FimidaraTokenClient client, TokenOperation operation)
            => client.Metadata.Capabilities[operation].References;
    }

    [Test]
    public void Wrong_options_are_refused_with_every_problem()
    {
        var exception = Assert.Throws<OptionsValidationException>(
            () => new FimidaraTokenClient("prod", new FimidaraOptions { WorkspaceId = " ", TokenKind = (FimidaraTokenKind)7 }))!;

        Assert.That(exception.Failures.Select(failure => failure.Split(": ")[1].Split(' ')[0]),
            Is.EqualTo(new[] { "Token", "WorkspaceId", "TokenKind" }));
        Assert.That(new FimidaraOptions().BaseAddress, Is.EqualTo(new Uri("https://api.fimidara.com")));
    }

    [Test]
    public void The_typed_client_is_reached_through_the_facade()
        => Assert.That(_client.GetService(typeof(IFimidaraApiClient)), Is.InstanceOf<FimidaraApiClient>());

    private static TestCaseData Case(string name, FimidaraTokenKind kind, Func<ITokenClient, Task> call, string reason)
        => new TestCaseData(kind, call, reason).SetArgDisplayNames(name, kind.ToString());

    private static string Path(FimidaraTokenKind kind) => kind switch
    {
        FimidaraTokenKind.ClientAssignedToken => ClientAssignedTokens,
        FimidaraTokenKind.ProgramAccessToken => ProgramAccessTokens,
        _ => AgentTokens,
    };

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private void Response(string path, string body, int status = 200) => _vendor.On("POST", path, VendorResponse.Json(status, body));

    private FimidaraTokenClient Client(Action<FimidaraOptions>? change = null)
    {
        var options = new FimidaraOptions
            { BaseAddress = _vendor.BaseAddress, MaxRetries = 0, CreationSettleTime = TimeSpan.Zero, Token = new TokenSecret("jwt-1") };
        change?.Invoke(options);
        return new FimidaraTokenClient("prod", options, timeProvider: _clock);
    }
}
