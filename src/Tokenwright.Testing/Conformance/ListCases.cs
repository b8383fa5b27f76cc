namespace Tokenwright.Testing.Conformance;

/// <summary>Checks lists, as a whole and page by page.</summary>
internal sealed class ListCases(ConformanceSubject subject) : ConformanceRun(subject)
{
    private const int PageSize = 100;

    [Case(0)]
    [Case(1)]
    [Case(PageSize)]
    [Case(PageSize + 1)]
    [Case(2500)]
    public async Task Each_token_comes_once_and_in_order(int count)
    {
        if (!await ListsOrRefuses())
            return;
        var issued = Enumerable.Range(0, count).Select(_ => Issue().Id).ToList();
        var ids = Stage.Tokens.Select(token => token.Id).ToList();
        Expect.SameItems(ids, issued);
        var query = Paged ? new TokenQuery { PageSize = PageSize } : new TokenQuery();

        Expect.Equal((await Client.ListAsync(query).ReadAllAsync()).Select(token => token.Id), ids);
        Expect.Equal((await Client.ListAsync().ReadAllAsync()).Select(token => token.Id), ids, "In pages of the vendor's own size.");
        Expect.Equal((await Client.ListAsync(query).ToListAsync()).Select(token => token.Id), ids, "As a whole.");
        var parallel = Client.ListAsync(new TokenQuery { PageSize = query.PageSize, PagesInFlight = 4 });
        Expect.Equal((await parallel.ToListAsync()).Select(token => token.Id), ids,
            "With several pages at a time, if the vendor reports the total.");
        foreach (var list in new[] { Client.ListAsync(query), parallel })
        {
            var paged = new List<string?>();
            await foreach (var each in list.AsPages())
                paged.AddRange(Checked(each).Tokens.Select(token => token.Id));
            Expect.Equal(paged, ids, "Page by page.");
        }

        var read = new List<string?>();
        TokenPage? page = null;
        do
        {
            page = Checked(await Client.ListAsync(query).ReadPageAsync(page?.Continuation));
            read.AddRange(page.Tokens.Select(token => token.Id));
        }
        while (page.Continuation is not null);
        Expect.Equal(read, ids, "By hand.");

        TokenPage Checked(TokenPage page)
        {
            Expect.True(page.Tokens.Count <= (Paged ? PageSize : count));
            Expect.Equal(page.TotalCount ?? count, (long)count, "A reported total is correct.");
            return page;
        }
    }

    [Case(1)]
    [Case(40)]
    [Case(80)]
    public async Task A_page_that_is_shorter_than_asked_for_is_not_the_end(int most)
    {
        if (!await ListsOrRefuses() || !Stage.LimitPages(most))
            return;
        var ids = Enumerable.Range(0, 80).Select(_ => Issue().Id).ToList();

        Expect.Equal((await Client.ListAsync().ReadAllAsync()).Select(token => token.Id), ids);
        Expect.Equal((await Client.ListAsync(new TokenQuery { PagesInFlight = 4 }).ToListAsync()).Select(token => token.Id), ids);
    }

    [Case("{}")]
    [Case("null")]
    [Case("""{"code":401,"message":"session expired"}""")]
    [Case("""{"paging":{"total_count":3}}""")]
    public async Task A_response_without_a_list_is_an_error_and_no_empty_list(string json)
    {
        if (!await ListsOrRefuses())
            return;
        Issue();
        await Client.ListAsync().ToListAsync();
        if (!Stage.RespondNext(json))
            return;

        await Expect.Throws<TokenInvalidResponseException>(() => Client.ListAsync().ToListAsync());
    }

    [Case]
    public async Task A_list_can_be_left_in_the_middle_and_read_anew()
    {
        if (!await ListsOrRefuses())
            return;
        for (var i = 0; i < 3; i++)
            Issue();

        await foreach (var first in Client.ListAsync())
        {
            Expect.Equal(first.Id, Stage.Tokens[0].Id);
            break;
        }

        Expect.Equal((await Client.ListAsync().ReadAllAsync()).Count, 3);
    }

    [Case("nonsense")]
    [Case("")]
    public async Task A_foreign_continuation_is_refused(string continuation)
    {
        if (!await ListsOrRefuses())
            return;

        await Expect.Throws<TokenInvalidRequestException>(async () => await Client.ListAsync().ReadPageAsync(continuation));
        Expect.Equal(Stage.Requests, 0);
    }

    private bool Paged => Capabilities.Filters.HasFlag(TokenQueryFilters.PageSize);
}
