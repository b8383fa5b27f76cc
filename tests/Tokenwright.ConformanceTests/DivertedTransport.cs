using System.Net.Sockets;
using System.Text;
using Tokenwright.Adapters;
using Tokenwright.UnitTests;

namespace Tokenwright.ConformanceTests;

/// <summary>A transport that sends some of the requests to another server.</summary>
internal sealed class DivertedTransport : DelegatingHandler
{
    private readonly Func<HttpRequestMessage, bool> _isDiverted;
    private readonly HttpMessageInvoker _elsewhere;

    /// <summary>Creates a transport.</summary>
    /// <param name="isDiverted">Selects the requests that go to the other server.</param>
    /// <param name="elsewhere">The handler that sends those requests.</param>
    public DivertedTransport(Func<HttpRequestMessage, bool> isDiverted, HttpMessageHandler elsewhere)
        : base(VendorConnection.CreateTransport())
    {
        _isDiverted = isDiverted;
        _elsewhere = new HttpMessageInvoker(elsewhere);
    }

    /// <summary>Creates a transport that always connects to one server, whatever the address is.</summary>
    /// <param name="server">The server.</param>
    public static SocketsHttpHandler To(RawServer server)
    {
        var transport = (SocketsHttpHandler)VendorConnection.CreateTransport();
        transport.ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server.Address.Host, server.Address.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        };
        return transport;
    }

    /// <summary>
    /// Reads the rest of a request's body. Otherwise, closing the connection would reset it, and the response would be lost.
    /// </summary>
    /// <param name="request">The part that was read: the head, and perhaps a part of the body.</param>
    /// <param name="stream">The connection.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public static async Task ReadBodyAsync(string request, NetworkStream stream, CancellationToken cancellationToken)
    {
        var parts = request.Split("\r\n\r\n", 2);
        var length = parts[0].Split("\r\n").Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line[15..], System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault();
        var buffer = new byte[4096];
        for (var left = length - Encoding.UTF8.GetByteCount(parts[1]); left > 0;)
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            left -= read == 0 ? left : read;
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => _isDiverted(request) ? _elsewhere.SendAsync(request, cancellationToken) : base.SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _elsewhere.Dispose();
        base.Dispose(disposing);
    }
}
