using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>Which failures of a TLS handshake are retried.</summary>
internal sealed class TlsTests
{
    [Test]
    public void An_untrusted_certificate_is_not_retried()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var server = new HandshakeServer(async stream =>
        {
            using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(certificate);
        });
        using var client = Client(server);

        var exception = Assert.CatchAsync<TokenServiceUnavailableException>(async () => await client.GetAsync(TokenReference.ById("7")))!;

        Assert.That((exception.IsTransient, server.Connections), Is.EqualTo((false, 1)));
        Assert.That(exception.Message, Does.Contain("certificate"));
    }

    [Test]
    public void A_handshake_that_breaks_off_is_retried()
    {
        using var server = new HandshakeServer(async stream => _ = await stream.ReadAsync(new byte[1]));
        using var client = Client(server);

        var exception = Assert.CatchAsync<TokenServiceUnavailableException>(async () => await client.GetAsync(TokenReference.ById("7")))!;

        Assert.That((exception.IsTransient, server.Connections), Is.EqualTo((true, 4)));
    }

    private static XmsTokenClient Client(HandshakeServer server) => new("test", new XmsOptions
    {
        BaseAddress = new Uri($"https://127.0.0.1:{server.Port}/v1"),
        AccessToken = new TokenSecret("own-secret-value"),
        RetryDelay = TimeSpan.FromMilliseconds(1),
        AttemptTimeout = TimeSpan.FromMinutes(5),
        TotalTimeout = TimeSpan.FromMinutes(10),
    });

    private sealed class HandshakeServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private int _connections;

        public HandshakeServer(Func<NetworkStream, Task> handshake)
        {
            _listener.Start();
            _ = AcceptAsync(handshake);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Connections => _connections;

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync(Func<NetworkStream, Task> handshake)
        {
            while (true)
            {
                try
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref _connections);
                    await handshake(client.GetStream());
                }
                catch (Exception exception) when (exception is IOException or AuthenticationException)
                {
                }
                catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
