using System.Net.Sockets;
using System.Text;
using Tokenwright.Adapters;
using Tokenwright.UnitTests;

namespace Tokenwright.ConformanceTests;

/// <summary>A client's transport that sends some of its requests to another server than the others.</summary>
internal sealed class DivertedTransport : DelegatingHandler
{
    private readonly Func<HttpRequestMessage, bool> _isDiverted;
    private readonly HttpMessageInvoker _elsewhere;

    /// <summary>Creates it.</summary>
    /// <param name="isDiverted">Which requests go elsewhere.</param>
    /// <param name="elsewhere">What sends those.</param>
    public DivertedTransport(Func<HttpRequestMessage, bool> isDiverted, HttpMessageHandler elsewhere)
        : base(VendorConnection.CreateTransport())
    {
        _isDiverted = isDiverted;
        _elsewhere = new HttpMessageInvoker(elsewhere);
    }

    /// <summary>A transport that connects to a server whatever the address is.</summary>
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

    /// <summary>Reads what is left of a request's body: a connection that is closed before would be reset, and its response lost.</summary>
    /// <param name="request">What was read: the head, and what came with it.</param>
    /// <param name="stream">The connection.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
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
