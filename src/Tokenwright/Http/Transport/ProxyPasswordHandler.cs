namespace Tokenwright.Http;

/// <summary>
/// Reads the password of the connection's proxy before each request. It is above the handlers that send, so a password that can't be read
/// means that nothing was sent.
/// </summary>
internal sealed class ProxyPasswordHandler(ConnectionProxy proxy, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await proxy.ReadPasswordAsync(cancellationToken).ConfigureAwait(false);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
