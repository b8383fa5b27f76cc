using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Tokenwright.Testing;

/// <summary>
/// Forwards bytes between clients and the HTTP server behind it. It can break a connection at an exact byte of a response, which the HTTP
/// server itself can't do.
/// </summary>
internal sealed class LoopbackProxy : IDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, Link> _links = new();

    public LoopbackProxy(int port, int target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Breaks the next response on a connection after some bytes.</summary>
    /// <param name="serverSidePort">The connection, by the client port that the HTTP server sees.</param>
    /// <param name="fault">A stall, cut or reset.</param>
    public void Break(int serverSidePort, Fault fault)
    {
        if (_links.TryGetValue(serverSidePort, out var link))
            link.Fault = fault;
    }

    /// <summary>Breaks a connection now.</summary>
    /// <param name="serverSidePort">The connection, by the client port that the HTTP server sees.</param>
    /// <param name="reset">Whether to use a TCP reset.</param>
    public void End(int serverSidePort, bool reset)
    {
        if (_links.TryGetValue(serverSidePort, out var link))
            link.Close(reset);
    }

    /// <summary>Closes all current connections. New ones are accepted.</summary>
    public void CloseConnections()
    {
        foreach (var link in _links.Values)
            link.Close(reset: false);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        CloseConnections();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The proxy was stopped.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            client.Dispose();
            return;
        }

        var port = ((IPEndPoint)server.LocalEndPoint!).Port;
        var link = new Link(client, server);
        _links[port] = link;
        try
        {
            await Task.WhenAny(RequestsAsync(link), RespondsAsync(link)).ConfigureAwait(false);
        }
        finally
        {
            _links.TryRemove(port, out _);
            link.Close(reset: false);
        }
    }

    private async Task RequestsAsync(Link link)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await link.Client.ReceiveAsync(buffer, _stop.Token).ConfigureAwait(false)) > 0)
                await SendAsync(link.Server, buffer.AsMemory(0, read)).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // One side closed its connection. The other one is closed too.
        }
    }

    private async Task RespondsAsync(Link link)
    {
        var buffer = new byte[16 * 1024];
        var head = new Head();
        Fault? fault = null;
        var left = 0;
        try
        {
            int read;
            while ((read = await link.Server.ReceiveAsync(buffer, _stop.Token).ConfigureAwait(false)) > 0)
            {
                if (fault is null && (fault = link.Fault) is not null)
                    left = fault.Bytes;
                var uncounted = fault is null ? read : fault.IsInBody ? head.LengthIn(buffer.AsSpan(0, read)) : 0;
                var counted = Math.Min(read - uncounted, left);
                await SendAsync(link.Client, buffer.AsMemory(0, uncounted + counted)).ConfigureAwait(false);
                left -= counted;
                if (fault is null || left > 0 || (fault.IsInBody && !head.IsOver))
                    continue;
                fault.Happen();
                if (fault.Kind != FaultKind.Stall)
                    link.Close(reset: fault.Kind == FaultKind.Reset);
                else
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token).ConfigureAwait(false);
                return;
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // One side closed its connection. The other one is closed too.
        }
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes).ConfigureAwait(false)..];
    }

    private static bool IsEnd(Exception exception) => exception is OperationCanceledException or ObjectDisposedException or SocketException;

    // Finds the end of a response's head, which is the first empty line.
    private sealed class Head
    {
        private static readonly byte[] End = "\r\n\r\n"u8.ToArray();
        private int _matched;

        public bool IsOver => _matched == End.Length;

        // Gets how many of the next bytes belong to the head.
        public int LengthIn(ReadOnlySpan<byte> bytes)
        {
            var length = 0;
            for (; length < bytes.Length && !IsOver; length++)
                _matched = bytes[length] == End[_matched] ? _matched + 1 : bytes[length] == End[0] ? 1 : 0;
            return length;
        }
    }

    private sealed class Link(Socket client, Socket server)
    {
        public Socket Client => client;

        public Socket Server => server;

        public volatile Fault? Fault;

        public void Close(bool reset)
        {
            try
            {
                if (reset)
                    client.LingerState = new LingerOption(enable: true, seconds: 0);
                else
                    client.Shutdown(SocketShutdown.Both);
            }
            catch (Exception exception) when (IsEnd(exception))
            {
                // The connection is closed already.
            }

            client.Dispose();
            server.Dispose();
        }
    }
}
