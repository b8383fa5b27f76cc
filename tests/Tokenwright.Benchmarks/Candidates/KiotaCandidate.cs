using System.Net;
using KiotaXms;
using KiotaXms.Models;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware.Options;
using Tokenwright.Benchmarks.Workload;

namespace Tokenwright.Benchmarks.Candidates;

/// <summary>
/// The client that Kiota generates from the same spec, with Kiota's own handlers. Kiota has no rate limiter and no timeout of an attempt.
/// </summary>
internal sealed class KiotaCandidate : PagingCandidate<AccessToken>
{
    private readonly HttpClient _http;
    private readonly HttpClientRequestAdapter _adapter;
    private readonly KiotaXmsClient _client;

    public KiotaCandidate(HttpMessageHandler? transport, Uri address)
    {
        var retry = new RetryHandlerOption { MaxRetry = FacadeDefaults.Retries, ShouldRetry = (_, _, response) => ShouldRetry(response) };
        _http = KiotaClientFactory.Create(KiotaClientFactory.CreateDefaultHandlers([retry]), transport);
        _http.Timeout = FacadeDefaults.TotalTimeout;
        _adapter = new HttpClientRequestAdapter(new KiotaAuthentication(() => Request.Token), httpClient: _http)
            { BaseUrl = address.ToString().TrimEnd('/') };
        _client = new KiotaXmsClient(_adapter);
    }

    public override async Task<long> GetAsync()
        => ChecksumOf((await _client.AccessTokens[Request.Id].GetAsync())!.AccessToken!);

    public override async Task<long> CreateAsync()
    {
        var response = await _client.AccessTokens.EmptyPathSegment.PostAsync(
            new() { AccessToken = new() { Name = Request.Name, Description = Request.Description, Roles = [.. Request.Roles] } });
        var issued = response!.AccessToken!;
        var checksum = new Checksum();
        checksum.Add(
            issued.Id, issued.Name, issued.Description, issued.Roles, issued.User?.Id, issued.User?.Name, issued.Used, issued.Create,
            issued.Update);
        checksum.Add(issued.Uuid);
        return checksum.Value;
    }

    public override void Dispose()
    {
        _adapter.Dispose();
        _http.Dispose();
        base.Dispose();
    }

    protected override async Task<Page> ReadPageAsync(int offset)
    {
        var page = await _client.AccessTokens.EmptyPathSegment.GetAsync(request =>
        {
            request.QueryParameters.Limit = Request.PageSize;
            request.QueryParameters.Offset = offset;
            request.QueryParameters.All = true;
        });
        return new Page(page!.AccessTokens!, page.Paging!.TotalCount!.Value);
    }

    protected override void Add(ref Checksum checksum, AccessToken token)
        => checksum.Add(
            token.Id, token.Name, token.Description, token.Roles, token.User?.Id, token.User?.Name, token.Used, token.Create, token.Update);

    // By default, Kiota also retries a create.
    private static bool ShouldRetry(HttpResponseMessage response)
        => response.RequestMessage!.Method == HttpMethod.Get && response.StatusCode
            is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
