using System.Net;
using System.Net.Sockets;

namespace Tokenwright.UnitTests;

/// <summary>
/// A port on which nothing listens and which nobody else can get, so that connections to it are refused. The port of a server that was
/// only disposed can be the next server's.
/// </summary>
internal sealed class ClosedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private ClosedPort(int port) => _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>Stops a server and keeps its port.</summary>
    /// <param name="server">The server.</param>
    /// <param name="address">Its address.</param>
    public static ClosedPort Of(IDisposable server, Uri address)
    {
        server.Dispose();
        return new ClosedPort(address.Port);
    }

    public void Dispose() => _socket.Dispose();
}
