using Newtonsoft.Json.Linq;
using Tokenwright.Fimidara;
using Tokenwright.Fimidara.Api;
using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>What the fimidara adapter sends to list tokens, and when it considers a list complete.</summary>
internal sealed class FimidaraListTests : FimidaraFixture
{
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
            Json);

        // From then on, the size of the first page: the server calculates where a page begins from its size.
        Sent.Exactly(_vendor.Requests[1], "POST", AgentTokens + "/getWorkspaceTokens", """{"page":1,"pageSize":2}""", AcceptJson, Bearer,
            Json);
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
                $$"""{"workspaceId":"wrkspce_1","page":{{page}},"pageSize":2}""", AcceptJson, Bearer, Json);
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
        Respond(AgentTokens + "/getWorkspaceTokens", """{"page":0,"tokens":[{"resourceId":"a"}]}""");

        Assert.That((await _client.ListAsync(new TokenQuery { PageSize = 1 }).FirstAsync()).Id, Is.EqualTo("a"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_server_that_repeats_a_page_does_not_cause_an_infinite_list()
    {
        Respond(AgentTokens + "/getWorkspaceTokens", """{"page":0,"tokens":[{"resourceId":"a"},{"resourceId":"b"}]}""");

        Assert.That(
            async () => await _client.ListAsync(new TokenQuery { PageSize = 2 }).ToListAsync(),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("A page of the list repeats the one before it"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
    }

    // Two servers behind one address, each with one page; tokens without ids, which can't be distinguished; and no token at all.
    [TestCase("""[{"resourceId":"a"},{"resourceId":"b"}]""", """[{"resourceId":"c"},{"resourceId":"a"}]""", 3)]
    [TestCase("""[{"name":"a"},{"name":"b"}]""", """[{"name":"c"},{"name":"a"}]""", 2)]
    [TestCase("[null,null]", "[null,null]", 2)]
    public void Pages_without_new_tokens_do_not_cause_an_infinite_list(string even, string odd, int requests)
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
        Respond(path + "/getWorkspaceTokens",
            """{"tokens":[{"resourceId":"a","tokenStr":"s-1"},null,{"resourceId":"b","tokenStr":"s-2"}]}""");
        using var own = Client(options => options.TokenKind = kind);
        using var other = Client(options => (options.TokenKind, options.WorkspaceId) = (kind, "000000000000000000001"));

        var tokens = await own.ListAsync(new TokenQuery { IncludeRaw = true }).ToListAsync();
        await other.ListAsync().ToListAsync();

        Assert.That(tokens.Select(token => (token.Id, token.Kind.ToString())), Is.EqualTo(new[] { ("a", word), ("b", word) }));
        Assert.That(tokens.Select(token => JObject.FromObject(token.Raw!).ToString()), Has.None.Contains("s-1").And.None.Contains("s-2"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
        Sent.Exactly(_vendor.Requests[0], "POST", path + "/getWorkspaceTokens", "{}", AcceptJson, Bearer, Json);
        Sent.Exactly(_vendor.Requests[1], "POST", path + "/getWorkspaceTokens", """{"workspaceId":"000000000000000000001"}""", AcceptJson,
            Bearer, Json);
    }

    [TestCase(FimidaraTokenKind.ClientAssignedToken2023, "client-assigned token")]
    [TestCase(FimidaraTokenKind.ProgramAccessToken2023, "program access token")]
    public async Task X1_lists_of_2023_are_paged(FimidaraTokenKind kind, string word)
    {
        _vendor.On("POST", Path(kind) + "/getWorkspaceTokens",
            request => VendorResponse.Json(200, (int)JObject.Parse(request.Body)["page"]! switch
        {
            0 => """{"page":0,"tokens":[{"resourceId":"a","tokenStr":"s-1"},{"resourceId":"b","tokenStr":"s-2"}]}""",
            1 => """{"page":1,"tokens":[{"resourceId":"c","tokenStr":"s-3"}]}""",
            _ => """{"page":2,"tokens":[]}""",
        }));
        using var client = Client(options => (options.TokenKind, options.WorkspaceId) = (kind, "wkspce0_1"));

        var tokens = await client.ListAsync(new TokenQuery { PageSize = 2, IncludeRaw = true }).ToListAsync();
        await client.ListAsync().FirstAsync();

        Assert.That(tokens.Select(token => (token.Id, token.Kind.ToString())),
            Is.EqualTo(new[] { ("a", word), ("b", word), ("c", word) }));
        Assert.That(tokens.Select(token => JObject.FromObject(token.Raw!).ToString()), Has.None.Contains("s-"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(4));
        for (var page = 0; page < 3; page++)
        {
            Sent.Exactly(
                _vendor.Requests[page], "POST", Path(kind) + "/getWorkspaceTokens",
                $$"""{"workspaceId":"wkspce0_1","page":{{page}},"pageSize":2}""", AcceptJson, Bearer, Json);
        }

        Sent.Exactly(_vendor.Requests[3], "POST", Path(kind) + "/getWorkspaceTokens",
            """{"workspaceId":"wkspce0_1","page":0,"pageSize":1000}""", AcceptJson, Bearer, Json);
    }

    [TestCase("""{"page":0,"tokens":[]}""", TestName = "V9: a list without the right to read is empty")]
    [TestCase("""{"page":null,"tokens":[]}""", TestName = "The number of the page is null")]
    public async Task Empty_lists_are_read(string response)
    {
        Respond(AgentTokens + "/getWorkspaceTokens", response);

        Assert.That(await _client.ListAsync().ToListAsync(), Is.Empty);
    }
}
