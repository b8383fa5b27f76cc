using Refit;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>Refit with generated requests and a generated JSON context, which is its fastest configuration.</summary>
internal sealed class RefitCandidate(HttpMessageHandler? transport, Uri address) : PagingCandidate<JsonToken>
{
    private readonly IXmsRefitApi _api =
        RestService.ForGenerated<IXmsRefitApi>(CreateHttpClient(transport, address), RefitSettings.ForJsonContext(JsonModels.Default));

    public override async Task<long> GetAsync() => ChecksumOf((await _api.GetAsync(Request.Id)).Token!);

    public override async Task<long> CreateAsync()
    {
        var issued = (await _api.CreateAsync(JsonCreateEnvelope.Of(Request.Name, Request.Description, Request.Roles))).Token!;
        return ChecksumOf(issued, issued.Uuid);
    }

    protected override async Task<Page> ReadPageAsync(int offset)
    {
        var page = await _api.ListAsync(Request.PageSize, offset, all: "true");
        return new Page(page.Tokens, page.Paging!.TotalCount);
    }

    protected override void Add(ref Checksum checksum, JsonToken token) => token.AddTo(ref checksum);
}
