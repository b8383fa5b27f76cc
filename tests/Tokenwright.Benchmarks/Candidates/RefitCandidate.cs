using Refit;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>Refit with generated requests and a generated JSON context, which is its fastest configuration.</summary>
internal sealed class RefitCandidate(HttpClient http, IDisposable? services = null) : PagingCandidate<JsonToken>
{
    private readonly IXmsRefitApi _api =
        RestService.ForGenerated<IXmsRefitApi>(http, RefitSettings.ForJsonContext(JsonModels.Default));

    public RefitCandidate(ResilientHttp http)
        : this(http.Client, http)
    {
    }

    public override async Task<long> GetAsync() => ChecksumOf((await _api.GetAsync(Request.Id)).Token!);

    public override async Task<long> CreateAsync()
    {
        var issued = (await _api.CreateAsync(JsonCreateEnvelope.Of(Request.Name, Request.Description, Request.Roles))).Token!;
        return ChecksumOf(issued, issued.Uuid);
    }

    public override void Dispose()
    {
        services?.Dispose();
        base.Dispose();
    }

    protected override async Task<Page> ReadPageAsync(int offset)
    {
        var page = await _api.ListAsync(Request.PageSize, offset, all: "true");
        return new Page(page.Tokens, page.Paging!.TotalCount);
    }

    protected override void Add(ref Checksum checksum, JsonToken token) => token.AddTo(ref checksum);
}
