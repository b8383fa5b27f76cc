using Newtonsoft.Json.Linq;
using Tokenwright.Fimidara;
using Tokenwright.Fimidara.Api;

namespace Tokenwright.ContractTests;

/// <summary>What the fimidara adapter sends to create tokens, what it refuses to send, and how it reads the responses.</summary>
internal sealed class FimidaraCreationTests : FimidaraFixture
{
    private static readonly TestCaseData[] Creations =
    [
        Creation("all", FimidaraTokenKind.AgentToken, new()
            { Name = "n", Description = "", Key = "user-42", Expiry = TokenExpiry.At(new(2030, 1, 1, 1, 0, 0, TimeSpan.FromHours(1))) },
            """{"workspaceId":"000000000000000000001","name":"n","description":"","providedResourceId":"user-42","expiresAt":""" +
                """1893456000000,"shouldEncode":true}"""),
        Creation("a duration", FimidaraTokenKind.AgentToken, new() { Expiry = TokenExpiry.After(TimeSpan.FromMilliseconds(1)) },
            """{"workspaceId":"000000000000000000001","providedResourceId":"tokenwright-*","expiresAt":1795478400001,"shouldEncode":""" +
                """true}"""),
        Creation("never", FimidaraTokenKind.AgentToken, new() { Expiry = TokenExpiry.Never },
            """{"workspaceId":"000000000000000000001","providedResourceId":"tokenwright-*","shouldEncode":true}"""),
        Creation("raw", FimidaraTokenKind.AgentToken, new() { Name = "n", Raw = new AddAgentTokenEndpointParams { Name = "not this",
            ExpiresAt = 7, ShouldRefresh = true, RefreshDuration = 3600000, WorkspaceId = "w", ShouldEncode = false } },
            """{"workspaceId":"w","name":"n","providedResourceId":"tokenwright-*","expiresAt":7,"shouldRefresh":""" +
                """true,"refreshDuration":3600000,"shouldEncode":true}"""),
        Creation("never over raw", FimidaraTokenKind.AgentToken,
            new() { Expiry = TokenExpiry.Never, Raw = new AddAgentTokenEndpointParams { ExpiresAt = 7 } },
            """{"workspaceId":"000000000000000000001","providedResourceId":"tokenwright-*","shouldEncode":true}"""),
        Creation("all", FimidaraTokenKind.ClientAssignedToken, new() { Name = "n", Description = "d", Key = new string('k', 300),
            Expiry = TokenExpiry.At(new(2030, 1, 1, 1, 0, 0, TimeSpan.FromHours(1))) },
            $$$"""{"workspaceId":"000000000000000000001","token":{"name":"n","description":"d","providedResourceI""" +
                $$$"""d":"{{{new string('k', 300)}}}","expires":"2030-01-01T00:00:00.000Z"}}"""),
        Creation("never", FimidaraTokenKind.ClientAssignedToken, new() { Expiry = TokenExpiry.Never },
            """{"workspaceId":"000000000000000000001","token":{"providedResourceId":"tokenwright-*"}}"""),
        Creation("raw", FimidaraTokenKind.ClientAssignedToken, new() { Raw = Nulls(new NewClientAssignedTokenInput
            { PermissionGroups = [new PermissionGroupInput { PermissionGroupId = "000000000000000000005", Order = 1 }] }) },
            """{"workspaceId":"000000000000000000001","token":{"providedResourceId":"tokenwright-*","expires":null,"permissionGroups":""" +
                """[{"permissionGroupId":"000000000000000000005","order":1}]}}"""),
        Creation("all", FimidaraTokenKind.ProgramAccessToken, new() { Name = "n", Description = "d", Expiry = TokenExpiry.Never },
            """{"workspaceId":"000000000000000000001","token":{"name":"n","description":"d"}}"""),
        Creation("raw", FimidaraTokenKind.ProgramAccessToken,
            new() { Expiry = TokenExpiry.Never, Raw = new NewProgramAccessTokenInput { Name = "n", PermissionGroups = [] } },
            """{"workspaceId":"000000000000000000001","token":{"name":"n","permissionGroups":[]}}"""),
        Creation("all", FimidaraTokenKind.ClientAssignedToken2023, new() { Name = "n", Description = "d", Key = new string('k', 50),
            Expiry = TokenExpiry.At(new(2030, 1, 1, 1, 0, 0, TimeSpan.FromHours(1))) },
            $$$"""{"workspaceId":"000000000000000000001","token":{"name":"n","description":"d","providedResourceI""" +
                $$$"""d":"{{{new string('k', 50)}}}","expires":"2030-01-01T00:00:00.000Z"}}"""),
        Creation("raw", FimidaraTokenKind.ProgramAccessToken2023,
            new() { Expiry = TokenExpiry.Never, Raw = new NewProgramAccessTokenInput { Name = "n", PermissionGroups = [] } },
            """{"workspaceId":"000000000000000000001","token":{"name":"n","permissionGroups":[]}}"""),
    ];

    [TestCaseSource(nameof(Creations))]
    public async Task Create_sends_the_request_and_returns_the_secret(FimidaraTokenKind kind, CreateTokenRequest request, string body)
    {
        Respond(Path(kind) + "/addToken", """
            {"token":{"resourceId":"the new one","providedResourceId":"user-42","jwtToken":"secret-jwt","refreshToken":"secret-refresh",
            "tokenStr":"secret-jwt","soon":1}}
            """);
        using var client = Client(kind);

        var issued = await client.CreateAsync(request);

        Assert.That(issued.Secret.Reveal(), Is.EqualTo("secret-jwt"));
        Assert.That(issued.Token.Id, Is.EqualTo("the new one"));
        var isProgram = kind is FimidaraTokenKind.ProgramAccessToken or FimidaraTokenKind.ProgramAccessToken2023;
        Assert.That(issued.Token.UnknownFields, isProgram ? Contains.Key("soon")
            : Is.EqualTo(new Dictionary<string, string> { ["soon"] = "1" }));
        Assert.That(issued.Token.UnknownFields.Values, Has.None.Contains("secret"));
        Assert.That(JObject.FromObject(issued.Token.Raw!).ToString(), Does.Not.Contain("secret"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "POST", Path(kind) + "/addToken", body, AcceptJson, Bearer, Json);
    }

    [TestCase(FimidaraTokenKind.AgentToken, "jwtToken")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, "tokenStr")]
    [TestCase(FimidaraTokenKind.ProgramAccessToken, "tokenStr")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken2023, "tokenStr")]
    [TestCase(FimidaraTokenKind.ProgramAccessToken2023, "tokenStr")]
    public void A_secret_with_characters_that_no_header_allows_is_rejected(FimidaraTokenKind kind, string member)
    {
        Respond(Path(kind) + "/addToken", """{"token":{"resourceId":"x","jwtToken":"a\nb","tokenStr":"a\nb"}}""");
        using var client = Client(kind);

        var exception = Assert.ThrowsAsync<TokenOutcomeUnknownException>(
            () => client.CreateAsync(new() { Name = "n", Expiry = TokenExpiry.Never, IfOutcomeUnknown = UnknownOutcomeAction.Throw }))!;

        Assert.That(exception.InnerException, Is.TypeOf<TokenInvalidResponseException>().With.Message.Contains($"no '{member}'"));
    }

    // The vendor gives no such ids. But revoking another token in place of the orphan would be the worst outcome.
    [TestCase("")]
    [TestCase(" ")]
    [TestCase("..")]
    [TestCase("a\\nb")]
    public void An_orphan_with_an_invalid_id_is_reported_and_not_revoked(string id)
    {
        Respond(AgentTokens + "/addToken", "{}", 502);
        Respond(AgentTokens + "/getToken", $$"""{"token":{"resourceId":"{{id}}"} }""");
        using var client = Client(FimidaraTokenKind.AgentToken);

        var exception = Assert.ThrowsAsync<TokenOutcomeUnknownException>(
            () => client.CreateAsync(new() { Expiry = TokenExpiry.Never, IfOutcomeUnknown = UnknownOutcomeAction.RevokeOrphan }))!;

        Assert.That((exception.IsOrphanRevoked, exception.Orphans.Count), Is.EqualTo((false, 1)));
        Assert.That(
            _vendor.Requests.Select(request => request.Path), Is.EqualTo(new[] { AgentTokens + "/addToken", AgentTokens + "/getToken" }));
    }

    [Test]
    public async Task The_record_of_a_refreshing_token_has_its_settings_and_no_secret()
    {
        Respond(AgentTokens + "/addToken", """
            {"token":{"resourceId":"x","jwtToken":"secret-jwt","refreshToken":"secret-refresh","jwtTokenExpiresAt":1795383423920,
            "shouldRefresh":true,"refreshDuration":3600000}}
            """);
        using var client = Client(FimidaraTokenKind.AgentToken);

        var raw = (AgentToken)(await client.CreateAsync(new() { Expiry = TokenExpiry.Never })).Token.Raw!;

        Assert.That((raw.ShouldRefresh, raw.RefreshDuration, raw.JwtTokenExpiresAt),
            Is.EqualTo(((bool?)true, (double?)3600000, (long?)1795383423920)));
        Assert.That((raw.JwtToken, raw.RefreshToken), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public async Task F16_a_token_that_already_existed_is_recognized()
    {
        Respond(ClientAssignedTokens + "/addToken", """
            {"token":{"resourceId":"x","providedResourceId":"user-42","tokenStr":"secret","createdAt":"2022-06-16T12:00:00.267Z",
            "lastUpdatedAt":"2026-11-24T00:00:00.000Z"}}
            """);
        using var client = Client(FimidaraTokenKind.ClientAssignedToken);

        var token = (await client.CreateAsync(new() { Key = "user-42", Expiry = TokenExpiry.Never })).Token;

        Assert.That(token.CreatedAt, Is.LessThan(token.UpdatedAt!.Value));
    }

    [TestCase(FimidaraTokenKind.AgentToken, "{}", "'token'")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"token":{"resourceId":"x"}}""", "'jwtToken'")]
    [TestCase(FimidaraTokenKind.AgentToken, """{"token":{"resourceId":"x","jwtToken":{"odd":1}}}""", "'jwtToken'")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, """{"token":null}""", "'token'")]
    [TestCase(FimidaraTokenKind.ClientAssignedToken, """{"token":{"tokenStr":null}}""", "'tokenStr'")]
    [TestCase(FimidaraTokenKind.ProgramAccessToken, "{}", "'token'")]
    [TestCase(FimidaraTokenKind.ProgramAccessToken, """{"token":{"tokenStr":""}}""", "'tokenStr'")]
    public void A_create_response_without_the_secret_counts_as_lost(FimidaraTokenKind kind, string response, string missing)
    {
        Respond(Path(kind) + "/addToken", response);
        using var client = Client(kind);

        Assert.That(
            () => client.CreateAsync(new() { Name = "n", Expiry = TokenExpiry.Never }),
            Throws.TypeOf<TokenOutcomeUnknownException>().With.InnerException
                .TypeOf<TokenInvalidResponseException>().And.InnerException.Message.Contains(missing));
        Assert.That(_vendor.Requests.Count(request => request.Path == Path(kind) + "/addToken"), Is.EqualTo(1));
    }

    private static readonly CreateTokenRequest EverythingWrong = new()
    {
        Name = new string('n', 151),
        Description = new string('d', 701),
        Key = new string('k', 301),
        Scopes = [new TokenScope("s")],
        Roles = [new TokenRole("r")],
        Expiry = TokenExpiry.At(new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero)),
        Raw = "text",
    };

    private static readonly TestCaseData[] WrongCreations =
    [
        new TestCaseData(
            FimidaraTokenKind.ClientAssignedToken,
            new CreateTokenRequest { Expiry = TokenExpiry.Never, Raw = new NewClientAssignedTokenInput { PermissionGroups = Groups(100) } },
            null).SetArgDisplayNames("100 permission groups are fine"),
        new TestCaseData(
            FimidaraTokenKind.ClientAssignedToken,
            new CreateTokenRequest { Expiry = TokenExpiry.Never, Raw = new NewClientAssignedTokenInput { PermissionGroups = Groups(101) } },
            new[] { "Raw" }).SetArgDisplayNames("101 permission groups"),
        new TestCaseData(
            FimidaraTokenKind.ProgramAccessToken,
            new CreateTokenRequest
            { Name = "n", Expiry = TokenExpiry.Never, Raw = new NewProgramAccessTokenInput { PermissionGroups = [.. Groups(1), .. Groups(
            1)], Tags = [new AssignedTagInput()] } }, new[] { "Raw", "Raw" }).SetArgDisplayNames("a group twice, a tag without an id"),
        new(FimidaraTokenKind.AgentToken, EverythingWrong, new[] { "Raw", "Name", "Description", "Key", "Scopes", "Roles", "Expiry" }),
        new(FimidaraTokenKind.ClientAssignedToken, EverythingWrong,
            new[] { "Raw", "Name", "Description", "Key", "Scopes", "Roles", "Expiry" }),
        new(FimidaraTokenKind.ProgramAccessToken, EverythingWrong,
            new[] { "Raw", "Name", "Description", "Key", "Scopes", "Roles", "Expiry" }),
        new(FimidaraTokenKind.ClientAssignedToken2023, EverythingWrong,
            new[] { "Raw", "Name", "Description", "Key", "Scopes", "Roles", "Expiry" }),
        new TestCaseData(
            FimidaraTokenKind.ClientAssignedToken2023, new CreateTokenRequest { Key = new string('k', 51), Expiry = TokenExpiry.Never },
            new[] { "Key" }).SetArgDisplayNames("X1: a key of 51 characters"),
        new(FimidaraTokenKind.ProgramAccessToken2023, new CreateTokenRequest(), new[] { "Name", "Expiry" }),
        new(FimidaraTokenKind.AgentToken, new CreateTokenRequest(), new[] { "Expiry" }),
        new(FimidaraTokenKind.ClientAssignedToken, new CreateTokenRequest(), new[] { "Expiry" }),
        new(FimidaraTokenKind.ProgramAccessToken, new CreateTokenRequest(), new[] { "Name", "Expiry" }),
        new(FimidaraTokenKind.AgentToken, new CreateTokenRequest { Name = " ", Key = "", Expiry = TokenExpiry.Never },
            new[] { "Name", "Key" }),
        new(FimidaraTokenKind.AgentToken, new CreateTokenRequest { Key = new string('k', 51), Expiry = TokenExpiry.Never },
            new[] { "Key" }),
        new TestCaseData(FimidaraTokenKind.AgentToken, new CreateTokenRequest { Key = " k", Expiry = TokenExpiry.Never }, new[] { "Key" })
            .SetArgDisplayNames("V14: a key with blanks"),
        new(FimidaraTokenKind.AgentToken, new CreateTokenRequest
            { Expiry = TokenExpiry.Never, Raw = new AddAgentTokenEndpointParams { Name = new string('n', 151) } }, new[] { "Name" }),
        new(FimidaraTokenKind.ProgramAccessToken, new CreateTokenRequest { Name = " ", Expiry = TokenExpiry.Never }, new[] { "Name" }),
        new(FimidaraTokenKind.ProgramAccessToken, new CreateTokenRequest { Name = "n", Expiry = TokenExpiry.After(TimeSpan.FromDays(1)) },
            new[] { "Expiry" }),
    ];

    private static List<PermissionGroupInput> Groups(int count)
        => [.. Enumerable.Range(0, count).Select(number =>
            new PermissionGroupInput { PermissionGroupId = number.ToString("D21", System.Globalization.CultureInfo.InvariantCulture) })];

    [TestCaseSource(nameof(WrongCreations))]
    public async Task A_wrong_creation_is_not_sent(FimidaraTokenKind kind, CreateTokenRequest request, string[]? fields)
    {
        using var client = Client(kind);
        if (fields is null)
        {
            Respond(Path(kind) + "/addToken", """{"token":{"tokenStr":"secret-jwt"}}""");
            Assert.That((await client.CreateAsync(request)).Secret.Reveal(), Is.EqualTo("secret-jwt"));
            return;
        }

        var exception = Refused(() => client.CreateAsync(request));

        Assert.That(exception.Problems.Select(problem => problem.Field), Is.EquivalentTo(fields));
        Assert.That(exception.Operation, Is.EqualTo(TokenOperation.Create));
    }

    [Test]
    public void A_refused_creation_is_sent_once()
    {
        Respond(AgentTokens + "/addToken", """{"errors":[{"name":"ServerError","message":"Server error"}]}""", 500);
        using var client = Client(FimidaraTokenKind.AgentToken);

        Assert.That(() => client.CreateAsync(new() { Expiry = TokenExpiry.Never }),
            Throws.TypeOf<TokenOutcomeUnknownException>().With.Property("Operation").EqualTo(TokenOperation.Create));
        Assert.That(_vendor.Requests.Count(request => request.Path == AgentTokens + "/addToken"), Is.EqualTo(1));
    }

    private static TestCaseData Creation(string name, FimidaraTokenKind kind, CreateTokenRequest request, string body)
        => new TestCaseData(kind, request, body).SetArgDisplayNames(kind.ToString(), name);

    private static NewClientAssignedTokenInput Nulls(NewClientAssignedTokenInput model)
    {
        model.AdditionalProperties["expires"] = JValue.CreateNull();
        return model;
    }
}
