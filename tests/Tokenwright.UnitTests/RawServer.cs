using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tokenwright.UnitTests;

/// <summary>
/// A server on a raw socket: it reads a request's head and body, and then writes what the test wants, or nothing.
/// </summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, NetworkStream, CancellationToken, Task> _response;
    private int _requests;

    public RawServer(Func<string, NetworkStream, CancellationToken, Task> response)
    {
        _response = response;
        _listener.Start();
        _ = AcceptAsync();
    }

    public RawServer(string response)
        : this((_, stream, cancellationToken) => WriteAsync(stream, response, cancellationToken))
    {
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public int Requests => _requests;

    public static Task WriteAsync(NetworkStream stream, string text, CancellationToken cancellationToken)
        => stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).AsTask();

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
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await ReadHeadAsync(stream, _stop.Token);
                Interlocked.Increment(ref _requests);
                await _response(request, stream, _stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
            {
            }
        }
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            if (read == 0)
                throw new IOException("The client closed the connection before its request was whole.");
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return text.ToString();
    }
}
