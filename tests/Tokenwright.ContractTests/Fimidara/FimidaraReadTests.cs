using System.Globalization;
using Newtonsoft.Json.Linq;
using Tokenwright.Fimidara;
using Tokenwright.Fimidara.Api;

namespace Tokenwright.ContractTests;

/// <summary>What the fimidara adapter sends to read a token, and how it reads the response.</summary>
internal sealed class FimidaraReadTests : FimidaraFixture
{
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
        new(FimidaraTokenKind.ClientAssignedToken2023, ClientAssignedTokens2023, TokenReference.ById("clasgtn_3"),
            """{"tokenId":"clasgtn_3"}"""),
        new(FimidaraTokenKind.ClientAssignedToken2023, ClientAssignedTokens2023, TokenReference.Self, """{"onReferenced":true}"""),
        new(FimidaraTokenKind.ProgramAccessToken2023, ProgramAccessTokens2023, TokenReference.ById("pgacstn_4"),
            """{"tokenId":"pgacstn_4"}"""),
        new(FimidaraTokenKind.ProgramAccessToken2023, ProgramAccessTokens2023, TokenReference.Self, """{"onReferenced":true}"""),
    ];

    [TestCaseSource(nameof(Gets))]
    public async Task Get_sends_the_reference_to_the_token(FimidaraTokenKind kind, string path, TokenReference reference, string body)
    {
        Respond(path + "/getToken", """{"token":{"resourceId":"the one"}}""");
        using var client = Client(options => (options.TokenKind, options.WorkspaceId) = (kind, "wrkspce_1"));

        var token = await client.GetAsync(reference);

        Assert.That(token.Id, Is.EqualTo("the one"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "POST", path + "/getToken", body, AcceptJson, Bearer, Json);
    }

    [Test]
    public async Task Get_by_key_in_the_tokens_own_workspace_sends_no_workspace()
    {
        Respond(AgentTokens + "/getToken", """{"token":{"resourceId":"the one"}}""");

        await _client.GetAsync(TokenReference.ByKey("user-42"));

        Sent.Exactly(_vendor.Requests[0], "POST", AgentTokens + "/getToken", """{"providedResourceId":"user-42"}""", AcceptJson, Bearer,
            Json);
    }

    [Test]
    public async Task Every_field_of_an_agent_token_is_mapped()
    {
        Respond(AgentTokens + "/getToken", """
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
        Respond(ClientAssignedTokens + "/getToken", """
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
        Respond(ProgramAccessTokens + "/getToken", """
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

    // In each of these, live responses differ from the documents. The current time is 2026-11-24.
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
        TestName = "An expiry after the year 9999 is not a missing one")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expiresAt":-8640000000000000}""", null, false, "expired",
        TestName = "An expiry before the year 1 has passed")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expiresAt":null}""", null, true, "active", TestName = "V4: expiresAt null")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expiresAt":9223372036854775807}""", null, false, "unknown",
        TestName = "An expiry out of JavaScript's range is none")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expiresAt":{"odd":1}}""", null, false, "unknown",
        TestName = "V7: an expiry that can't be read is not a missing one")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"expires":"2030-01-01T00:00:00.000Z"}""", "2030-01-01T00:00:00.0000000Z", false, "active",
        TestName = "An expiry of the agent tokens of 2023 is read")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"isDeleted":true,"expiresAt":0}""", "1970-01-01T00:00:00.0000000Z", false, "revoked",
        TestName = "Deleted has priority over expired")]
    public async Task Expiry_and_state_are_mapped(FimidaraTokenKind kind, string record, string? expiresAt, bool never, string state)
    {
        Respond(Path(kind) + "/getToken", $$"""{"token":{{record}}}""");
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
        TestName = "F6: missing members of a client-assigned token")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken2023, """{"resourceId":"x","providedResourceId":null,"permissionGroups":[]}""",
        TestName = "X1: missing members of a client-assigned token of 2023")]
    [TestCase(FimidaraTokenKind.ProgramAccessToken2023, """{"resourceId":"x","permissionGroups":[]}""",
        TestName = "X1: missing members of a program access token of 2023")]
    [TestCase(FimidaraTokenKind.ProgramAccessToken,
        """{"resourceId":"x","description":null,"createdAt":null,"createdBy":null,"permissionGroups":null,"tags":null}""",
        TestName = "Nulls of a program access token")]
    [TestCase(FimidaraTokenKind.AgentToken,
        """{"resourceId":"x","name":null,"description":null,"providedResourceId":null,"shouldRefresh":null,"createdAt":""" +
        """null,"createdBy":null,"isDeleted":null}""", TestName = "V4: nulls of an agent token")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"resourceId":"x"}""", TestName = "V4, V8: missing members of an agent token")]
    public async Task Nulls_and_missing_members_are_read(FimidaraTokenKind kind, string record)
    {
        Respond(Path(kind) + "/getToken", $$"""{"token":{{record}}}""");
        using var client = Client(options => options.TokenKind = kind);

        var token = await client.GetAsync(TokenReference.Self);

        Assert.That((token.Id, token.Key, token.Name, token.Description, token.Owner, token.CreatedAt, token.UpdatedAt), Is.EqualTo(
            ("x", (string?)null, (string?)null, (string?)null, (TokenOwner?)null, (DateTimeOffset?)null, (DateTimeOffset?)null)));
        Assert.That((token.State, token.NeverExpires), Is.EqualTo((TokenState.Active, true)));
        Assert.That(token.UnknownFields, Is.Empty);
    }

    [Test]
    public async Task F10_F11_X2_permission_groups_with_unknown_members_are_kept()
    {
        Respond(ClientAssignedTokens2023 + "/getToken", """
            {"token":{"resourceId":"x","permissionGroups":[
              {"permissionGroupId":"g","order":9007199254740991,"assignedAt":"2022-06-16T12:00:00.281Z","assignedBy":{"agentId":"u",
              "agentType":"user","_id":"0123456789abcdef01234567"}},
              {"permissionGroupId":"a tag","assignedAt":"2022-06-16T12:00:00.281Z"}]}}
            """);
        using var client = Client(options => options.TokenKind = FimidaraTokenKind.ClientAssignedToken2023);

        var groups = ((ClientAssignedToken)(await client.GetAsync(TokenReference.Self)).Raw!).PermissionGroups!.ToList();

        Assert.That(groups.Select(group => (group.PermissionGroupId, group.Order)),
            Is.EqualTo(new[] { ("g", (double?)9007199254740991), ("a tag", null) }));
        Assert.That(groups[0].AssignedBy!.AdditionalProperties["_id"].ToString(), Is.EqualTo("\"0123456789abcdef01234567\""));
    }

    [TestCase("""{"page":0,"tokens":{"a":1}}""", "{}")]
    [TestCase("[]", "[]")]
    [TestCase("", "")]
    [TestCase("<html>fine</html>", "<html>fine</html>")]
    [TestCase("null", """{"token":null}""")]
    [TestCase("""{"page":null,"tokens":null}""", """{"token":null}""",
        Description = "The server leaves out what it hasn't, and never sends null for a list.")]
    [TestCase("""{"tokens":"secret-1"}""", """{"token":"secret-1"}""")]
    public void A_success_without_its_content_is_an_invalid_response(string list, string get)
    {
        foreach (var kind in Enum.GetValues<FimidaraTokenKind>())
        {
            Respond(Path(kind) + "/getWorkspaceTokens", list);
            Respond(Path(kind) + "/getToken", get);
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
        Respond(AgentTokens + "/getWorkspaceTokens",
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

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
