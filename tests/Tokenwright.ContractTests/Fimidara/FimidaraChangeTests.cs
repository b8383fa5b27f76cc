using Newtonsoft.Json.Linq;
using Tokenwright.Fimidara;
using Tokenwright.Fimidara.Api;

namespace Tokenwright.ContractTests;

/// <summary>What the fimidara adapter sends to change and to delete tokens, and what it refuses to send.</summary>
internal sealed class FimidaraChangeTests : FimidaraFixture
{
    private static readonly TestCaseData[] Updates =
    [
        Update("by id", FimidaraTokenKind.AgentToken, TokenReference.ById("x"),
            new() { Name = "n", Description = "", Key = "k", Expiry = TokenExpiry.After(TimeSpan.FromSeconds(1)) },
            """{"tokenId":"x","token":{"name":"n","description":"","providedResourceId":"k","expiresAt":1795478401000}}"""),
        Update("by key, never", FimidaraTokenKind.AgentToken, TokenReference.ByKey("user-42"), new() { Expiry = TokenExpiry.Never },
            """{"providedResourceId":"user-42","workspaceId":"000000000000000000001","token":{"expiresAt":null}}"""),
        Update("self, an empty model", FimidaraTokenKind.AgentToken, TokenReference.Self, new() { Raw = new UpdateAgentTokenInput() },
            """{"onReferenced":true,"token":{}}"""),
        Update("raw", FimidaraTokenKind.AgentToken, TokenReference.ById("x"),
            new() { Raw = Nulls(new UpdateAgentTokenInput { Name = "n", ExpiresAt = 7 }) },
            """{"tokenId":"x","token":{"name":"n","expiresAt":7,"description":null,"providedResourceId":null}}"""),
        Update("over raw", FimidaraTokenKind.AgentToken, TokenReference.ById("x"), new() { Description = "d", Key = "k",
            Expiry = TokenExpiry.Never, Raw = Nulls(new UpdateAgentTokenInput { Name = "n", ExpiresAt = 7 }) },
            """{"tokenId":"x","token":{"name":"n","description":"d","providedResourceId":"k","expiresAt":null}}"""),
        Update("by id", FimidaraTokenKind.ClientAssignedToken, TokenReference.ById("x"),
            new() { Name = "n", Description = "d", Key = "k", Expiry = TokenExpiry.After(TimeSpan.FromSeconds(1)) },
            """{"tokenId":"x","token":{"name":"n","description":"d","providedResourceId":"k","expires":"2026-11-24T00:00:01.000Z"}}"""),
        Update("by key, never", FimidaraTokenKind.ClientAssignedToken, TokenReference.ByKey("user-42"),
            new() { Expiry = TokenExpiry.Never },
            """{"providedResourceId":"user-42","workspaceId":"000000000000000000001","token":{"expires":null}}"""),
        Update("self, raw", FimidaraTokenKind.ClientAssignedToken, TokenReference.Self,
            new() { Raw = new NewClientAssignedTokenInput { PermissionGroups = [] } },
            """{"onReferenced":true,"token":{"permissionGroups":[]}}"""),
        Update("by id", FimidaraTokenKind.ProgramAccessToken, TokenReference.ById("x"),
            new() { Name = "n", Description = "d", Expiry = TokenExpiry.Never },
            """{"tokenId":"x","token":{"name":"n","description":"d"}}"""),
        Update("self, raw", FimidaraTokenKind.ProgramAccessToken, TokenReference.Self,
            new() { Raw = new UpdateProgramAccessTokenInput { PermissionGroups = [] } },
            """{"onReferenced":true,"token":{"permissionGroups":[]}}"""),
        Update("by key", FimidaraTokenKind.ClientAssignedToken2023, TokenReference.ByKey("user-42"),
            new() { Name = "n", Expiry = TokenExpiry.After(TimeSpan.FromSeconds(1)) },
            """{"providedResourceId":"user-42","workspaceId":"000000000000000000001","token":{"name":"n",""" +
                """ "expires":"2026-11-24T00:00:01.000Z"}}"""),
        Update("self, raw", FimidaraTokenKind.ProgramAccessToken2023, TokenReference.Self,
            new() { Raw = new UpdateProgramAccessTokenInput { PermissionGroups = [] } },
            """{"onReferenced":true,"token":{"permissionGroups":[]}}"""),
    ];

    [TestCaseSource(nameof(Updates))]
    public async Task Update_sends_what_changes(FimidaraTokenKind kind, TokenReference reference, UpdateTokenRequest request, string body)
    {
        Respond(Path(kind) + "/updateToken", """{"token":{"resourceId":"x","tokenStr":"secret","name":"as it stands"}}""");
        using var client = Client(kind);

        var token = await client.UpdateAsync(reference, request);

        Assert.That((token.Id, token.Name), Is.EqualTo(("x", "as it stands")));
        Assert.That(JObject.FromObject(token.Raw!).ToString(), Does.Not.Contain("secret"));
        Sent.Exactly(_vendor.Requests.Single(), "POST", Path(kind) + "/updateToken", body, AcceptJson, Bearer, Json);
    }

    [Test]
    public async Task A_raw_model_is_not_changed()
    {
        Respond(AgentTokens + "/updateToken", """{"token":{"resourceId":"x"}}""");
        using var client = Client(FimidaraTokenKind.AgentToken);
        var raw = Nulls(new UpdateAgentTokenInput { Name = "n", ExpiresAt = 7 });

        await client.UpdateAsync(
            TokenReference.ById("x"), new() { Name = "other", Description = "d", Expiry = TokenExpiry.Never, Raw = raw });

        Assert.That((raw.Name, raw.ExpiresAt, raw.Description), Is.EqualTo(("n", (long?)7, (string?)null)));
        Assert.That(raw.AdditionalProperties.Keys, Is.EquivalentTo(new[] { "description", "providedResourceId" }));
    }

    private static readonly UpdateTokenRequest EverythingWrongToChange = new()
    {
        Name = "",
        Description = new string('d', 701),
        Key = new string('k', 301),
        Scopes = [new TokenScope("s")],
        Expiry = TokenExpiry.At(new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        Raw = new CreateTokenRequest(),
    };

    [TestCase(FimidaraTokenKind.AgentToken)]
    [TestCase(FimidaraTokenKind.ClientAssignedToken)]
    [TestCase(FimidaraTokenKind.ProgramAccessToken)]
    [TestCase(FimidaraTokenKind.ClientAssignedToken2023)]
    [TestCase(FimidaraTokenKind.ProgramAccessToken2023)]
    public void A_wrong_change_is_not_sent(FimidaraTokenKind kind)
    {
        using var client = Client(kind);

        var exception = Refused(() => client.UpdateAsync(TokenReference.ById("x"), EverythingWrongToChange));

        Assert.That(exception.Problems.Select(problem => problem.Field),
            Is.EquivalentTo(new[] { "Raw", "Name", "Description", "Key", "Scopes", "Expiry" }));
        Assert.That(exception.Operation, Is.EqualTo(TokenOperation.Update));
    }

    private static readonly TestCaseData[] Revocations =
    [
        new(FimidaraTokenKind.AgentToken, TokenReference.ById("x"), """{"tokenId":"x"}""", """{"jobId":"job0000_1"}""",
            "by the vendor's job job0000_1."),
        new(FimidaraTokenKind.AgentToken, TokenReference.ByKey("k"), """{"providedResourceId":"k","workspaceId":"000000000000000000001"}""",
            "{}", "by a job of the vendor's."),
        new(FimidaraTokenKind.AgentToken, TokenReference.Self, """{"onReferenced":true}""", """{"jobId":null}""",
            "by a job of the vendor's."),
        new(FimidaraTokenKind.ClientAssignedToken, TokenReference.ById("x"), """{"tokenId":"x"}""", "{}", null),
        new(FimidaraTokenKind.ClientAssignedToken, TokenReference.Self, """{"onReferenced":true}""", "{}", null),
        new(FimidaraTokenKind.ProgramAccessToken, TokenReference.ById("x"), """{"tokenId":"x"}""", "{}", null),
        new(FimidaraTokenKind.ProgramAccessToken, TokenReference.Self, """{"onReferenced":true}""", "{}", null),
        new(FimidaraTokenKind.ClientAssignedToken2023, TokenReference.ById("x"), """{"tokenId":"x"}""", "{}", null),
        new(FimidaraTokenKind.ProgramAccessToken2023, TokenReference.Self, """{"onReferenced":true}""", "{}", null),
    ];

    [TestCase(FimidaraTokenKind.AgentToken)]
    [TestCase(FimidaraTokenKind.ClientAssignedToken)]
    [TestCase(FimidaraTokenKind.ProgramAccessToken)]
    [TestCase(FimidaraTokenKind.ClientAssignedToken2023)]
    [TestCase(FimidaraTokenKind.ProgramAccessToken2023)]
    public void A_change_of_nothing_is_not_sent(FimidaraTokenKind kind)
    {
        using var client = Client(kind);

        Assert.That(async () => await client.UpdateAsync(TokenReference.ById("x"), new()),
            Throws.TypeOf<TokenInvalidRequestException>().With.Message.Contains("nothing to change"));
        Assert.That(_vendor.Requests, Is.Empty);
    }

    [TestCaseSource(nameof(Revocations))]
    public async Task Revoke_deletes(FimidaraTokenKind kind, TokenReference reference, string body, string response, string? remark)
    {
        Respond("DELETE", Path(kind) + "/deleteToken", response);
        using var client = Client(kind);

        var revocation = await client.RevokeAsync(reference);

        Assert.That(revocation.Outcome, Is.EqualTo(RevocationOutcome.Deleted));
        Assert.That(revocation.Remark, remark is null ? Is.Null : Does.EndWith(remark));
        Sent.Exactly(_vendor.Requests.Single(), "DELETE", Path(kind) + "/deleteToken", body, AcceptJson, Bearer, Json);
    }

    [TestCase(409, """{"errors":[{"name":"ResourceExistsError","message":"Agent token with provided ID user-42 exists"}]}""",
        typeof(TokenConflictException))]
    [TestCase(404, """{"errors":[{"name":"NotFoundError","message":"Agent token not found"}]}""", typeof(TokenNotFoundException))]
    [TestCase(403, """{"errors":[{"name":"PermissionDeniedError","message":"Permission denied"}]}""", typeof(TokenPermissionException))]
    [TestCase(401, """{"errors":[{"name":"InvalidCredentialsError","message":"Invalid credentials","action":"loginAgain"}]}""",
        typeof(TokenAuthenticationException))]
    [TestCase(500, """{"errors":[{"name":"ServerError","message":"Server error"}]}""", typeof(TokenServiceUnavailableException))]
    public void A_refused_write_is_sent_once(int status, string body, Type type)
    {
        Respond(AgentTokens + "/updateToken", body, status);
        Respond("DELETE", AgentTokens + "/deleteToken", body, status);
        using var client = Client(FimidaraTokenKind.AgentToken);

        Assert.That(() => client.UpdateAsync(TokenReference.ByKey("user-42"), new() { Name = "n" }),
            Throws.TypeOf(type).With.Property("Operation").EqualTo(TokenOperation.Update));
        Assert.That(() => client.RevokeAsync(TokenReference.ByKey("user-42")),
            Throws.TypeOf(type).With.Property("Operation").EqualTo(TokenOperation.Revoke));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
    }

    private static TestCaseData Update(
        string name, FimidaraTokenKind kind, TokenReference reference, UpdateTokenRequest request, string body)
        => new TestCaseData(kind, reference, request, body).SetArgDisplayNames(kind.ToString(), name);

    private static UpdateAgentTokenInput Nulls(UpdateAgentTokenInput model)
    {
        model.AdditionalProperties["description"] = JValue.CreateNull();
        model.AdditionalProperties["providedResourceId"] = null!;
        return model;
    }
}
