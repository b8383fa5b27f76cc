using System.Globalization;
using System.Text.Json;
using CsCheck;
using Tokenwright.Fimidara;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests.Properties;

/// <summary>
/// Lists of the vendors that page, of any length and page size, from servers that follow their documentation and from others: each token
/// occurs once and in order, and no request is unnecessary.
/// </summary>
/// <remarks>A short page is not the end of a list. If nothing else shows the end, one more request finds an empty page.</remarks>
internal sealed class PagingProperties
{
    private const int Most = 30;
    private static readonly Gen<int> Count = Gen.Int[0, Most];
    private static readonly Gen<int> Size = Gen.Int[1, 12];

    private VendorServer _vendor = null!;
    private Func<ReceivedRequest, string> _response = null!;
    private int _requests;
    private XmsTokenClient _xms = null!;
    private FimidaraTokenClient _fimidara = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _vendor = new VendorServer();
        foreach (var method in new[] { "GET", "POST" })
        {
            _vendor.On(method, "/*", request =>
            {
                _requests++;
                return VendorResponse.Json(200, _response(request));
            });
        }

        _xms = new XmsTokenClient(
            "lab", new XmsOptions { BaseAddress = new Uri(_vendor.BaseAddress, "v1"), AccessToken = new TokenSecret("s") });
        _fimidara = new FimidaraTokenClient(
            "files", new FimidaraOptions { BaseAddress = _vendor.BaseAddress, Token = new TokenSecret("s") });
    }

    [OneTimeTearDown]
    public void Stop()
    {
        _xms.Dispose();
        _fimidara.Dispose();
        _vendor.Dispose();
    }

    // The server may return smaller pages than requested. Its total shows how far to read.
    [Test]
    public Task Xms_with_a_total_returns_each_token_once_without_unnecessary_requests()
        => Gen.Select(Count, Size, Size).SampleAsync(
            sample =>
            {
                var (count, asked, given) = sample;
                var size = Math.Min(asked, given);

                // A full last page doesn't show the end. For the first page, only the requested size shows whether it is full.
                var isLastFull = count > 0 && count % size == 0 && (size == asked || count > size);
                return XmsGives(count, asked, size, Total(count), requests: Math.Max(1, Pages(count, size)) + (isLastFull ? 1 : 0));
            },
            iter: 60,
            threads: 1);

    [Test]
    public Task Xms_without_a_total_reads_until_an_empty_page()
        => Gen.Select(Count, Size, Size, Gen.OneOf("", ",\"paging\":null", ",\"paging\":{}", Total("null"), Total("\"many\""), Total("[]")))
            .SampleAsync(
            sample =>
            {
                var (count, asked, given, paging) = sample;
                return XmsGives(count, asked, Math.Min(asked, given), paging, requests: Pages(count, Math.Min(asked, given)) + 1);
            },
            iter: 60,
            threads: 1);

    [Test]
    public Task Xms_with_a_total_that_is_too_large_sends_one_more_request()
        => Gen.Select(Gen.Int[1, Most], Size, Size, Gen.OneOf(Gen.Long[1, 5], Gen.Long[1, long.MaxValue - Most])).SampleAsync(
            sample =>
            {
                var (count, asked, given, excess) = sample;
                return XmsGives(
                    count, asked, Math.Min(asked, given), Total(count + excess), requests: Pages(count, Math.Min(asked, given)) + 1);
            },
            iter: 60,
            threads: 1);

    // A total that is less than the number of tokens so far is ignored. A total that is reached by a possibly full page doesn't end the
    // list either.
    [Test]
    public Task Xms_with_a_total_that_is_too_small_loses_no_token()
        => Gen.Select(Count, Size, Size, Gen.OneOf(Gen.Long[0, Most], Gen.Long[long.MinValue, -1]))
            .Where((count, asked, given, total) => total < count && (total != Math.Min(asked, given) || asked <= given)).SampleAsync(
            sample =>
            {
                var (count, asked, given, total) = sample;
                return XmsGives(count, asked, Math.Min(asked, given), Total(total), requests: Pages(count, Math.Min(asked, given)) + 1);
            },
            iter: 60,
            threads: 1);

    // The server returns all tokens at once, or the same page every time: two requests show that. If that page was full, or the total is
    // larger, the list is incomplete and the caller gets an error.
    [Test]
    public Task Xms_stops_if_the_server_ignores_the_offset_or_the_limit()
        => Gen.Select(Gen.Int[1, Most], Size, Gen.Bool, Gen.OneOf(0, 7, 1_000_000)).SampleAsync(
            async sample =>
            {
                var (count, asked, heedsLimit, total) = sample;
                var page = Math.Min(count, heedsLimit ? asked : Most);
                _response = _ => XmsPage(0, page, total == 0 ? string.Empty : Total(total));
                try
                {
                    return await IsAsync(_xms, asked, page, requests: null) && _requests <= 2 && page != asked && total <= page;
                }
                catch (TokenInvalidResponseException)
                {
                    return _requests == 2 && (page == asked || total > page);
                }
            },
            iter: 60,
            threads: 1);

    [Test]
    public Task Fimidara_returns_each_token_once_without_unnecessary_requests()
        => Gen.Select(Count, Size).SampleAsync(
            sample =>
            {
                var (count, asked) = sample;
                _response = request =>
                {
                    var body = JsonDocument.Parse(request.Body).RootElement;
                    var size = body.GetProperty("pageSize").GetInt32();
                    var start = body.GetProperty("page").GetInt32() * size;
                    return FimidaraPage(Enumerable.Range(start, Math.Clamp(count - start, 0, size)));
                };
                return IsAsync(_fimidara, asked, count, Pages(count, asked) + 1);
            },
            iter: 60,
            threads: 1);

    // A new token moves others to the next page.
    [Test]
    public Task Fimidara_returns_a_token_that_moves_to_the_next_page_once()
        => Gen.Select(Gen.Int[1, Most], Gen.Int[2, 12], Gen.Int[1, 11]).Where((count, asked, moved) => moved < asked).SampleAsync(
            sample =>
            {
                var (count, asked, moved) = sample;
                _response = request =>
                {
                    var page = JsonDocument.Parse(request.Body).RootElement.GetProperty("page").GetInt32();
                    var start = page * (asked - moved);
                    return FimidaraPage(Enumerable.Range(start, Math.Clamp(count - start, 0, asked)));
                };
                return IsAsync(_fimidara, asked, count, requests: null);
            },
            iter: 60,
            threads: 1);

    // With ids or without, one page or several in turn: the caller gets an error, because the list is incomplete.
    [Test]
    public Task Fimidara_repeated_pages_are_an_error()
        => Gen.Select(Size, Gen.Int[1, 4], Gen.Bool).SampleAsync(
            async sample =>
            {
                var (asked, pages, hasIds) = sample;
                _response = _ =>
                    FimidaraPage(Enumerable.Range((_requests - 1) % pages * asked, asked).Select(id => hasIds ? id : (int?)null));
                _requests = 0;
                var ids = new List<string?>();
                try
                {
                    await foreach (var token in _fimidara.ListAsync(new TokenQuery { PageSize = asked }))
                        ids.Add(token.Id);
                    return false;
                }
                catch (TokenInvalidResponseException)
                {
                    return _requests == (hasIds ? pages + 1 : 2) && (!hasIds || ids.SequenceEqual(Ids(pages * asked)));
                }
            },
            iter: 40,
            threads: 1);

    private Task<bool> XmsGives(int count, int asked, int given, string paging, int requests)
    {
        _response = request =>
        {
            var start = int.Parse(request.Query("offset")!, CultureInfo.InvariantCulture);
            return XmsPage(start, Math.Clamp(count - start, 0, given), paging);
        };
        return IsAsync(_xms, asked, count, requests);
    }

    private async Task<bool> IsAsync(ITokenClient client, int asked, int count, int? requests)
    {
        _requests = 0;
        var ids = await client.ListAsync(new TokenQuery { PageSize = asked }).Select(token => token.Id).ToListAsync();
        return ids.SequenceEqual(Ids(count)) && (requests is null || _requests == requests);
    }

    private static IEnumerable<string> Ids(int count) => Enumerable.Range(0, count).Select(id => id.ToString(CultureInfo.InvariantCulture));

    private static int Pages(int count, int size) => (count + size - 1) / size;

    private static string Total(long total) => Total(total.ToString(CultureInfo.InvariantCulture));

    private static string Total(string json) => $$""","paging":{"total_count":{{json}}}""";

    private static string XmsPage(int start, int count, string paging)
        => $$"""{"access_tokens":[{{string.Join(',', Enumerable.Range(start, count).Select(id => $$"""{"id":{{id}}}"""))}}]{{paging}}}""";

    private static string FimidaraPage(IEnumerable<int> ids) => FimidaraPage(ids.Cast<int?>());

    private static string FimidaraPage(IEnumerable<int?> ids)
        => $$"""{"tokens":[{{string.Join(',', ids.Select(id => id is null ? "{}" : $$"""{"resourceId":"{{id}}"}"""))}}]}""";
}
