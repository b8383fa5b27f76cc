using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Tokenwright.UnitTests;

/// <summary>A TLS server in front of an HTTP server. It passes the decrypted bytes on.</summary>
internal sealed class TlsServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _clients = [];
    private readonly SslServerAuthenticationOptions _options;
    private readonly int _target;
    private int _connections;

    /// <summary>Starts the server.</summary>
    /// <param name="certificate">The server's certificate with its key.</param>
    /// <param name="target">The port of the HTTP server.</param>
    /// <param name="sent">The intermediate certificates that the server sends.</param>
    /// <param name="clients">The authority whose client certificates the server requires; null for none.</param>
    public TlsServer(X509Certificate2 certificate, int target, X509Certificate2[]? sent = null, TestAuthority? clients = null)
    {
        _target = target;
        _options = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, [.. sent ?? []], offline: true),
            ClientCertificateRequired = clients is not null,
            RemoteCertificateValidationCallback = clients is null ? null : (_, client, chain, _) => IsAccepted(client, chain, clients),
        };
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => _connections;

    /// <summary>Gets the certificates that clients presented, as the names of the owner and the authorities that were sent.</summary>
    public IReadOnlyCollection<string> Clients => _clients;

    public void Dispose() => _listener.Dispose();

    private bool IsAccepted(X509Certificate? client, X509Chain? chain, TestAuthority clients)
    {
        if (client is not X509Certificate2 presented)
            return false;
        using var check = new X509Chain();
        check.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        check.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        check.ChainPolicy.CustomTrustStore.Add(clients.Certificate);
        check.ChainPolicy.ExtraStore.AddRange(chain!.ChainPolicy.ExtraStore);
        var isAccepted = check.Build(presented);
        if (isAccepted)
            _clients.Enqueue(string.Join(", ", check.ChainElements.Select(element => element.Certificate.Subject)));
        return isAccepted;
    }

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
            Interlocked.Increment(ref _connections);
            try
            {
                await using var outside = new SslStream(client.GetStream());
                await outside.AuthenticateAsServerAsync(_options);
                using var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _target);
                await using var inside = server.GetStream();
                await Task.WhenAny(outside.CopyToAsync(inside), inside.CopyToAsync(outside));
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException or SocketException)
            {
            }
        }
    }
}
