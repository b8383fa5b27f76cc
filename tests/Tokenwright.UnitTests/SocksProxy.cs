using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tokenwright.UnitTests;

/// <summary>A SOCKS 5 proxy that requires a user and a password (RFC 1928 and 1929). All hosts are at one port of this machine.</summary>
internal sealed class SocksProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly int _target;

    public SocksProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"socks5://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Gets the requests, as <c>user:password@host</c>.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

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
                var stream = client.GetStream();
                await ReadAsync(stream, (await ReadAsync(stream, 2))[1]);
                await stream.WriteAsync(new byte[] { 5, 2 });
                await ReadAsync(stream, 1);
                var user = await ReadTextAsync(stream);
                var password = await ReadTextAsync(stream);
                await stream.WriteAsync(new byte[] { 1, 0 });
                await ReadAsync(stream, 4);
                _requests.Enqueue($"{user}:{password}@{await ReadTextAsync(stream)}");
                await ReadAsync(stream, 2);
                using var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _target);
                await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 });
                await Task.WhenAny(stream.CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(stream));
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
            }
        }
    }

    private static async Task<string> ReadTextAsync(NetworkStream stream)
        => Encoding.UTF8.GetString(await ReadAsync(stream, (await ReadAsync(stream, 1))[0]));

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int length)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
