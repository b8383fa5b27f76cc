using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>The framework's HTTP client and a reader written by hand.</summary>
internal sealed class BareCandidate(HttpMessageHandler? transport, Uri address) : Candidate<BareToken>
{
    private readonly BareXmsClient _client = new(CreateHttpClient(transport, address));

    public override async Task<long> GetAsync() => ChecksumOf(await _client.GetAsync(Request.Id));

    public override async Task<long> CreateAsync()
    {
        var issued = await _client.CreateAsync(Request.Name, Request.Description, Request.Roles);
        return ChecksumOf(issued, issued.Secret);
    }

    protected override async Task<IReadOnlyList<BareToken>> ReadListAsync() => await _client.ListAsync();

    protected override IAsyncEnumerable<BareToken> ReadStreamAsync() => _client.StreamAsync();

    protected override void Add(ref Checksum checksum, BareToken token)
    {
        checksum.Add(token.Id);
        checksum.Add(token.Name);
        checksum.Add(token.Description);
        checksum.Add(token.Roles);
        checksum.Add(token.OwnerId ?? 0);
        checksum.Add(token.OwnerName);
        checksum.Add(token.Used ? 1 : 0);
        checksum.Add(token.Created);
        checksum.Add(token.Updated);
    }
}
