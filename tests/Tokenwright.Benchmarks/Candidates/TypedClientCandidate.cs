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
        Add(ref checksum, issued.Id, issued.Name, issued.Description, issued.Roles, issued.User, issued.Used, issued.Create, issued.Update);
        checksum.Add(issued.Uuid);
        return checksum.Value;
    }

    protected override async Task<Page> ReadPageAsync(int offset)
    {
        var page = await _client.ListAccessTokensAsync(Request.PageSize, offset, all: true);
        return new Page(page.AccessTokens!, page.Paging!.TotalCount!.Value);
    }

    protected override void Add(ref Checksum checksum, AccessToken token)
        => Add(ref checksum, token.Id, token.Name, token.Description, token.Roles, token.User, token.Used, token.Create, token.Update);

    private static void Add(
        ref Checksum checksum, long? id, string? name, string? description, ICollection<string>? roles, UserNestview? user, bool? used,
        DateTimeOffset? created, DateTimeOffset? updated)
    {
        checksum.Add(id ?? 0);
        checksum.Add(name);
        checksum.Add(description);
        checksum.Add(roles);
        checksum.Add(user?.Id ?? 0);
        checksum.Add(user?.Name);
        checksum.Add(used == true ? 1 : 0);
        checksum.Add(created);
        checksum.Add(updated);
    }
}
