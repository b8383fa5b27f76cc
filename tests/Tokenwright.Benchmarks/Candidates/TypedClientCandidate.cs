using Tokenwright.Benchmarks.Workload;
using Tokenwright.Xms.Api;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>The SDK's generated client without the facade.</summary>
internal sealed class TypedClientCandidate(HttpMessageHandler? transport, Uri address, bool keepsUnknownMembers)
    : PagingCandidate<AccessToken>
{
    private readonly XmsApiClient _client = new(CreateHttpClient(transport, address)) { KeepsUnknownMembers = keepsUnknownMembers };

    public override async Task<long> GetAsync() => ChecksumOf((await _client.GetAccessTokenAsync(Request.Id)).AccessToken!);

    public override async Task<long> CreateAsync()
    {
        var response = await _client.CreateAccessTokenAsync(
            new() { AccessToken = new() { Name = Request.Name, Description = Request.Description, Roles = [.. Request.Roles] } });
        var issued = response.AccessToken!;
        var checksum = new Checksum();
        checksum.Add(
            issued.Id, issued.Name, issued.Description, issued.Roles, issued.User?.Id, issued.User?.Name, issued.Used, issued.Create,
            issued.Update);
        checksum.Add(issued.Uuid);
        return checksum.Value;
    }

    protected override async Task<Page> ReadPageAsync(int offset)
    {
        var page = await _client.ListAccessTokensAsync(Request.PageSize, offset, all: true);
        return new Page(page.AccessTokens!, page.Paging!.TotalCount!.Value);
    }

    protected override void Add(ref Checksum checksum, AccessToken token)
        => checksum.Add(
            token.Id, token.Name, token.Description, token.Roles, token.User?.Id, token.User?.Name, token.Used, token.Create, token.Update);
}
