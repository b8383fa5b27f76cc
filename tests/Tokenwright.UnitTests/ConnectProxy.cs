using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tokenwright.UnitTests;

/// <summary>
/// An HTTP proxy that opens tunnels and passes requests for plain http on. All hosts are at the same port of this machine.
/// </summary>
internal sealed class ConnectProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly ConcurrentQueue<string> _credentials = [];
    private readonly X509Certificate2? _certificate;
    private readonly int _target;

    /// <summary>Starts the proxy.</summary>
    /// <param name="target">The port where all hosts are.</param>
    /// <param name="certificate">The certificate of a proxy that is reached by https; null for http.</param>
    public ConnectProxy(int target, X509Certificate2? certificate = null)
    {
        _target = target;
        _certificate = certificate;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Gets or sets the user and password that the proxy requires, as <c>user:password</c>; null for none.</summary>
    public string? Required { get; set; }

    public string Address
        => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Gets the first lines of the requests that the proxy accepted.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Gets the users and passwords that the proxy received.</summary>
    public IReadOnlyCollection<string> Credentials => _credentials;

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
                Stream stream = client.GetStream();
                if (_certificate is not null)
                {
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(_certificate);
                    stream = tls;
                }

                await using (stream)
                    await ServeAsync(stream);
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException or SocketException)
            {
            }
        }
    }

    private async Task ServeAsync(Stream client)
    {
        string head;
        while (!IsAllowed(head = await ReadHeadAsync(client)))
            await client.WriteAsync(
                "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"acme\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        _requests.Enqueue(head[..head.IndexOf('\r', StringComparison.Ordinal)]);
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _target);
        await using var inside = server.GetStream();
        await (head.StartsWith("CONNECT ", StringComparison.Ordinal)
            ? client.WriteAsync("HTTP/1.1 200 Established\r\n\r\n"u8.ToArray()) : inside.WriteAsync(Encoding.Latin1.GetBytes(head)));
        await Task.WhenAny(client.CopyToAsync(inside), inside.CopyToAsync(client));
    }

    private bool IsAllowed(string head)
    {
        const string Basic = "Proxy-Authorization: Basic ";
        var sent = head.Split("\r\n").FirstOrDefault(line => line.StartsWith(Basic, StringComparison.OrdinalIgnoreCase));
        var credential = sent is null ? null : Encoding.UTF8.GetString(Convert.FromBase64String(sent[Basic.Length..]));
        if (credential is not null)
            _credentials.Enqueue(credential);
        return Required is null || Required == credential;
    }

    private static async Task<string> ReadHeadAsync(Stream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one) == 0)
                throw new IOException("The client closed the connection.");
            text.Append((char)one[0]);
        }

        return text.ToString();
    }
}
