namespace Tokenwright.ConformanceTests.Field;

/// <summary>A program's own transport that follows redirects and retries internally, invisible to the SDK.</summary>
internal sealed class RepeatingTransport : HttpMessageHandler
{
    private readonly HttpMessageInvoker _inner = new(new SocketsHttpHandler { AllowAutoRedirect = true, UseProxy = false });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await _inner.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode ? response : await _inner.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _inner.Dispose();
        base.Dispose(disposing);
    }
}
