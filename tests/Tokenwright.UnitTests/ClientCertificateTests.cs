using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>The certificate that a connection presents: its files, and what is wrong with them.</summary>
internal sealed class ClientCertificateTests : TransportFixture
{
    private const string Password = "p4ss-W8kq3Zv7Tn5";
    private const string Ip = "127.0.0.1";
    private static readonly PbeParameters Aes = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000);

    [TestCase("one PEM file")]
    [TestCase("key in a file of its own")]
    [TestCase("encrypted key")]
    [TestCase("encrypted key in a file of its own")]
    [TestCase("PKCS#12 with a password")]
    [TestCase("PKCS#12 without a password")]
    public async Task A_server_that_requires_a_certificate_gets_it_with_its_authorities(string form)
    {
        using var between = new TestAuthority("Acme Clients", _authority);
        using var certificate = between.Issue("inventory");
        var server = Serve();
        var client = Open(server, options => Configure(options, form, certificate, between));

        Assert.That((await CallAsync(client)).Id, Is.EqualTo("7"));
        Assert.That(server.Clients, Has.All.EqualTo("CN=inventory, CN=Acme Clients, CN=Acme Test Root"));
    }

    [TestCase("a value")]
    [TestCase("a file")]
    [TestCase("an environment variable")]
    [TestCase("a delegate")]
    public async Task The_password_comes_from_any_source(string source)
    {
        using var certificate = _authority.Issue("inventory");
        Environment.SetEnvironmentVariable("TOKENWRIGHT_TEST_KEY_PASSWORD", Password);
        var server = Serve();
        var client = Open(server, options =>
        {
            Configure(options, "encrypted key", certificate, _authority);
            options.ClientCertificatePassword = source switch
            {
                "a value" => new TokenSecret(Password),
                "a file" => new SecretSource { File = Write("password", Password + "\n") },
                "an environment variable" => new SecretSource { EnvironmentVariable = "TOKENWRIGHT_TEST_KEY_PASSWORD" },
                _ => SecretSource.From(async cancellationToken =>
                {
                    await Task.Yield();
                    return new TokenSecret(Password);
                }),
            };
        });

        Assert.That(await CallAsync(client), Is.Not.Null);
    }

    // The cases of FailureTranslatorTests have the alerts of servers that send one. This server only ends the connection.
    [Test]
    public void Without_a_certificate_nothing_arrives()
    {
        Assert.That(Failure<TokenServiceUnavailableException>(Open(Serve())), Is.Not.Null);
        Assert.That(_vendor.Requests, Is.Empty);
    }

    [Test]
    public void A_certificate_of_another_authority_is_refused_by_the_server()
    {
        using var other = new TestAuthority("Another Root");
        using var certificate = other.Issue("inventory");
        var server = Serve();
        var client = Open(server, options => Configure(options, "one PEM file", certificate, other));

        Assert.That(() => CallAsync(client), Throws.InstanceOf<TokenClientException>());
        Assert.That((server.Clients.Count, _vendor.Requests.Count), Is.EqualTo((0, 0)));
    }

    // What is wrong, and what the message says; {0} is the folder. The others are the contents of the three files, and the password. "none"
    // doesn't set the option, and null names a file that doesn't exist.
    private static IEnumerable<TestCaseData> Flaws()
    {
        yield return Flaw("no authority file", "CertificateAuthorityFile '{0}/ca' doesn't exist.", ca: null);
        yield return Flaw("an empty authority file", "CertificateAuthorityFile '{0}/ca' is empty", ca: "");
        yield return Flaw("an authority file without PEM", "CertificateAuthorityFile '{0}/ca' has no certificate in PEM form", ca: "hello");
        yield return Flaw("a damaged authority file", "CertificateAuthorityFile '{0}/ca' has a certificate that can't be read",
            ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");
        yield return Flaw("an authority file without a root", "CertificateAuthorityFile '{0}/ca' has no root certificate", ca: "issued");
        yield return Flaw("no client file", "ClientCertificateFile '{0}/client' doesn't exist.", client: null);
        yield return Flaw("no key file", "ClientCertificateKeyFile '{0}/key' doesn't exist.", client: "certificate", key: null);
        yield return Flaw("no key", "ClientCertificateFile '{0}/client' has no private key; add it to the file, or set Client",
            client: "certificate");
        yield return Flaw("no key in the key file", "ClientCertificateKeyFile '{0}/key' has no private key in PEM form",
            client: "certificate", key: "hello");
        yield return Flaw("a damaged key", "ClientCertificateKeyFile '{0}/key' has a private key that can't be read",
            client: "certificate", key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----");
        yield return Flaw("another key", "ClientCertificateKeyFile '{0}/key' has a private key that doesn't fit the first certificate of " +
            "'{0}/client', which is CN=inventory.", client: "certificate", key: "another key");
        yield return Flaw("a key of another kind", "ClientCertificateKeyFile '{0}/key' has a private key that doesn't fit the first " +
            "certificate", client: "certificate", key: "RSA key");
        yield return Flaw("another encrypted key", "ClientCertificateKeyFile '{0}/key' has a private key that doesn't fit the first " +
            "certificate", client: "certificate", key: "another encrypted key", password: Password);
        yield return Flaw("no password", "ClientCertificatePassword is missing: the private key in '{0}/key' is encrypted.",
            client: "certificate", key: "encrypted key");
        yield return Flaw("a wrong password", "ClientCertificatePassword doesn't open the private key in '{0}/key': the password is wrong",
            client: "certificate", key: "encrypted key", password: "wrong-W8kq3Zv7");
        yield return Flaw("an old form of encryption", "ClientCertificateKeyFile '{0}/key' has a private key in an old encrypted form",
            client: "certificate", key: "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n" +
            "-----END RSA PRIVATE KEY-----");
        yield return Flaw("neither PEM nor PKCS#12", "ClientCertificateFile '{0}/client' is neither PEM nor PKCS#12", client: "hello");
        yield return Flaw("PKCS#12 and no password", "ClientCertificatePassword is missing: '{0}/client' has a password.",
            client: "PKCS#12");
        yield return Flaw("PKCS#12 and a wrong password", "ClientCertificatePassword doesn't open '{0}/client': the password is wrong.",
            client: "PKCS#12", password: "wrong-W8kq3Zv7");
        yield return Flaw("PKCS#12 without a key", "ClientCertificateFile '{0}/client' has no private key; export the certificate with",
            client: "PKCS#12 without a key", password: Password);
        yield return Flaw("PKCS#12 and a key file", "ClientCertificateKeyFile is set, and '{0}/client' is a PKCS#12 file",
            client: "PKCS#12", key: "another key", password: Password);
        yield return Flaw("a password file that is missing", "ClientCertificatePassword is not known. The secret can't be read",
            client: "certificate", key: "encrypted key", password: "no file");

        static TestCaseData Flaw(
            string name, string said, string? ca = "root", string? client = "none", string? key = "none", string? password = null)
            => new TestCaseData(said, ca, client, key, password).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Flaws))]
    public void A_file_that_can_t_be_used_is_named_when_the_connection_is_opened(
        string said, string? ca, string? client, string? key, string? password)
    {
        void Put(string name, string? content)
        {
            if (content is "PKCS#12" or "PKCS#12 without a key")
                File.WriteAllBytes(In(name), Pkcs12(withKey: content == "PKCS#12"));
            else if (content is not (null or "none"))
                Write(name, Content(content));
        }

        Put("ca", ca);
        Put("client", client);
        Put("key", key);

        var refused = Assert.Throws<OptionsValidationException>(() => Open("https://vendor.example", options =>
        {
            options.CertificateAuthorityFile = In("ca");
            options.ClientCertificateFile = client == "none" ? null : In("client");
            options.ClientCertificateKeyFile = key == "none" ? null : In("key");
            options.ClientCertificatePassword = password switch
            {
                null => null,
                "no file" => new SecretSource { File = In("password") },
                _ => new TokenSecret(password),
            };
        }))!;

        var expected = said.Replace("{0}", Path.GetDirectoryName(In("x")), StringComparison.Ordinal);
        Assert.That(refused.Failures, Has.Exactly(1).StartsWith($"Xms connection 'lab': {expected}"));
        Assert.That(refused.ToString(), Does.Not.Contain("W8kq3Zv7"));
    }

    [TestCase("CertificateAuthorityFile", " ", "CertificateAuthorityFile is empty")]
    [TestCase("ClientCertificateFile", "", "ClientCertificateFile is empty")]
    [TestCase("ClientCertificateKeyFile", "key.pem", "ClientCertificateFile is missing: the certificate to which ClientCertificateKeyFile")]
    public void Options_that_don_t_belong_together_are_refused(string option, string value, string said)
        => Assert.That(
            () => Open("https://vendor.example", options => typeof(ConnectionOptions).GetProperty(option)!.SetValue(options, value)),
            Throws.TypeOf<OptionsValidationException>().With.Message.StartsWith($"Xms connection 'lab': {said}"));

    private void Configure(XmsOptions options, string form, X509Certificate2 certificate, TestAuthority issuer)
    {
        options.CertificateAuthorityFile = Write("ca.pem", _authority.Pem);
        var chain = certificate.ExportCertificatePem() + "\n" + issuer.Pem;
        var key = Key(certificate, form.StartsWith("encrypted", StringComparison.Ordinal));
        if (form.StartsWith("PKCS#12", StringComparison.Ordinal))
        {
            options.ClientCertificateFile = In("client.pfx");
            File.WriteAllBytes(In("client.pfx"), new X509Certificate2Collection { certificate, Public(issuer) }
                .Export(X509ContentType.Pkcs12, form.Contains("without", StringComparison.Ordinal) ? null : Password)!);
        }
        else if (form.Contains("of its own", StringComparison.Ordinal))
        {
            (options.ClientCertificateFile, options.ClientCertificateKeyFile) = (Write("client.pem", chain), Write("client.key", key));
        }
        else
        {
            options.ClientCertificateFile = Write("client.pem", chain + key);
        }

        if (form.StartsWith("encrypted", StringComparison.Ordinal) || form.Contains("with a password", StringComparison.Ordinal))
            options.ClientCertificatePassword = new TokenSecret(Password);
    }

    private static X509Certificate2 Public(TestAuthority authority) => X509CertificateLoader.LoadCertificate(authority.Certificate.RawData);

    private static string Key(X509Certificate2 certificate, bool isEncrypted)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return isEncrypted ? key.ExportEncryptedPkcs8PrivateKeyPem(Password, Aes) : key.ExportECPrivateKeyPem();
    }

    private string Content(string what)
    {
        using var certificate = _authority.Issue("inventory");
        using var other = _authority.Issue("another");
        using var rsa = RSA.Create(2048);
        return what switch
        {
            "root" => _authority.Pem,
            "issued" or "certificate" => certificate.ExportCertificatePem(),
            "another key" => Key(other, isEncrypted: false),
            "encrypted key" or "another encrypted key" => Key(other, isEncrypted: true),
            "RSA key" => rsa.ExportRSAPrivateKeyPem(),
            _ => what,
        };
    }

    private byte[] Pkcs12(bool withKey)
    {
        using var certificate = _authority.Issue("inventory");
        using var bare = X509CertificateLoader.LoadCertificate(certificate.RawData);
        return (withKey ? certificate : bare).Export(X509ContentType.Pkcs12, Password);
    }

    private TlsServer Serve()
        => Opened(new TlsServer(Opened(_authority.Issue(Ip)), _vendor.BaseAddress.Port, clients: _authority));

    private XmsTokenClient Open(TlsServer server, Action<XmsOptions>? change = null) => Open($"https://{Ip}:{server.Port}", options =>
    {
        options.CertificateAuthorityFile = Write("ca.pem", _authority.Pem);
        change?.Invoke(options);
    });
}
