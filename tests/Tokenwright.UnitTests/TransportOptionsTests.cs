using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tokenwright.Adapters;

namespace Tokenwright.UnitTests;

/// <summary>Certificates and proxies from configuration, with a transport of the program, and after a reload.</summary>
internal sealed class TransportOptionsTests : TransportFixture
{
    [Test]
    public async Task All_options_are_read_from_configuration()
    {
        using var certificate = _authority.Issue("inventory");
        var server = Opened(new TlsServer(Opened(_authority.Issue("vendor.example")), _vendor.BaseAddress.Port, clients: _authority));
        var proxy = Opened(new ConnectProxy(server.Port) { Required = "me:pr0xy-passw0rd" });
        using var key = certificate.GetECDsaPrivateKey()!;
        await using var provider = Provider(new()
        {
            ["BaseAddress"] = "https://vendor.example/v1",
            ["CertificateAuthorityFile"] = Write("ca.pem", _authority.Pem),
            ["ClientCertificateFile"] = Write("client.pem", certificate.ExportCertificatePem()),
            ["ClientCertificateKeyFile"] = Write("client.key", key.ExportEncryptedPkcs8PrivateKeyPem(
                "key-passw0rd", new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000))),
            ["ClientCertificatePassword:File"] = Write("key-password", "key-passw0rd\n"),
            ["Proxy"] = proxy.Address,
            ["ProxyUsername"] = "me",
            ["ProxyPassword"] = "pr0xy-passw0rd",
        });

        Assert.That(await CallAsync(provider.GetRequiredKeyedService<ITokenClient>("lab")), Is.Not.Null);
        Assert.That((server.Clients.Count, proxy.Requests.Count), Is.EqualTo((1, 1)));
    }

    [TestCase(nameof(ConnectionOptions.Proxy), "http://proxy.example:3128")]
    [TestCase(nameof(ConnectionOptions.Proxy), "none")]
    [TestCase(nameof(ConnectionOptions.CertificateAuthorityFile), "ca.pem")]
    [TestCase(nameof(ConnectionOptions.ClientCertificateFile), "client.pem")]
    public async Task With_a_transport_of_the_program_they_are_refused_and_not_ignored(string option, string value)
    {
        var settings = new Dictionary<string, string?>
        {
            ["BaseAddress"] = "https://vendor.example/v1",
            [option] = value.EndsWith(".pem", StringComparison.Ordinal) ? WriteCertificate(value) : value,
        };
        var said = $"Xms connection 'lab': {option} can't be applied, because the program gives the connection a transport of its own; " +
            "configure the transport, and remove the option.";
        await using var provider = Provider(settings, connection => connection.Http.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { AllowAutoRedirect = false }));
        using var own = new SocketsHttpHandler { AllowAutoRedirect = false };

        Assert.That(() => provider.GetRequiredKeyedService<ITokenClient>("lab"),
            Throws.TypeOf<OptionsValidationException>().With.Message.EqualTo(said));
        Assert.That(
            () => Open(
                "https://vendor.example", options => typeof(ConnectionOptions).GetProperty(option)!.SetValue(options, settings[option]),
                new() { Transport = own }),
            Throws.TypeOf<OptionsValidationException>().With.Message.EqualTo(said));
    }

    [Test]
    public void With_a_transport_of_the_program_a_message_names_no_option_that_would_be_refused()
    {
        var server = Opened(new TlsServer(Opened(_authority.Issue("127.0.0.1")), _vendor.BaseAddress.Port));
        using var own = new SocketsHttpHandler { AllowAutoRedirect = false };

        Assert.That(Failure<TokenServiceUnavailableException>(
            Open($"https://127.0.0.1:{server.Port}", environment: new() { Transport = own })).Message,
            Does.Contain("certificate").And.Not.Contain("CertificateAuthorityFile"));
    }

    [Test]
    public async Task Handlers_of_a_program_above_the_SDKs_transport_don_t_matter()
    {
        var server = Opened(new TlsServer(Opened(_authority.Issue("127.0.0.1")), _vendor.BaseAddress.Port));
        var settings = new Dictionary<string, string?>
        {
            ["BaseAddress"] = $"https://127.0.0.1:{server.Port}/v1", ["CertificateAuthorityFile"] = Write("ca.pem", _authority.Pem),
        };
        await using var provider = Provider(settings, connection => connection.Http.AddHttpMessageHandler(() => new Passing())
            .ConfigurePrimaryHttpMessageHandler(
                (transport, _) => ((SocketsHttpHandler)transport).ConnectTimeout = TimeSpan.FromMinutes(1)));
        var options = Options($"https://127.0.0.1:{server.Port}", options => options.CertificateAuthorityFile = In("ca.pem"));
        using var transport = VendorConnection.CreateTransport(options);
        using var client = new Xms.XmsTokenClient("lab", options, new() { Transport = transport });

        Assert.That(await CallAsync(provider.GetRequiredKeyedService<ITokenClient>("lab")), Is.Not.Null);
        Assert.That(await CallAsync(client), Is.Not.Null);
    }

    [Test]
    public void A_transport_is_not_created_from_files_that_can_t_be_used()
        => Assert.That(
            () => VendorConnection.CreateTransport(new Xms.XmsOptions { CertificateAuthorityFile = In("missing.pem") }),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("CertificateAuthorityFile").And.Message.Contains("exist"));

    [Test]
    public void A_file_that_is_missing_fails_the_start_of_the_program()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddTokenwright().AddXms("lab", options =>
            (options.BaseAddress, options.AccessToken, options.CertificateAuthorityFile) =
                (new Uri("https://vendor.example/v1"), new TokenSecret(Token), In("missing.pem")));
        using var host = builder.Build();

        Assert.That(async () => await host.StartAsync(), Throws.TypeOf<OptionsValidationException>().With.Message.EqualTo(
            $"Xms connection 'lab': CertificateAuthorityFile '{In("missing.pem")}' doesn't exist."));
    }

    [Test]
    public async Task A_reload_changes_nothing_of_the_transport_and_says_so()
    {
        using var log = new LineLog();
        using var other = new TestAuthority("Another Root");
        var server = Opened(new TlsServer(Opened(_authority.Issue("127.0.0.1")), _vendor.BaseAddress.Port));
        var configuration = Configuration(new()
        {
            ["BaseAddress"] = $"https://127.0.0.1:{server.Port}/v1", ["CertificateAuthorityFile"] = Write("ca.pem", _authority.Pem),
        });
        await using var provider = new ServiceCollection().AddSingleton<ILoggerFactory>(log).AddTokenwright().AddXms("lab", configuration)
            .Services.BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ITokenClient>("lab");

        // A file that can't be used: the options stay as a whole, also the token.
        (configuration["CertificateAuthorityFile"], configuration["AccessToken"]) = (In("missing.pem"), "next-token");
        configuration.Reload();
        await CallAsync(client);
        Assert.That(_vendor.Requests[^1].Header("Xms-Auth-Token"), Is.EqualTo(Token));
        Assert.That(log.Lines, Has.Exactly(1).Contains("the reloaded options can't be used").And.Some.Contains(
            $"CertificateAuthorityFile '{In("missing.pem")}' doesn't exist."));

        // A file that can be used: the token is new, the transport stays, and the log says so.
        (configuration["CertificateAuthorityFile"], configuration["Proxy"]) = (Write("other.pem", other.Pem), "http://127.0.0.1:9");
        configuration.Reload();
        _vendor.CloseConnections();
        await CallAsync(client);
        Assert.That(_vendor.Requests[^1].Header("Xms-Auth-Token"), Is.EqualTo("next-token"));
        Assert.That(log.Lines, Has.Exactly(1).Contains("a reload changed CertificateAuthorityFile, Proxy, which is read once"));
    }

    private string WriteCertificate(string name)
    {
        using var certificate = _authority.Issue("inventory");
        using var key = certificate.GetECDsaPrivateKey()!;
        return Write(name, (name == "ca.pem" ? _authority.Pem : certificate.ExportCertificatePem() + "\n") + key.ExportECPrivateKeyPem());
    }

    private static IConfigurationRoot Configuration(Dictionary<string, string?> settings)
        => new ConfigurationBuilder().AddInMemoryCollection(
            settings.Append(new("AccessToken", Token)).Append(new("MaxRetries", "0"))).Build();

    private static ServiceProvider Provider(Dictionary<string, string?> settings, Action<TokenConnectionBuilder>? change = null)
    {
        var services = new ServiceCollection();
        var connection = services.AddTokenwright().AddXms("lab", Configuration(settings));
        change?.Invoke(connection);
        return services.BuildServiceProvider();
    }

    private sealed class Passing : DelegatingHandler;
}
