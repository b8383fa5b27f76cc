using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Tokenwright.UnitTests;

namespace Tokenwright.CliTests;

/// <summary>The tool with certificates, a proxy and plain http, from each source of settings.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
internal sealed class TransportTests
{
    private const string Password = "pr0xy-W8kq3Zv7Tn5Rb2";
    private const string KeyPassword = "k3y-Vt6Rm2Xc9Lp4";

    [TestCase("file")]
    [TestCase("options")]
    [TestCase("environment")]
    public async Task Certificates_and_a_proxy_come_from_each_source_of_settings(string source)
    {
        using var place = new Place();
        var settings = place.Settings();
        var (set, environment) = ((string[])[], new Dictionary<string, string>());
        var inFile = new JsonObject { ["AccessToken"] = new JsonObject { ["File"] = "token" } };
        foreach (var (name, value) in settings)
        {
            if (source == "options")
                set = [.. set, "--set", $"Xms:lab:{name}={value}"];
            else if (source == "environment")
                environment[$"Tokenwright__Xms__lab__{name.Replace(":", "__", StringComparison.Ordinal)}"] = value;
            else if (name.Split(':') is [var secret, var member])
                inFile[secret] = new JsonObject { [member] = value };
            else
                inFile[name] = value;
        }

        var file = place.Write(inFile);
        var listed = await place.Workplace.RunAsync(["connections", "list", "-o", "json", "--config", file, .. set], environment);
        var tested = await place.Workplace.RunAsync(
            ["connections", "test", "--verbose", "--trace-file", "trace.jsonl", "--config", file, .. set], environment);

        Assert.Multiple(() =>
        {
            Assert.That(tested.ExitCode, Is.Zero, tested.ToString());
            Assert.That(place.Proxy.Credentials, Has.All.EqualTo($"me:{Password}").And.Not.Empty);
            Assert.That(place.Server.Clients, Has.All.EqualTo("CN=inventory, CN=Acme Test Root").And.Not.Empty);
            Assert.That(JsonNode.Parse(listed.Output)!["connections"]![0]!["network"]!.AsArray().Select(one => (string?)one),
                Is.EquivalentTo(settings.Where(setting => !setting.Key.Contains(':', StringComparison.Ordinal))
                    .Where(setting => setting.Key != "BaseAddress").Select(setting => $"{setting.Key}: {setting.Value}")),
                listed.ToString());
            foreach (var told in new[] { listed.Output, listed.Error, tested.Output, tested.Error,
                File.ReadAllText(place.Workplace.In("trace.jsonl")) })
                Assert.That(told, Does.Not.Contain("W8kq3Zv7").And.Not.Contain("Vt6Rm2Xc"));
        });
    }

    [Test]
    public async Task A_connection_is_added_with_certificates_and_a_proxy()
    {
        using var place = new Place();
        var arguments = place.Settings().SelectMany(setting => setting.Key.Split(':') is [var secret, _]
            ? ["--secret", $"{secret}=file:{setting.Value}"] : new[] { "-s", $"{setting.Key}={setting.Value}" });
        var environment = new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = place.Workplace.In("fresh") };

        var added = await place.Workplace.RunAsync(
            ["connections", "add", "lab", "--of", "Xms", .. arguments, "--secret", "AccessToken=file:token"], environment);
        var tested = await place.Workplace.RunAsync(["connections", "test"], environment);
        var missing = await place.Workplace.RunAsync(
            ["connections", "add", "two", "--of", "Xms", "-s", "BaseAddress=https://x.example/v1", "-s",
                "CertificateAuthorityFile=~/missing.pem", "--secret", "AccessToken=file:token"], environment);

        Assert.Multiple(() =>
        {
            Assert.That(added.ExitCode, Is.Zero, added.ToString());
            Assert.That(tested.ExitCode, Is.Zero, tested.ToString());
            Assert.That(missing.ExitCode, Is.EqualTo(2));
            Assert.That(missing.Error, Does.Contain("Tokenwright:Xms:two:CertificateAuthorityFile: CertificateAuthorityFile '" +
                $"{place.Workplace.In("missing.pem")}' doesn't exist."));
        });
    }

    // The machine's authorities are replaced, as curl and kubectl do it.
    [Test]
    [Platform("Linux")]
    public async Task An_authority_of_the_machine_is_trusted_unless_the_connection_has_its_own()
    {
        using var place = new Place();
        using var other = new TestAuthority("Another Root");
        var machine = new Dictionary<string, string> { ["SSL_CERT_FILE"] = place.Workplace.In("ca.pem"), ["SSL_CERT_DIR"] = "/nowhere" };
        var open = new JsonObject
        {
            ["BaseAddress"] = place.Settings()["BaseAddress"], ["MaxRetries"] = 0, ["Proxy"] = place.Open.Address,
            ["AccessToken"] = new JsonObject { ["File"] = "token" },
        };
        var trusted = await place.Workplace.RunAsync(["list", "--config", place.Write(open)], machine);
        var unknown = await place.Workplace.RunAsync(["list", "--config", place.Write(open)], null);
        open["CertificateAuthorityFile"] = place.Workplace.WritePrivate("other.pem", other.Pem);
        var replaced = await place.Workplace.RunAsync(["list", "--config", place.Write(open)], machine);

        Assert.Multiple(() =>
        {
            Assert.That(trusted.ExitCode, Is.Zero, trusted.ToString());
            Assert.That(unknown.ExitCode, Is.EqualTo(5), unknown.ToString());
            Assert.That(unknown.Error, Does.Contain("set CertificateAuthorityFile to a PEM file with the authority's certificate"));
            Assert.That(replaced.ExitCode, Is.EqualTo(5), replaced.ToString());
            Assert.That(replaced.Error, Does.Contain("doesn't have the authority that issued it"));
        });
    }

    [TestCase("http://me:W8kq3Zv7@proxy.example:3128", "Proxy must contain no user and no password; set ProxyUsername and ProxyPassword.")]
    [TestCase("proxy.example:3128", "Proxy must be an address with its scheme")]
    public async Task An_invalid_proxy_is_one_problem_at_its_line_and_not_shown(string proxy, string said)
    {
        using var place = new Place();
        var file = place.Write(new JsonObject
        {
            ["BaseAddress"] = "https://x.example/v1", ["AccessToken"] = new JsonObject { ["File"] = "token" }, ["Proxy"] = proxy,
        });

        var run = await place.Workplace.RunAsync("connections", "list", "--config", file);

        Assert.That(run.ExitCode, Is.EqualTo(2), run.ToString());
        Assert.That(run.Error, Does.Contain($"{file}:9: Tokenwright:Xms:lab:Proxy: {said}").And.Not.Contain("W8kq3Zv7"));
        Assert.That(run.Error.Split('\n').Count(line => line.Contains(file, StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Plain_http_to_another_address_works_only_by_name_and_is_warned_about_at_each_run()
    {
        using var place = new Place();
        using var outside = new OutsideServer(new Uri(place.Workplace.Emulators[0].ConnectionSettings["BaseAddress"]).Port);
        var settings = new JsonObject
        {
            ["BaseAddress"] = $"http://{outside.Authority}/v1", ["AccessToken"] = new JsonObject { ["File"] = "token" }, ["MaxRetries"] = 0,
        };
        var refused = await place.Workplace.RunAsync("list", "--config", place.Write(settings));
        settings["AllowHttp"] = true;
        var file = place.Write(settings);
        var said = $"warning: Xms connection 'lab': AllowHttp is set, and {outside.Authority} is reached by plain http.";

        Assert.That(refused.ExitCode, Is.EqualTo(2), refused.ToString());
        Assert.That(refused.Error, Does.Contain("would send the credential unencrypted").And.Contain("AllowHttp"));
        for (var i = 0; i < 2; i++)
        {
            var run = await place.Workplace.RunAsync("list", "--quiet", "--config", file);
            Assert.That(run.ExitCode, Is.Zero, run.ToString());
            Assert.That(run.Error, Does.Contain(said));
        }

        var create = await place.Workplace.RunAsync(
            "create", "--name", "x", "--role", "observer", "--reveal", "--dry-run", "--config", file);
        Assert.That(create.Error, Does.Contain(said), create.ToString());
    }

    /// <summary>A vendor behind TLS with a client certificate, behind a proxy with a password.</summary>
    private sealed class Place : IDisposable
    {
        private readonly TestAuthority _authority = new();
        private readonly X509Certificate2 _certificate;
        private readonly TlsServer _plain;

        public Place()
        {
            var port = new Uri(Workplace.Emulators[0].ConnectionSettings["BaseAddress"]).Port;
            _certificate = _authority.Issue("vendor.example");
            Server = new TlsServer(_certificate, port, clients: _authority);
            Proxy = new ConnectProxy(Server.Port) { Required = $"me:{Password}" };
            _plain = new TlsServer(_certificate, port);
            Open = new ConnectProxy(_plain.Port);
            Workplace.WritePrivate("token", Workplace.Emulators[0].ConnectionSettings["AccessToken"]);
            Workplace.WritePrivate("ca.pem", _authority.Pem);
        }

        public Workplace Workplace { get; } = new(connections: ["storage"]);

        public TlsServer Server { get; }

        public ConnectProxy Proxy { get; }

        /// <summary>Gets a proxy without a user, to a server that requires no certificate.</summary>
        public ConnectProxy Open { get; }

        public Dictionary<string, string> Settings()
        {
            using var client = _authority.Issue("inventory");
            using var key = client.GetECDsaPrivateKey()!;
            return new()
            {
                ["BaseAddress"] = "https://vendor.example/v1",
                ["Proxy"] = Proxy.Address,
                ["ProxyUsername"] = "me",
                ["ProxyPassword:File"] = Workplace.WritePrivate("proxy-password", Password + "\n"),
                ["CertificateAuthorityFile"] = Workplace.In("ca.pem"),
                ["ClientCertificateFile"] = Workplace.WritePrivate("client.pem", client.ExportCertificatePem()),
                ["ClientCertificateKeyFile"] = Workplace.WritePrivate("client.key", key.ExportEncryptedPkcs8PrivateKeyPem(
                    KeyPassword, new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000))),
                ["ClientCertificatePassword:File"] = Workplace.WritePrivate("key-password", KeyPassword + "\n"),
            };
        }

        /// <summary>Writes a connections file whose settings begin in line 5.</summary>
        public string Write(JsonObject settings)
            => Workplace.WritePrivate("c.json", new JsonObject
            {
                ["Tokenwright"] = new JsonObject { ["Xms"] = new JsonObject { ["lab"] = settings.DeepClone() } },
            }.ToJsonString(new() { WriteIndented = true }));

        public void Dispose()
        {
            Proxy.Dispose();
            Open.Dispose();
            Server.Dispose();
            _plain.Dispose();
            _certificate.Dispose();
            _authority.Dispose();
            Workplace.Dispose();
        }
    }
}
