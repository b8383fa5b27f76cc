using System.Globalization;

namespace Tokenwright.UnitTests;

internal sealed class AsyncTokenListTests
{
    [Test]
    public async Task Tokens_pages_and_the_whole_list_are_the_same_and_each_enumeration_sends_new_requests()
    {
        var asked = new List<string?>();
        var list = AsyncTokenList.FromPages((continuation, _) =>
        {
            asked.Add(continuation);
            return Task.FromResult(Page(continuation));
        });

        Assert.That(await list.Select(token => token.Id).ToListAsync(), Is.EqualTo(new[] { "0", "1", "2" }));
        Assert.That(await list.AsPages().Select(page => page.Tokens.Single().Id).ToListAsync(), Is.EqualTo(new[] { "0", "1", "2" }));
        Assert.That((await list.ToListAsync()).Select(token => token.Id), Is.EqualTo(new[] { "0", "1", "2" }));
        Assert.That(asked, Is.EqualTo(new[] { null, "1", "2", null, "1", "2", null, "1", "2" }));
    }

    [Test]
    public async Task A_list_continues_at_a_continuation_token()
        => Assert.That(await AsyncTokenList.FromPages((continuation, _) => Task.FromResult(Page(continuation))).AsPages("1")
            .Select(page => page.Tokens.Single().Id).ToListAsync(), Is.EqualTo(new[] { "1", "2" }));

    [Test]
    public async Task A_list_that_is_not_enumerated_further_reads_no_more_pages()
    {
        var pages = 0;
        var list = AsyncTokenList.FromPages(
            (continuation, _) => Task.FromResult(++pages == 1 ? Page(continuation) : throw new IOException()));

        Assert.That((await list.FirstAsync()).Id, Is.EqualTo("0"));
        Assert.That((await list.AsPages().Take(0).ToListAsync()), Is.Empty);
        Assert.That(pages, Is.EqualTo(1));
    }

    [Test]
    public async Task A_list_of_tokens_has_one_page_with_all_of_them()
    {
        var tokens = new[] { Token(1), Token(2) };
        var list = AsyncTokenList.FromTokens(tokens);

        Assert.That(await list.ToListAsync(), Is.EqualTo(tokens));
        Assert.That((await list.AsPages().SingleAsync()).Continuation, Is.Null);
    }

    [Test]
    public async Task The_cancellation_tokens_of_the_call_and_of_the_enumeration_cancel([Values] bool own)
    {
        using var cancellation = new CancellationTokenSource();
        var list = AsyncTokenList.FromPages(
            async (continuation, token) =>
            {
                if (continuation is not null)
                    await new TaskCompletionSource().Task.WaitAsync(token);
                return Page(continuation);
            },
            own ? cancellation.Token : CancellationToken.None);
        var reading = own ? CancellationToken.None : cancellation.Token;
        await using var tokens = list.GetAsyncEnumerator(reading);
        await using var pages = list.AsPages().GetAsyncEnumerator(reading);
        Assert.That((await tokens.MoveNextAsync(), await pages.MoveNextAsync()), Is.EqualTo((true, true)));
        var calls = new Task[] { tokens.MoveNextAsync().AsTask(), pages.MoveNextAsync().AsTask(), list.ToListAsync(reading) };

        await cancellation.CancelAsync();

        foreach (var call in calls)
            Assert.That(() => call, Throws.InstanceOf<OperationCanceledException>());
    }

    private static TokenPage Page(string? continuation)
    {
        var number = int.Parse(continuation ?? "0", CultureInfo.InvariantCulture);
        return new TokenPage
        {
            Tokens = [Token(number)],
            Continuation = number < 2 ? (number + 1).ToString(CultureInfo.InvariantCulture) : null,
        };
    }

    private static ApiToken Token(int number)
        => new() { Vendor = "V", Connection = "c", Id = number.ToString(CultureInfo.InvariantCulture) };
}
