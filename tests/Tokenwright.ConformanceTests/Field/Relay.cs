using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tokenwright.ConformanceTests.Field;

/// <summary>A server between a client and a vendor. It counts connections, and can replace the status of each HTTP 200 or 201.</summary>
internal sealed class Relay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _vendor;
    private readonly byte[]? _status;
    private int _rewritten;
    private int _open;

    public Relay(Uri vendor, int? status = null)
    {
        _vendor = vendor;
        _status = status is null ? null : Encoding.ASCII.GetBytes($"HTTP/1.1 {status}");
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Gets the address that clients use for the vendor.</summary>
    public Uri Address => new UriBuilder(_vendor) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;

    /// <summary>Gets how many responses have a replaced status.</summary>
    public int Rewritten => _rewritten;

    /// <summary>Gets how many connections are open.</summary>
    public int Open => _open;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref _open);
        try
        {
            using (client)
            {
                using var server = new TcpClient();
                await server.ConnectAsync(_vendor.Host, _vendor.Port, _stop.Token);
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), _stop.Token),
                    RewriteAsync(server.GetStream(), client.GetStream()));
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or IOException or ObjectDisposedException or SocketException)
        {
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    // The head of a response is at the start of a read, because the vendor writes it in one piece.
    private async Task RewriteAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer, _stop.Token)) > 0)
        {
            if (_status is not null && (buffer.AsSpan().StartsWith("HTTP/1.1 200"u8) || buffer.AsSpan().StartsWith("HTTP/1.1 201"u8)))
            {
                _status.CopyTo(buffer, 0);
                Interlocked.Increment(ref _rewritten);
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }
}
