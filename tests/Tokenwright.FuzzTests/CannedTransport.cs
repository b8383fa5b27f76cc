namespace Tokenwright.FuzzTests;

/// <summary>Returns responses without a network. The test alone decides what the head and the body contain.</summary>
internal sealed class CannedTransport(Func<string, string, FuzzResponse> response) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => Task.FromResult(response(request.Method.Method, request.RequestUri!.AbsolutePath).ToMessage(request));
}
