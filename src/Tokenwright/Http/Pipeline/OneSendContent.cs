using System.Net;

namespace Tokenwright.Http;

/// <summary>
/// A body that is written to a connection once. A transport of the program's own that sends its request again fails before it writes
/// anything.
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
