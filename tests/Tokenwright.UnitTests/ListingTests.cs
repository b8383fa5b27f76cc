using System.Globalization;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>Complete lists, and pages that are requested in parallel.</summary>
internal sealed class ListingTests
{
    private VendorServer _vendor = null!;
    private XmsTokenClient _client = null!;
    private SemaphoreSlim _held = null!;
    private int _waiting;

    [SetUp]
    public void Start()
    {
        _held = new SemaphoreSlim(0);
        _waiting = 0;
        _vendor = new VendorServer();
        _client = new XmsTokenClient(
            "lab", new() { BaseAddress = new Uri(_vendor.BaseAddress, "v1"), AccessToken = new TokenSecret("own"), MaxRetries = 0 });
    }

    [TearDown]
    public void Stop()
    {
        _client.Dispose();
        _vendor.Dispose();
        _held.Dispose();
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(16)]
    public async Task A_complete_list_is_in_the_vendors_order(int pagesInFlight)
    {
        Serve(tokens: 95, total: 95);
        var query = new TokenQuery { PageSize = 10, PagesInFlight = pagesInFlight };

        var all = await _client.ListAsync(query).ToListAsync();
        var streamed = await _client.ListAsync(query).Select(token => token.Id).ToListAsync();

        Assert.That(all.Select(token => token.Id), Is.EqualTo(Ids(1, 95)));
        Assert.That(streamed, Is.EqualTo(Ids(1, 95)));
        Assert.That(_vendor.Requests, Has.Count.EqualTo(20), "each page is asked for once");
    }

    [Test]
    public async Task The_query_sets_how_many_pages_are_requested_in_parallel()
    {
        Serve(tokens: 60, total: 60, holdFrom: 10);
        var list = _client.ListAsync(new TokenQuery { PageSize = 10, PagesInFlight = 3 }).ToListAsync();

        while (Volatile.Read(ref _waiting) < 3)
            await Task.Yield();
        Assert.That(_vendor.Requests, Has.Count.EqualTo(4), "the first page, which tells the total, and three more");
        _held.Release(6);

        Assert.That((await list).Select(token => token.Id), Is.EqualTo(Ids(1, 60)));
    }

    [Test]
    public async Task Without_a_total_pages_are_requested_one_after_another()
    {
        Serve(tokens: 25, total: null);

        var all = await _client.ListAsync(new TokenQuery { PageSize = 10, PagesInFlight = 4 }).ToListAsync();

        Assert.That(all, Has.Count.EqualTo(25));
        Assert.That(Offsets(), Is.EqualTo(new[] { "0", "10", "20", "25" }), "the last of them finds the end");
    }

    [Test]
    public async Task After_a_smaller_page_the_list_continues_at_its_last_token()
    {
        var tokens = Enumerable.Range(1, 40).ToList();
        _vendor.On("GET", "/v1/access-tokens/", request =>
        {
            var offset = Offset(request);
            return Page(tokens.Skip(offset).Take(offset == 10 ? 5 : 10), 40);
        });

        var all = await _client.ListAsync(new TokenQuery { PageSize = 10, PagesInFlight = 3 }).ToListAsync();

        Assert.That(all.Select(token => token.Id), Is.EqualTo(Ids(1, 40)), "nothing is lost and nothing comes twice");
    }

    [Test]
    public void A_list_throws_the_exception_of_a_failed_page()
    {
        _vendor.On("GET", "/v1/access-tokens/", request => Offset(request) == 20 ? VendorResponse.Json(
            403, """{"error":"no"}""") : Page(Enumerable.Range(Offset(request) + 1, 10), 50));

        Assert.That(async () => await _client.ListAsync(new TokenQuery { PageSize = 10, PagesInFlight = 4 }).ToListAsync(),
            Throws.TypeOf<TokenPermissionException>());
    }

    [Test]
    public async Task A_list_that_is_not_enumerated_further_cancels_the_requested_pages([Values] bool isReadByPage)
    {
        Serve(tokens: 100, total: 100, holdFrom: 20);
        var list = _client.ListAsync(new TokenQuery { PageSize = 10, PagesInFlight = 4 });

        if (isReadByPage)
            Assert.That(await list.AsPages().Take(2).CountAsync(), Is.EqualTo(2));
        else
            Assert.That(await list.Take(11).CountAsync(), Is.EqualTo(11));

        Assert.That(_vendor.Requests.Count, Is.LessThanOrEqualTo(6));
        _held.Release(100);
    }

    [Test]
    public async Task A_wrong_total_only_costs_time([Values(5, 1000, 0)] int total)
    {
        Serve(tokens: 35, total: total);

        var all = await _client.ListAsync(new TokenQuery { PageSize = 10, PagesInFlight = 4 }).ToListAsync();

        Assert.That(all.Select(token => token.Id), Is.EqualTo(Ids(1, 35)));
    }

    [TestCase(0)]
    [TestCase(17)]
    public void The_number_of_parallel_pages_is_limited(int pages)
        => Assert.That(() => _client.ListAsync(new TokenQuery { PagesInFlight = pages }).ToListAsync(),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("from 1 to 16"));

    [Test]
    public async Task Later_tokens_of_a_list_do_not_change_earlier_ones()
    {
        _vendor.On("GET", "/v1/access-tokens/", VendorResponse.Json(200, """
            {"access_tokens":[
              {"id":1,"name":"a","roles":["admin","viewer"],"user":{"id":1,"name":"ann"}},
              {"id":2,"name":"b","roles":["viewer"],"user":{"id":2,"name":"bob"}},
              {"id":3,"name":"c"}]}
            """));

        var all = await _client.ListAsync().ToListAsync();

        Assert.That(all.Select(token => (token.Name, string.Join('+', token.Roles.Select(role => role.Value)), token.Owner?.Name)),
            Is.EqualTo(new[] { ("a", "admin+viewer", "ann"), ("b", "viewer", "bob"), ("c", "", null) }));
    }

    private static IEnumerable<string> Ids(int first, int count)
        => Enumerable.Range(first, count).Select(id => id.ToString(CultureInfo.InvariantCulture));

    private static int Offset(ReceivedRequest request) => int.Parse(OffsetOf(request), CultureInfo.InvariantCulture);

    private static string OffsetOf(ReceivedRequest request)
        => request.PathAndQuery.Split('?', '&')
            .SingleOrDefault(part => part.StartsWith("offset=", StringComparison.Ordinal))?["offset=".Length..] ?? "0";

    private static VendorResponse Page(IEnumerable<int> ids, int? total)
    {
        var paging = total is null ? string.Empty : $$""","paging":{"total_count":{{total}}}""";
        return VendorResponse.Json(
            200, $$"""{"access_tokens":[{{string.Join(',', ids.Select(id => $$"""{"id":{{id}}}"""))}}]{{paging}}}""");
    }

    private IEnumerable<string> Offsets() => _vendor.Requests.Select(OffsetOf);

    private void Serve(int tokens, int? total, int holdFrom = int.MaxValue)
        => _vendor.On("GET", "/v1/access-tokens/", request =>
        {
            var offset = Offset(request);
            if (offset >= holdFrom)
            {
                Interlocked.Increment(ref _waiting);
                _held.Wait(TimeSpan.FromSeconds(30));
            }

            return Page(Enumerable.Range(1, tokens).Skip(offset).Take(10), total);
        });
}
