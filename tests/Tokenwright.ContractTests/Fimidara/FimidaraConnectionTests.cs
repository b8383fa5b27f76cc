using System.Buffers.Text;
using System.Text;
using Microsoft.Extensions.Options;
using Newtonsoft.Json.Linq;
using Tokenwright.Fimidara;
using Tokenwright.Fimidara.Api;

namespace Tokenwright.ContractTests;

/// <summary>The options and capabilities of a connection to fimidara.</summary>
internal sealed class FimidaraConnectionTests : FimidaraFixture
{
    private static readonly TestCaseData[] Unsupported =
    [
        Case("regenerate", FimidaraTokenKind.AgentToken, client => client.RegenerateAsync(TokenReference.ById("x")),
            "never invalidates the old one"),
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
    public void An_unsupported_call_is_refused_before_anything_is_sent(FimidaraTokenKind kind, Func<ITokenClient, Task> call, string reason)
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
        using var client2023 = Client(options => options.TokenKind = FimidaraTokenKind.ClientAssignedToken2023);
        using var program2023 = Client(options => options.TokenKind = FimidaraTokenKind.ProgramAccessToken2023);

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
            foreach (var (of2023, of2022) in new[] { (client2023, client), (program2023, program) })
            {
                var (now, before) = (of2023.Metadata.Capabilities, of2022.Metadata.Capabilities);
                Assert.That((now.Filters, now.Limits.MaxPageSize), Is.EqualTo((TokenQueryFilters.PageSize, 1000)), "X1");
                Assert.That((before.Filters, before.Limits.MaxPageSize), Is.EqualTo((TokenQueryFilters.None, (int?)null)));
                Assert.That((now.CreationRecovery, now.TokensCanExpire), Is.EqualTo((before.CreationRecovery, before.TokensCanExpire)));
                foreach (var operation in Enum.GetValues<TokenOperation>().Where(operation => operation != TokenOperation.List))
                    Assert.That(now[operation], Is.EqualTo(before[operation]));
            }

            foreach (var each in new[] { agent, client, program, client2023, program2023 })
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

    [TestCase("""{"version":1,"sub":{"id":"agtoken_1","refreshToken":"$argon2id"},"exp":1797971822}""", "agtoken_1")]
    [TestCase("""{"version":1,"sub":{"id":"usertn0_1","type":"user"},"iat":1795380284.301}""", "usertn0_1")]
    [TestCase("""{"sub":"text"}""", null)]
    [TestCase("""{"sub":{"id":7}}""", "7")]
    [TestCase("[]", null)]
    [TestCase("not JSON", null)]
    public void The_id_in_a_credential_is_read(string claims, string? id)
    {
        var jwt = new TokenSecret($"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.c2ln");

        Assert.That(FimidaraVendor.Instance.GetTokenId(jwt), Is.EqualTo(id));
        Assert.That(FimidaraVendor.Instance.GetTokenId(new TokenSecret("a.b~.c")), Is.Null);
        Assert.That(FimidaraVendor.Instance.GetTokenId(new TokenSecret("no JWT")), Is.Null);
    }

    // The id in a recorded credential is the one in the record that the server gives to it for its own.
    [Test]
    public void The_id_in_a_recorded_credential_is_that_of_its_own_record()
    {
        var own = RecordedExchange.ReadAll("fimidara").Where(exchange => exchange.Status == 200
            && exchange.Path.EndsWith("/getToken", StringComparison.Ordinal)
            && exchange.RequestBody.Contains("\"onReferenced\":true", StringComparison.Ordinal)).ToList();

        Assert.That(own.Select(exchange => exchange.Name.Split('/')[0]),
            Is.EquivalentTo(new[] { "agent-tokens", "client-assigned-tokens", "v1-client-assigned-tokens" }));
        foreach (var exchange in own)
        {
            Assert.That(
                FimidaraVendor.Instance.GetTokenId(new TokenSecret(exchange.RequestHeaders["authorization"].Split(' ')[1])),
                Is.EqualTo((string?)JObject.Parse(exchange.ResponseBody)["token"]!["resourceId"]));
        }
    }

    [Test]
    public void The_typed_client_is_reached_through_the_facade()
        => Assert.That(_client.GetService(typeof(IFimidaraApiClient)), Is.InstanceOf<FimidaraApiClient>());

    private static TestCaseData Case(string name, FimidaraTokenKind kind, Func<ITokenClient, Task> call, string reason)
        => new TestCaseData(kind, call, reason).SetArgDisplayNames(name, kind.ToString());
}
