namespace Tokenwright.UnitTests;

/// <summary>A transport of a program that hides its inner one. The test defines its behaviour.</summary>
internal sealed class ActingTransport(
    Func<HttpRequestMessage, Func<HttpRequestMessage, Task<HttpResponseMessage>>, Task<HttpResponseMessage>> act) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _sockets = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => act(request, sent => _sockets.SendAsync(sent, cancellationToken));

    protected override void Dispose(bool disposing)
    {
        _sockets.Dispose();
        base.Dispose(disposing);
    }
}
