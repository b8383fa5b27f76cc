using System.Net;
using System.Net.Sockets;

namespace Tokenwright.UnitTests;

/// <summary>
/// A port that refuses connections and that no other server can get. The port of a server that was only disposed could be reused.
/// </summary>
internal sealed class ClosedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private ClosedPort(int port) => _socket.Bind(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>Stops a server and keeps its port reserved.</summary>
    /// <param name="server">The server.</param>
    /// <param name="address">Its address.</param>
    public static ClosedPort Of(IDisposable server, Uri address)
    {
        server.Dispose();
        return new ClosedPort(address.Port);
    }

    public void Dispose() => _socket.Dispose();
}
