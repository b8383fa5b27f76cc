using System.Net;
using Tokenwright.Http;

namespace Tokenwright.Generated;

/// <summary>Represents the body of a typed client's request.</summary>
internal sealed class ApiContent(byte[] body, IReadOnlyList<string> secrets) : ByteArrayContent(body), IApiContent
{
    private string? _onlyTransport;
    private int _isSent;

    /// <inheritdoc />
    public IReadOnlyList<string> Secrets => secrets;

    /// <summary>Lets a custom transport send this body only once, as <see cref="OneSendContent"/> does for other bodies.</summary>
    /// <param name="transport">The name of the transport.</param>
    public void AllowOneSend(string transport) => _onlyTransport = transport;

    // The base class calls this method from the one with a cancellation token.
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        Check();
        return base.SerializeToStreamAsync(stream, context);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Check();
        base.SerializeToStream(stream, context, cancellationToken);
    }

    private void Check()
    {
        if (_onlyTransport is not null && Interlocked.Exchange(ref _isSent, 1) != 0)
            throw RepeatedSendException.Again(_onlyTransport, null);
    }
}
