using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Tokenwright.UnitTests;

/// <summary>Listens at an address of this machine that isn't loopback, and passes the bytes on to a port of loopback.</summary>
internal sealed class OutsideServer : IDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;

    public OutsideServer(int target)
    {
        var address = NetworkInterface.GetAllNetworkInterfaces().Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        if (address is null)
            Assert.Ignore("This machine has no address but loopback.");
        _target = target;
        _listener = new TcpListener(address!, 0);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Gets the address and the port.</summary>
    public string Authority => _listener.LocalEndpoint.ToString()!;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _target);
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
            }
        }
    }
}
