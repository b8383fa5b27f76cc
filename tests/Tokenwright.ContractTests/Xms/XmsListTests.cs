using System.Net;
using Tokenwright.Testing;
using Tokenwright.Xms.Api;

namespace Tokenwright.ContractTests;

/// <summary>What the XMS adapter sends to list tokens, and when it considers a list complete.</summary>
internal sealed class XmsListTests : XmsFixture
{
    // Also X4, X5 and X11: the path has the documented slash, and the credential is in the header, not in a cookie or the query.
    [Test]
    public async Task List_asks_for_all_tokens()
    {
        Respond("GET", "/v1/access-tokens/", """{"access_tokens":[]}""");

        var tokens = await _client.ListAsync().ToListAsync();

        Assert.That(tokens, Is.Empty);
        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
        Sent.Exactly(_vendor.Requests[0], "GET", "/v1/access-tokens/?limit=1000&offset=0&all=true", null, AcceptJson, Credential);
    }

    private static readonly TestCaseData[] Queries =
    [
        new(new TokenQuery { OwnOnly = true }, "limit=1000&offset=0"),
        new(new TokenQuery { OwnerId = "9223372036854775807" }, "limit=1000&offset=0&user_id=9223372036854775807&all=true"),
        new(new TokenQuery { OwnOnly = true, OwnerId = "3" }, "limit=1000&offset=0&user_id=3"),
        new(new TokenQuery { Role = new TokenRole("a b/&ü") }, "limit=1000&offset=0&role=a%20b%2F%26%C3%BC&all=true"),
        new(new TokenQuery { PageSize = 1 }, "limit=1&offset=0&all=true"),
    ];

    [TestCaseSource(nameof(Queries))]
    public async Task List_sends_its_filters(TokenQuery query, string sent)
    {
        Respond("GET", "/v1/access-tokens/", """{"access_tokens":null}""");

        await _client.ListAsync(query).ToListAsync();

        Sent.Exactly(_vendor.Requests.Single(), "GET", "/v1/access-tokens/?" + sent, null, AcceptJson, Credential);
    }

    [Test]
    public void An_unsupported_query_is_refused_before_it_is_sent()
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var owner in new[] { "", "admin", "-1", "1.0", " 1", "9223372036854775808" })
            {
                var refusal = Assert.CatchAsync<TokenInvalidRequestException>(
                    async () => await _client.ListAsync(new TokenQuery { OwnerId = owner }).ToListAsync(), owner)!;
                Assert.That(refusal.Problems.Single().Field, Is.EqualTo("OwnerId"));
                Assert.That((refusal.Vendor, refusal.Connection, refusal.Operation), Is.EqualTo(("Xms", "lab", TokenOperation.List)));
            }

            Assert.That(() => _client.ListAsync(new TokenQuery { Role = default(TokenRole) }),
                Throws.TypeOf<TokenInvalidRequestException>().With.Message.Contains("Role"));
            Assert.That(() => _client.ListAsync(new TokenQuery { UnusedSince = _clock.GetUtcNow() }),
                Throws.TypeOf<TokenOperationNotSupportedException>().With.Message.Contains("UnusedSince"));
            Assert.That(() => _client.ListAsync(new TokenQuery { PageSize = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => _client.ListAsync(new TokenQuery { PageSize = 1001 }), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(_vendor.Requests, Is.Empty);
        }
    }

    // The server's responses to consecutive offsets with a page size of 2, and the expected result.
    private static readonly TestCaseData[] Pages =
    [
        new TestCaseData(Pager("1,2 3,4 5", total: 5), "1,2,3,4,5", "0 2 4").SetArgDisplayNames("X1: the total ends the list"),
        new TestCaseData(Pager("1,2 3,4", total: 4), "1,2,3,4", "0 2 4")
            .SetArgDisplayNames("X1: a full last page, which may not be the last one whatever the total"),
        new TestCaseData(Pager("1,2 3"), "1,2,3", "0 2 3").SetArgDisplayNames("X1: no total, a short page is not the end"),
        new TestCaseData(Pager("1,2 3,4"), "1,2,3,4", "0 2 4").SetArgDisplayNames("X1: no total, an empty page ends the list"),
        new TestCaseData(Pager("1 2 3", total: 3), "1,2,3", "0 1 2 3")
            .SetArgDisplayNames("X2: pages smaller than asked, of which the last is as long as the first"),
        new TestCaseData(Pager("1,2,3"), "1,2,3", "0 3").SetArgDisplayNames("X2: the limit is ignored"),
        new TestCaseData(Pager("1,2,3", total: 3), "1,2,3", "0").SetArgDisplayNames("X2: the limit is ignored, by the total"),
        new TestCaseData(Pager("1,2 3,4 5", total: 1), "1,2,3,4,5", "0 2 4 5")
            .SetArgDisplayNames("X1: a total that is less than what came"),
        new TestCaseData(Pager("1,2 3,4", total: 0), "1,2,3,4", "0 2 4").SetArgDisplayNames("X1: a total of nothing"),
        new TestCaseData(Always("1"), "1", "0 1").SetArgDisplayNames("X1: the offset is ignored, and the page is short"),
        new TestCaseData(Always("1,2,3"), "1,2,3", "0 3").SetArgDisplayNames("X1: offset and limit are ignored"),
        new TestCaseData(Always("", total: 7), "", "0").SetArgDisplayNames("X1: a total without tokens"),
        new TestCaseData(Pager("1,2 2,3 4", total: 5), "1,2,3,4", "0 2 4").SetArgDisplayNames("X1: a token that moved to the next page"),
    ];

    [TestCaseSource(nameof(Pages))]
    public async Task Lists_are_paged(Func<ReceivedRequest, VendorResponse> server, string ids, string offsets)
    {
        _vendor.On("GET", "/v1/access-tokens/", server);

        var tokens = await _client.ListAsync(new TokenQuery { PageSize = 2 }).ToListAsync();

        Assert.That(string.Join(",", tokens.Select(token => token.Id ?? "-")), Is.EqualTo(ids));
        Assert.That(_vendor.Requests.Select(request => request.PathAndQuery),
            Is.EqualTo(offsets.Split(' ').Select(offset => $"/v1/access-tokens/?limit=2&offset={offset}&all=true")));
    }

    // If more tokens are expected, a repeated first page is not the end of the list.
    private static readonly TestCaseData[] Repeating =
    [
        new TestCaseData(Always("1,2")).SetArgDisplayNames("X1: the offset is ignored"),
        new TestCaseData(Always("1,2", total: 1000)).SetArgDisplayNames("X1: the offset is ignored, and the total is more"),
        new TestCaseData(Always("1", total: 1000))
            .SetArgDisplayNames("X1: the offset is ignored, the page is short, and the total is more"),
        new TestCaseData(Always("null,null")).SetArgDisplayNames("X1: the offset is ignored, and there are no ids"),
    ];

    [TestCaseSource(nameof(Repeating))]
    public void A_repeated_page_is_an_error_if_more_tokens_are_expected(Func<ReceivedRequest, VendorResponse> server)
    {
        _vendor.On("GET", "/v1/access-tokens/", server);

        Assert.That(
            async () => await _client.ListAsync(new TokenQuery { PageSize = 2 }).ToListAsync(),
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains("can't be reached"));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Pages_are_read_as_they_are_needed()
    {
        _vendor.On("GET", "/v1/access-tokens/", Pager("1,2 3,4 5", total: 5));

        await foreach (var token in _client.ListAsync(new TokenQuery { PageSize = 2 }))
        {
            if (token.Id == "2")
                break;
        }

        Assert.That(_vendor.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task List_keeps_the_vendors_model_if_asked()
    {
        Respond("GET", "/v1/access-tokens/", """{"access_tokens":[null,{"id":7,"used":false,"soon":1}]}""");

        var bare = (await _client.ListAsync().ToListAsync()).Single();
        var full = (await _client.ListAsync(new TokenQuery { IncludeRaw = true }).ToListAsync()).Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                (bare.Id, bare.NativeStatus, bare.Raw, bare.UnknownFields.Count), Is.EqualTo(("7", "used: false", (object?)null, 0)));
            Assert.That(full.Raw, Is.InstanceOf<AccessToken>());
            Assert.That(full.UnknownFields, Is.EqualTo(new Dictionary<string, string> { ["soon"] = "1" }));
        }
    }

    [TestCase("""{"access_tokens":{"id":1}}""")]
    [TestCase("""{"access_tokens":["one"]}""")]
    [TestCase("""[]""")]
    [TestCase("""{"access_tokens":[{"id":1}""")]
    [TestCase("")]
    public void A_list_of_another_shape_is_an_error_and_not_an_empty_list(string body)
    {
        Respond("GET", "/v1/access-tokens/", body);

        Assert.That(async () => await _client.ListAsync().ToListAsync(),
            Throws.TypeOf<TokenInvalidResponseException>().With.Property("Status").EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public void A_failure_of_a_later_page_is_one_exception()
    {
        _vendor.On("GET", "/v1/access-tokens/", request => request.Query("offset") == "0" ? Page("1,2", null) : VendorResponse.Empty(500));

        Assert.That(async () => await _client.ListAsync(new TokenQuery { PageSize = 2 }).ToListAsync(),
            Throws.TypeOf<TokenServiceUnavailableException>());
    }

    // Serves these pages at the offsets where they begin.
    private static Func<ReceivedRequest, VendorResponse> Pager(string pages, int? total = null)
    {
        var starts = new Dictionary<string, string>();
        var offset = 0;
        foreach (var page in pages.Split(' '))
        {
            starts.Add($"{offset}", page);
            offset += page.Split(',').Length;
        }

        return request => Page(starts.GetValueOrDefault(request.Query("offset")!, ""), total);
    }

    private static Func<ReceivedRequest, VendorResponse> Always(string page, int? total = null) => _ => Page(page, total);

    private static VendorResponse Page(string ids, int? total)
    {
        var tokens = string.Join(",", ids.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(id => $$"""{"id":{{id}}}"""));
        var paging = total is null
            ? "" : $$""","paging":{"count":{{ids.Split(',').Length}},"limit":2,"offset":0,"total_count":{{total}}}""";
        return VendorResponse.Json(200, $$"""{"access_tokens":[{{tokens}}]{{paging}}}""");
    }
}
