using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tokenwright.Fimidara;
using Tokenwright.SailPoint;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>A list is either complete or an error, whatever a server reports about pages and totals. Tested over a raw socket.</summary>
internal sealed partial class ListTruthTests
{
    private const string Secret = "own-secret-value";

    // The server returns at most 100 tokens in a page, and any total.
    [Test]
    public async Task A_short_page_is_not_the_end_and_no_total_truncates_the_list(
        [Values(null, -1L, 0L, 3L, 100L, 120L, 200L, 249L, 250L, 251L, 1000L, long.MaxValue)] long? total,
        [Values(null, 1000, 100, 30)] int? asked, [Values(1, 4)] int pagesInFlight)
    {
        using var server = Pages(250, most: 100, total is null ? string.Empty : $$""","paging":{"total_count":{{total}}}""");
        using var client = Xms(server);

        var tokens = await client.ListAsync(new TokenQuery { PageSize = asked, PagesInFlight = pagesInFlight }).ToListAsync();

        Assert.That(tokens.Select(token => token.Id), Is.EqualTo(Ids(250)));
    }

    [TestCase("""{"total_count":60,"limit":60}""", TestName = "The page is as long as the limit that the server says it applied")]
    [TestCase("""{"total_count":60,"truncated":true}""", TestName = "The server says that the page is cut")]
    [TestCase("""{"total_count":60,"next":"60"}""", TestName = "The server names a next page")]
    public async Task A_total_of_the_page_alone_does_not_truncate_the_list_if_the_vendor_reports_more(string paging)
    {
        using var server = Pages(130, most: 60, $",\"paging\":{paging}");
        using var client = Xms(server);

        Assert.That(await client.ListAsync().ToListAsync(), Has.Count.EqualTo(130));
    }

    [TestCase(0, 1)]
    [TestCase(3, 1)]
    [TestCase(99, 1)]
    [TestCase(101, 2)]
    [TestCase(250, 3)]
    [TestCase(300, 4, TestName = "The last page is full, so that one more is asked for")]
    public async Task If_total_and_count_agree_no_request_is_unnecessary(int count, int requests)
    {
        using var server = Pages(count, most: 100, $$""","paging":{"total_count":{{count}}}""");
        using var client = Xms(server);

        Assert.That(await client.ListAsync().ToListAsync(), Has.Count.EqualTo(count));
        Assert.That(server.Requests, Is.EqualTo(requests));
    }

    // Array.MaxLength and its neighbours. A list with that capacity would need 16 GiB.
    [Test]
    public async Task A_large_total_does_not_allocate_memory_for_tokens_that_do_not_arrive(
        [Values(2147483591L, int.MaxValue, 1L << 33, long.MaxValue)] long total, [Values(1, 16)] int pagesInFlight)
    {
        using var server = Pages(25, most: 10, $$""","paging":{"total_count":{{total}}}""");
        using var client = Xms(server);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var tokens = await client.ListAsync(new TokenQuery { PageSize = 10, PagesInFlight = pagesInFlight }).ToListAsync();

        Assert.That(tokens, Has.Count.EqualTo(25));
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(64 * 1024 * 1024));
    }

    [Test]
    public void A_repeated_page_is_an_error_if_the_total_is_larger([Values("", ",\"paging\":{\"total_count\":250}")] string paging)
    {
        using var server = VendorRecord.Serve(_ => Page(1, 100, paging));
        using var client = Xms(server);

        Assert.That(async () => await client.ListAsync(new TokenQuery { PageSize = 100 }).ToListAsync(),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("can't be reached"));
        Assert.That(server.Requests, Is.EqualTo(2));
    }

    [Test]
    public async Task A_repeated_page_that_was_not_full_is_the_complete_list()
    {
        using var server = VendorRecord.Serve(_ => Page(1, 70, string.Empty));
        using var client = Xms(server);

        Assert.That(await client.ListAsync(new TokenQuery { PageSize = 100 }).ToListAsync(), Has.Count.EqualTo(70));
        Assert.That(server.Requests, Is.EqualTo(2));
    }

    [TestCase(100)]
    [TestCase(70)]
    public async Task A_repeated_page_is_detected_even_with_continuation_tokens(int count)
    {
        using var server = VendorRecord.Serve(_ => Page(1, count, string.Empty));
        using var client = Xms(server);
        var query = new TokenQuery { PageSize = 100 };
        var first = await client.ListAsync(query).AsPages().FirstAsync();

        var rest = client.ListAsync(query).AsPages(first.Continuation);

        if (count == 100)
            Assert.That(async () => await rest.FirstAsync(),
                Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("can't be reached"));
        else
            Assert.That((await rest.ToListAsync()).SelectMany(page => page.Tokens), Is.Empty);
        Assert.That(server.Requests, Is.EqualTo(2));
    }

    [Test]
    public async Task A_token_that_moved_to_the_next_page_is_in_one_page()
    {
        using var server = VendorRecord.Serve(head => Offset(head) switch
        {
            0 => Page(1, 10, string.Empty),
            10 => Page(10, 10, string.Empty),
            _ => Page(0, 0, string.Empty),
        });
        using var client = Xms(server);

        var pages = await client.ListAsync(new TokenQuery { PageSize = 10 }).AsPages().ToListAsync();

        Assert.That(pages.SelectMany(page => page.Tokens).Select(token => token.Id), Is.EqualTo(Ids(19)));
    }

    // Where a page begins is calculated from the server's own page size, or from the requested size.
    [Test]
    public async Task Fimidara_returns_all_tokens_if_its_pages_are_smaller_than_requested(
        [Values(0, 1, 99, 100, 101, 250)] int count, [Values] bool byOwnSize, [Values(null, 100, 30)] int? asked)
    {
        using var vendor = new VendorServer();
        vendor.On("POST", "/v1/agentTokens/getWorkspaceTokens", request =>
        {
            var body = JsonDocument.Parse(request.Body).RootElement;
            var (page, size) = (body.GetProperty("page").GetInt32(), body.GetProperty("pageSize").GetInt32());
            var start = (long)page * (byOwnSize ? Math.Min(size, 100) : size);
            var tokens = Enumerable.Range(1, count).Skip((int)Math.Min(start, count)).Take(Math.Min(size, 100))
                .Select(id => $$"""{"resourceId":"{{id}}"}""");
            return VendorResponse.Json(200, $$"""{"tokens":[{{string.Join(',', tokens)}}]}""");
        });
        using var client = new FimidaraTokenClient("files", new() { BaseAddress = vendor.BaseAddress, Token = new TokenSecret(Secret) });

        var tokens = await client.ListAsync(new TokenQuery { PageSize = asked }).ToListAsync();

        Assert.That(tokens.Select(token => token.Id), Is.EqualTo(Ids(count)));
        Assert.That(vendor.Requests, Has.Count.EqualTo(((count + Math.Min(asked ?? 100, 100) - 1) / Math.Min(asked ?? 100, 100)) + 1),
            "one request more than pages, which finds the end");
    }

    // Each vendor's list, with each body that contains no list.
    private static IEnumerable<TestCaseData> WithoutList()
    {
        foreach (var (name, open, member) in Lists())
        {
            string?[] bodies =
            [
                """{"code":401,"message":"expired"}""", Error(name), "{}", "null", "\"\"", "7", """{"paging":{"total_count":3}}""",
                """{"more":[]}""", "[[]]",
                member is null ? null : $$"""{"{{member}}":"none"}""", member is null ? null : $$$"""{"{{{member}}}":{}}""",
                member is null ? null : $$"""{"{{member}}":[7]}""", member is null ? "[7]" : "[]",
                name == "XMS" ? """{"access_tokens":null,"paging":{"total_count":3}}""" : member is null
                    ? null : $$"""{"{{member}}":null}""",
                name == "XMS" ? """{"code":401,"message":"session expired","access_tokens":null}""" : null,
            ];
            foreach (var body in bodies.OfType<string>())
                yield return new TestCaseData(open, body).SetArgDisplayNames(name, body);
        }
    }

    // In the vendor's own form.
    private static string Error(string name) => name switch
    {
        "XMS" => """{"code":401,"message":"session expired"}""",
        "SailPoint" => """{"detailCode":"401","messages":[{"text":"session expired"}]}""",
        _ => """{"errors":[{"name":"CredentialsExpiredError","message":"session expired"}]}""",
    };

    [TestCaseSource(nameof(WithoutList))]
    public void A_missing_list_is_an_invalid_response(Func<Uri, ITokenClient> open, string body)
    {
        using var server = VendorRecord.Serve(body);
        using var client = open(server.Address);

        var list = client.ListAsync();
        foreach (var read in new Func<Task>[]
            { () => list.ToListAsync(), async () => await list.CountAsync(), async () => await list.AsPages().FirstAsync() })
        {
            var failure = Assert.ThrowsAsync<TokenInvalidResponseException>(() => read());
            Assert.That(failure!.IsTransient, Is.False);
            Assert.That(failure.Message,
                body.Contains("session", StringComparison.Ordinal) ? Does.Contain("session expired") : Does.Not.Contain("paging"));
        }
    }

    [Test]
    public void The_content_of_a_success_in_place_of_a_list_is_reported_without_secrets()
    {
        using var server = VendorRecord.Serve($$"""{"code":"AUTH_17","message":"no session for {{Secret}}","token":"fresh"}""");
        using var client = Xms(server);

        var failure = Assert.ThrowsAsync<TokenInvalidResponseException>(() => client.ListAsync().ToListAsync());

        Assert.That((failure!.VendorErrorCode, failure.VendorMessage), Is.EqualTo(("AUTH_17", "no session for ***")));
        Assert.That(failure.ToString(), Does.Contain("AUTH_17").And.Not.Contain(Secret).And.Not.Contain("fresh"));
    }

    [TestCase("""{"access_tokens":null}""")]
    [TestCase("""{"access_tokens":null,"paging":null}""")]
    [TestCase("""{"access_tokens":null,"paging":{"total_count":0}}""")]
    [TestCase("""{"paging":{"total_count":0},"access_tokens":[]}""")]
    public async Task An_empty_list_of_a_server_in_Go_can_be_null(string body)
    {
        using var server = VendorRecord.Serve(body);
        using var client = Xms(server);

        Assert.That(await client.ListAsync().ToListAsync(), Is.Empty);
    }

    [Test]
    public async Task If_the_last_page_is_null_the_list_is_complete()
    {
        using var server = VendorRecord.Serve(head => Offset(head) == 0 ? Page(1, 10, string.Empty) : """{"access_tokens":null}""");
        using var client = Xms(server);

        Assert.That(await client.ListAsync().ToListAsync(), Has.Count.EqualTo(10));
    }

    [Test]
    public async Task Elements_that_are_null_are_skipped()
    {
        using var server =
            VendorRecord.Serve(head => Offset(head) == 0 ? """{"access_tokens":[null,{"id":1},null]}""" : """{"access_tokens":[]}""");
        using var client = Xms(server);

        Assert.That((await client.ListAsync().ToListAsync()).Select(token => token.Id), Is.EqualTo(new[] { "1" }));
    }

    [TestCase("\"a token\"")]
    [TestCase("7")]
    [TestCase("null")]
    [TestCase("[{\"id\":3}]")]
    public async Task An_element_that_is_no_record_is_returned_as_unknown_where_the_query_asks_for_it(string element)
    {
        using var server = VendorRecord.Serve(head => Offset(head) == 0
            ? $$"""{"access_tokens":[{{element}},{"id":1},{{element}},{"id":2}]}""" : """{"access_tokens":[]}""");
        using var client = Xms(server);

        var tokens = await client.ListAsync(new TokenQuery { IncludeUnreadable = true }).ToListAsync();

        Assert.That(tokens.Select(token => (token.Id, token.Unreadable.HasFlag(TokenFields.Record | TokenFields.Expiry), token.Connection)),
            Is.EqualTo(new[] { (null, true, "lab"), ("1", false, "lab"), ((string?)null, true, "lab"), ("2", false, "lab") }));
        if (element != "null")
            Assert.That(async () => await client.ListAsync().ToListAsync(), Throws.TypeOf<TokenInvalidResponseException>());
    }

    [Test]
    public void A_list_of_nothing_but_unreadable_records_that_never_ends_is_refused()
    {
        using var server = VendorRecord.Serve(_ => """{"access_tokens":["a","b"]}""");
        using var client = Xms(server);

        Assert.That(async () => await client.ListAsync(new TokenQuery { IncludeUnreadable = true }).ToListAsync(),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("can't be reached"));
    }

    private static IEnumerable<(string Name, Func<Uri, ITokenClient> Open, string? Member)> Lists()
    {
        yield return ("XMS", address => new XmsTokenClient(
            "lab", new() { BaseAddress = new Uri(address, "v1"), AccessToken = new TokenSecret(Secret), MaxRetries = 0 }), "access_tokens");
        yield return ("SailPoint", address => new SailPointTokenClient(
            "idn", new() { BaseAddress = address, ClientId = "id", ClientSecret = new TokenSecret(Secret), MaxRetries = 0 }), null);
        foreach (var kind in Enum.GetValues<FimidaraTokenKind>())
            yield return ($"fimidara {kind}", address => new FimidaraTokenClient(
                "files", new() { BaseAddress = address, Token = new TokenSecret(Secret), TokenKind = kind, MaxRetries = 0 }), "tokens");
    }

    private static XmsTokenClient Xms(RawServer server)
        => new("lab", new() { BaseAddress = new Uri(server.Address, "v1"), AccessToken = new TokenSecret(Secret), MaxRetries = 0 });

    private static RawServer Pages(int count, int most, string paging) => VendorRecord.Serve(head =>
    {
        var (offset, limit) = (Offset(head), int.Parse(Limit().Match(head).Groups[1].Value, CultureInfo.InvariantCulture));
        return Page(offset + 1, (int)Math.Clamp(count - offset, 0, Math.Min(limit, most)), paging);
    });

    private static string Page(long first, int count, string paging)
        => $$"""{"access_tokens":""" +
            $$"""[{{string.Join(',', Enumerable.Range(0, count).Select(index => string.Create(
            CultureInfo.InvariantCulture, $"{{\"id\":{first + index}}}")))}}]{{paging}}}""";

    private static long Offset(string head)
        => OffsetOf().Match(head) is { Success: true } match ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private static IEnumerable<string> Ids(int count) => Enumerable.Range(1, count).Select(id => id.ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex("[?&]offset=([0-9]+)")]
    private static partial Regex OffsetOf();

    [GeneratedRegex("[?&]limit=([0-9]+)")]
    private static partial Regex Limit();
}
