namespace Tokenwright.UnitTests;

/// <summary>A handler of a program whose behaviour the test defines.</summary>
internal class ActingHandler : DelegatingHandler
{
    private readonly Func<HttpRequestMessage, Func<HttpRequestMessage, Task<HttpResponseMessage>>, Task<HttpResponseMessage>> _act;

    public ActingHandler(
        HttpMessageHandler? inner,
        Func<HttpRequestMessage, Func<HttpRequestMessage, Task<HttpResponseMessage>>, Task<HttpResponseMessage>> act)
    {
        _act = act;
        if (inner is not null)
            InnerHandler = inner;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => _act(request, sent => base.SendAsync(sent, cancellationToken));
}
