using System.Security.Cryptography.X509Certificates;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>Which servers a connection trusts, with and without <c>CertificateAuthorityFile</c>.</summary>
internal sealed class CertificateAuthorityTests : TransportFixture
{
    private const string Ip = "127.0.0.1";

    [Test]
    public async Task An_authority_of_the_file_is_trusted()
    {
        var server = Serve(_authority.Issue(Ip));
        var client = Open(Address(server), options => options.CertificateAuthorityFile = Write("ca.pem", _authority.Pem));

        Assert.That((await CallAsync(client)).Id, Is.EqualTo("7"));
        Assert.That(_vendor.Requests.Single().Header("Xms-Auth-Token"), Is.EqualTo(Token));
    }

    [Test]
    public void Without_the_file_the_message_names_the_option()
    {
        var server = Serve(_authority.Issue(Ip));

        var failure = Failure<TokenServiceUnavailableException>(Open(Address(server), options => options.MaxRetries = 3));

        Assert.That(failure.Message, Does.Contain("set CertificateAuthorityFile to a PEM file with the authority's certificate."));
        Assert.That((failure.IsTransient, server.Connections, _vendor.Requests.Count), Is.EqualTo((false, 1, 0)));
    }

    [Test]
    public void Another_authority_is_not_trusted_and_the_message_names_the_file()
    {
        using var other = new TestAuthority("Another Root");
        var server = Serve(_authority.Issue(Ip));
        var file = Write("other.pem", other.Pem);

        var failure = Failure<TokenServiceUnavailableException>(
            Open(Address(server), options => options.CertificateAuthorityFile = file));

        Assert.That(failure.Message, Does.Contain($"CertificateAuthorityFile '{file}' doesn't have the authority that issued it"));
        Assert.That(_vendor.Requests, Is.Empty);
    }

    [Test]
    public void The_host_name_is_checked()
    {
        var server = Serve(_authority.Issue("other.example"));

        var failure = Failure<TokenServiceUnavailableException>(Trusting(server));

        Assert.That(failure.Message, Does.Contain("The certificate is for another host: set BaseAddress").And.Not.Contain("AuthorityFile"));
        Assert.That((failure.IsTransient, _vendor.Requests.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void The_validity_is_checked()
    {
        var server = Serve(_authority.Issue(Ip, TestAuthority.Now.AddDays(-1)));

        var failure = Failure<TokenServiceUnavailableException>(Trusting(server));

        Assert.That(failure.Message, Does.Contain("has expired or is not valid yet").And.Not.Contain("AuthorityFile"));
        Assert.That((failure.IsTransient, _vendor.Requests.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public async Task A_file_with_several_certificates_trusts_each_of_them()
    {
        using var other = new TestAuthority("Another Root");
        var file = Write("both.pem", $"Other:\n{other.Pem}\nOurs:\n{_authority.Pem}");

        foreach (var issuer in new[] { other, _authority })
            Assert.That(
                await CallAsync(Open(Address(Serve(issuer.Issue(Ip))), options => options.CertificateAuthorityFile = file)), Is.Not.Null);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task An_intermediate_authority_comes_from_the_server_or_from_the_file(bool isSent)
    {
        using var between = new TestAuthority("Acme Issuing", _authority);
        var server = Opened(
            new TlsServer(Opened(between.Issue(Ip)), _vendor.BaseAddress.Port, isSent ? [between.Certificate] : null));
        var file = Write("ca.pem", isSent ? _authority.Pem : _authority.Pem + between.Pem);

        Assert.That(await CallAsync(Open(Address(server), options => options.CertificateAuthorityFile = file)), Is.Not.Null);
    }

    // Appliances come with such a certificate.
    [Test]
    public async Task A_servers_own_self_signed_certificate_can_be_in_the_file()
    {
        var certificate = TestAuthority.SelfSigned(Ip);
        var server = Serve(certificate);
        var file = Write("server.pem", certificate.ExportCertificatePem());

        Assert.That(await CallAsync(Open(Address(server), options => options.CertificateAuthorityFile = file)), Is.Not.Null);
        Assert.That(() => CallAsync(Open(Address(Serve(TestAuthority.SelfSigned(Ip))), options => options.CertificateAuthorityFile = file)),
            Throws.TypeOf<TokenServiceUnavailableException>());
    }

    // So that a program can open the connection again after the file was renewed, with the same options.
    [Test]
    public async Task The_file_is_read_when_the_connection_is_opened()
    {
        using var other = new TestAuthority("Another Root");
        var server = Serve(_authority.Issue(Ip));
        var options = Options(Address(server), options => options.CertificateAuthorityFile = Write("ca.pem", _authority.Pem));
        using var first = new XmsTokenClient("lab", options);
        Write("ca.pem", other.Pem);

        Assert.That(await CallAsync(first), Is.Not.Null);
        using var second = new XmsTokenClient("lab", options);
        Assert.That(() => CallAsync(second), Throws.TypeOf<TokenServiceUnavailableException>());
    }

    private static string Address(TlsServer server) => $"https://{Ip}:{server.Port}";

    private TlsServer Serve(X509Certificate2 certificate) => Opened(new TlsServer(Opened(certificate), _vendor.BaseAddress.Port));

    private XmsTokenClient Trusting(TlsServer server)
        => Open(Address(server), options => options.CertificateAuthorityFile = Write("ca.pem", _authority.Pem));
}
