using System.Globalization;
using System.Net.Http.Json;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>The framework's HTTP client with System.Text.Json's generated serialisers.</summary>
internal sealed class SourceGenerationCandidate(HttpMessageHandler? transport, Uri address) : PagingCandidate<JsonToken>
{
    private readonly HttpClient _http = CreateHttpClient(transport, address);

    public override async Task<long> GetAsync()
    {
        var response = await _http.GetFromJsonAsync(
            string.Create(CultureInfo.InvariantCulture, $"access-tokens/{Request.Id}"), JsonModels.Default.JsonTokenEnvelope);
        return ChecksumOf(response!.Token!);
    }

    public override async Task<long> CreateAsync()
    {
        var body = JsonCreateEnvelope.Of(Request.Name, Request.Description, Request.Roles);
        using var response = await _http.PostAsJsonAsync("access-tokens/", body, JsonModels.Default.JsonCreateEnvelope);
        response.EnsureSuccessStatusCode();
        var issued = (await response.Content.ReadFromJsonAsync(JsonModels.Default.JsonTokenEnvelope))!.Token!;
        return ChecksumOf(issued, issued.Uuid);
    }

    protected override async Task<Page> ReadPageAsync(int offset)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"access-tokens/?limit={Request.PageSize}&offset={offset}&all=true");
        var page = await _http.GetFromJsonAsync(url, JsonModels.Default.JsonTokenPage);
        return new Page(page!.Tokens, page.Paging!.TotalCount);
    }

    protected override void Add(ref Checksum checksum, JsonToken token) => token.AddTo(ref checksum);
}
