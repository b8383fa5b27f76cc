using Tokenwright.Benchmarks.StockNSwag;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>The client that NSwag generates from the same spec with its own templates and Newtonsoft.Json.</summary>
internal sealed class StockNSwagCandidate(HttpClient http, IDisposable? services = null) : PagingCandidate<AccessToken>
{
    private readonly StockXmsClient _client = new(http) { BaseUrl = http.BaseAddress!.ToString() };

    public StockNSwagCandidate(ResilientHttp http)
        : this(http.Client, http)
    {
    }

    public override async Task<long> GetAsync() => ChecksumOf((await _client.GetAccessTokenAsync(Request.Id)).Access_token);

    public override async Task<long> CreateAsync()
    {
        var response = await _client.CreateAccessTokenAsync(
            new() { Access_token = new() { Name = Request.Name, Description = Request.Description, Roles = [.. Request.Roles] } });
        var issued = response.Access_token;
        var checksum = new Checksum();
        checksum.Add(
            issued.Id, issued.Name, issued.Description, issued.Roles, issued.User?.Id, issued.User?.Name, issued.Used, issued.Create,
            issued.Update);
        checksum.Add(issued.Uuid);
        return checksum.Value;
    }

    public override void Dispose()
    {
        services?.Dispose();
        base.Dispose();
    }

    protected override async Task<Page> ReadPageAsync(int offset)
    {
        var page = await _client.ListAccessTokensAsync(Request.PageSize, offset, null, null, true);
        return new Page(page.Access_tokens, page.Paging.Total_count);
    }

    protected override void Add(ref Checksum checksum, AccessToken token)
        => checksum.Add(
            token.Id, token.Name, token.Description, token.Roles, token.User?.Id, token.User?.Name, token.Used, token.Create, token.Update);
}
