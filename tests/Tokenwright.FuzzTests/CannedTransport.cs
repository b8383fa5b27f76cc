namespace Tokenwright.FuzzTests;

/// <summary>Responses without a network: what comes out of a response's head and body is up to this test alone.</summary>
internal sealed class CannedTransport(Func<string, string, FuzzResponse> response) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => Task.FromResult(response(request.Method.Method, request.RequestUri!.AbsolutePath).ToMessage(request));
}
