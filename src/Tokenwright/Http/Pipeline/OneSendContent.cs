using System.Net;

namespace Tokenwright.Http;

/// <summary>
/// Represents a body that can be written to a network connection only once. If a custom transport repeats the request, it fails before it
/// writes anything.
/// </summary>
internal sealed class OneSendContent : HttpContent
{
    private readonly HttpContent _content;
    private readonly string _transport;
    private int _isSent;

    public OneSendContent(HttpContent content, string transport)
    {
        _content = content;
        _transport = transport;
        foreach (var header in content.Headers.NonValidated)
            Headers.TryAddWithoutValidation(header.Key, header.Value);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        => Interlocked.Exchange(ref _isSent, 1) == 0
            ? _content.CopyToAsync(stream, context, cancellationToken) : throw RepeatedSendException.Again(_transport, null);

    protected override bool TryComputeLength(out long length)
    {
        length = _content.Headers.ContentLength ?? 0;
        return _content.Headers.ContentLength is not null;
    }
}
