namespace Tokenwright.FuzzTests;

/// <summary>Answers without a network: what comes out of an answer's head and body is up to this test alone.</summary>
internal sealed class CannedTransport(Func<string, string, FuzzAnswer> answer) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => Task.FromResult(answer(request.Method.Method, request.RequestUri!.AbsolutePath).ToMessage(request));
}
