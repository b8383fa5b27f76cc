using Tokenwright.Testing;

namespace Tokenwright.ContractTests;

/// <summary>
/// How the SailPoint adapter reads long lists. No document declares paging for them, so it must not depend on what the server does.
/// </summary>
internal sealed class SailPointPagingTests : SailPointEmulatorFixture
{
    private static readonly int[] Numbers = [0, 1, 249, 251, 300, 500, 600];

    // An exact page from a server without paging is the one case in which nobody knows whether the list was cut.
    [Test]
    public async Task A_list_is_read_completely_and_each_token_once(
        [Values] SailPointPaging paging, [ValueSource(nameof(Numbers))] int number, [Values("v2025", "v1")] string version)
    {
        var added = Fill(number);
        _emulator.Paging = paging;
        using var client = Client(SailPointEmulator.ApiClientId, SailPointEmulator.ApiClientSecret, version);

        var whole = await client.ListAsync().ToListAsync();
        var pages = new List<ApiToken>();
        await foreach (var page in client.ListAsync().AsPages())
            pages.AddRange(page.Tokens);

        Assert.That(whole.Select(token => token.Id), Is.EqualTo(added));
        Assert.That(pages.Select(token => token.Id), Is.EqualTo(added));
    }

    [Test]
    public async Task A_short_list_is_one_request_without_paging()
    {
        Fill(249);
        using var client = Client(SailPointEmulator.ApiClientId, SailPointEmulator.ApiClientSecret);

        await client.ListAsync().ToListAsync();

        Assert.That(Lists(), Is.EqualTo(new[] { "/v2025/personal-access-tokens" }));
    }

    [Test]
    public async Task A_page_of_250_is_followed_by_a_request_for_the_next_one()
    {
        var added = Fill(250);
        _emulator.Paging = SailPointPaging.Honoured;
        using var client = Client(SailPointEmulator.ApiClientId, SailPointEmulator.ApiClientSecret);

        Assert.That((await client.ListAsync().ToListAsync()).Select(token => token.Id), Is.EqualTo(added));

        Assert.That(
            Lists(), Is.EqualTo(new[] { "/v2025/personal-access-tokens", "/v2025/personal-access-tokens?limit=250&offset=250" }));
    }

    [TestCase(SailPointPaging.Ignored, 250, "the rest of the list can't be reached")]
    [TestCase(SailPointPaging.Ignored, 900, "the rest of the list can't be reached")]
    [TestCase(SailPointPaging.Refused, 250, "may be incomplete")]
    [TestCase(SailPointPaging.Refused, 900, "may be incomplete")]
    public void A_list_that_may_have_been_cut_is_reported_after_its_tokens(SailPointPaging paging, int number, string message)
    {
        Fill(number);
        (_emulator.Paging, _emulator.ListsEndAfter) = (paging, 250);
        using var client = Client(SailPointEmulator.ApiClientId, SailPointEmulator.ApiClientSecret);
        var read = 0;

        Assert.That(
            async () =>
            {
                await foreach (var _ in client.ListAsync())
                    read++;
            },
            Throws.TypeOf<TokenInvalidResponseException>().With.Message.Contains(message));

        Assert.That(read, Is.EqualTo(250));
        Assert.That(async () => await client.GetAsync(TokenReference.ById("beyond")), Throws.TypeOf<TokenInvalidResponseException>());
    }

    [Test]
    public async Task A_server_that_returns_the_whole_list_again_in_another_order_ends_it()
    {
        Fill(300);
        _emulator.On("GET", "/v2025/personal-access-tokens", request => VendorResponse.Json(200,
            $"[{string.Join(',', Ordered(request).Select(token => $$"""{"id":"{{token.Id}}"}"""))}]"));
        using var client = Client(SailPointEmulator.ApiClientId, SailPointEmulator.ApiClientSecret);

        var tokens = await client.ListAsync().ToListAsync();

        Assert.That(tokens.Select(token => token.Id), Is.EqualTo(_emulator.Tokens.Select(token => token.Id)));

        IEnumerable<EmulatedToken> Ordered(ReceivedRequest request)
            => request.Query("offset") is null ? _emulator.Tokens : _emulator.Tokens.Reverse();
    }

    [Test]
    public async Task Both_lists_of_unused_tokens_are_read_completely([Values] SailPointPaging paging)
    {
        var added = Fill(600, number => number < 300 ? Start.AddYears(-2) : null);
        _emulator.Paging = paging;
        using var client = Client(SailPointEmulator.ApiClientId, SailPointEmulator.ApiClientSecret);

        var tokens = await client.ListAsync(new TokenQuery { UnusedSince = Start.AddYears(-1) }).ToListAsync();

        Assert.That(tokens.Select(token => token.Id), Is.EqualTo(added));
    }

    [Test]
    public async Task A_token_beyond_the_first_page_is_found()
    {
        var added = Fill(600);
        _emulator.Paging = SailPointPaging.Honoured;
        using var client = Client(SailPointEmulator.ApiClientId, SailPointEmulator.ApiClientSecret);

        Assert.That((await client.GetAsync(TokenReference.ById(added[599]!))).Id, Is.EqualTo(added[599]));
    }

    // A token that is added while the list is read moves the others to the next page.
    [Test]
    public async Task A_token_that_moves_to_the_next_page_is_returned_once()
    {
        var added = Fill(400);
        _emulator.Paging = SailPointPaging.Honoured;
        using var client = Client(SailPointEmulator.ApiClientId, SailPointEmulator.ApiClientSecret);
        var ids = new List<string?>();

        await foreach (var token in client.ListAsync())
        {
            if (ids.Count == 0)
                MoveFirst(_emulator.Add(new EmulatedToken { Name = "newer" }));
            ids.Add(token.Id);
        }

        Assert.That(ids, Is.EqualTo(added));
    }

    private void MoveFirst(EmulatedToken token)
    {
        var others = _emulator.Tokens.Where(other => other != token).ToList();
        foreach (var other in others)
            _emulator.Remove(other);
        foreach (var other in others)
            _emulator.Add(other);
    }

    private string?[] Fill(int number, Func<int, DateTimeOffset?>? lastUsed = null)
    {
        _emulator.Clear();
        return [.. Enumerable.Range(0, number).Select(
            i => _emulator.Add(new EmulatedToken { Name = $"n{i}", LastUsedAt = lastUsed?.Invoke(i) }).Id)];
    }

    private IEnumerable<string> Lists()
        => _emulator.Requests.Where(request => request.Method == "GET").Select(request => request.PathAndQuery);
}
