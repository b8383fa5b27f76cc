using RestSharp;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>RestSharp with its own serialiser, which is System.Text.Json by reflection.</summary>
internal sealed class RestSharpCandidate : PagingCandidate<JsonToken>
{
    private readonly RestClient _client;

    public RestSharpCandidate(HttpMessageHandler? transport, Uri address)
    {
        var options = new RestClientOptions(address);
        if (transport is not null)
            options.ConfigureMessageHandler = _ => transport;
        _client = new RestClient(options, headers => headers.Add(Request.TokenHeader, Request.Token));
    }

    public override async Task<long> GetAsync()
    {
        var response = await _client.GetAsync<JsonTokenEnvelope>(new RestRequest("access-tokens/{id}").AddUrlSegment("id", Request.Id));
        return ChecksumOf(response!.Token!);
    }

    public override async Task<long> CreateAsync()
    {
        var request =
            new RestRequest("access-tokens/").AddJsonBody(JsonCreateEnvelope.Of(Request.Name, Request.Description, Request.Roles));
        var issued = (await _client.PostAsync<JsonTokenEnvelope>(request))!.Token!;
        return ChecksumOf(issued, issued.Uuid);
    }

    public override void Dispose()
    {
        _client.Dispose();
        base.Dispose();
    }

    protected override async Task<Page> ReadPageAsync(int offset)
    {
        // A string, because RestSharp writes a Boolean as True.
        var request = new RestRequest("access-tokens/")
            .AddQueryParameter("limit", Request.PageSize)
            .AddQueryParameter("offset", offset)
            .AddQueryParameter("all", "true");
        var page = await _client.GetAsync<JsonTokenPage>(request);
        return new Page(page!.Tokens, page.Paging!.TotalCount);
    }

    protected override void Add(ref Checksum checksum, JsonToken token) => token.AddTo(ref checksum);
}
