namespace Tokenwright.ConformanceTests;

/// <summary>Lists, as a whole and page by page.</summary>
internal sealed class PagingTests(ConformanceSubject subject) : ConformanceFixture(subject)
{
    private const int PageSize = 100;

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(PageSize)]
    [TestCase(PageSize + 1)]
    [TestCase(2500)]
    public async Task Each_token_comes_once_and_in_order(int count)
    {
        if (!ListsOrRefuses())
            return;
        var ids = Enumerable.Range(0, count).Select(_ => Issue().Id).ToList();
        var query = Paged ? new TokenQuery { PageSize = PageSize } : new TokenQuery();

        Assert.That(await Client.ListAsync(query).Select(token => token.Id).ToListAsync(), Is.EqualTo(ids));
        Assert.That(await Client.ListAsync().Select(token => token.Id).ToListAsync(), Is.EqualTo(ids), "In pages of the vendor's own size.");

        var read = new List<string?>();
        TokenPage? page = null;
        do
        {
            page = await Client.GetService<ITokenPaging>()!.ReadPageAsync(query, page?.Continuation);
            Assert.That(page.Tokens, Has.Count.LessThanOrEqualTo(Paged ? PageSize : count));
            read.AddRange(page.Tokens.Select(token => token.Id));
        }
        while (page.Continuation is not null);
        Assert.That(read, Is.EqualTo(ids), "By hand.");
    }

    [Test]
    public async Task A_list_can_be_left_in_the_middle_and_read_anew()
    {
        if (!ListsOrRefuses())
            return;
        for (var i = 0; i < 3; i++)
            Issue();

        await foreach (var first in Client.ListAsync())
        {
            Assert.That(first.Id, Is.EqualTo(Stage.Tokens[0].Id));
            break;
        }

        Assert.That(await Client.ListAsync().CountAsync(), Is.EqualTo(3));
    }

    [TestCase("nonsense")]
    [TestCase("")]
    public void A_foreign_continuation_is_refused(string continuation)
    {
        if (!ListsOrRefuses())
            return;

        Assert.That(async () => await Client.ReadPageAsync(null, continuation), Throws.TypeOf<TokenInvalidRequestException>());
        Assert.That(Stage.Requests, Is.Zero);
    }

    private bool Paged => Card.Filters.HasFlag(TokenQueryFilters.PageSize);
}
