using System.Net;
using Tokenwright.Http;

namespace Tokenwright.UnitTests;

// The environment is the whole process's.
[NonParallelizable]
internal sealed class ProxySecretsTests
{
    private static readonly Uri Address = new("https://vendor.example/");

    [TestCase("http://user:pass%2Fword@proxy:3128", new[] { "pass%2Fword", "pass/word" })]
    [TestCase("user:pass@proxy:3128", new[] { "pass" })]
    [TestCase("http://user:pa:ss@wo/rd@proxy:3128/", new[] { "pa:ss@wo/rd" })]
    [TestCase("socks5://user:pass@proxy", new[] { "pass" })]
    [TestCase("http://token@proxy", new[] { "token" })]
    [TestCase("http://proxy:3128", new string[0])]
    [TestCase("", new string[0])]
    [TestCase("@", new string[0])]
    public void Variables_are_read_as_the_framework_reads_them(string value, string[] secrets)
    {
        foreach (var variable in new[] { "http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY" })
        {
            var before = Environment.GetEnvironmentVariable(variable);
            Environment.SetEnvironmentVariable(variable, value);
            try
            {
                Assert.That(Secrets(null), Is.EqualTo(secrets), variable);
            }
            finally
            {
                Environment.SetEnvironmentVariable(variable, before);
            }
        }
    }

    [Test]
    public void A_transports_proxy_and_credentials_are_known_behind_handlers()
    {
        using var sockets = new SocketsHttpHandler
        {
            Proxy = new WebProxy(new Uri("http://user:in-address@proxy")) { Credentials = new NetworkCredential("user", "of-proxy") },
            DefaultProxyCredentials = new NetworkCredential("user", "by-default"),
            Credentials = new CredentialCache { { Address, "Digest", new NetworkCredential("user", "of-server") } },
        };
        using var client = new HttpClientHandler { Proxy = new Failing() };
        using var wrapped = new Passing(new Passing(sockets));

        Assert.That(Secrets(wrapped), Is.EquivalentTo(new[] { "in-address", "of-proxy", "by-default", "of-server" }));
        Assert.That(Secrets(client), Is.Empty, "a proxy that fails is told of where it is used");
    }

    private static IEnumerable<string> Secrets(HttpMessageHandler? transport)
        => ProxySecrets.Of(transport, Address).Select(secret => secret.Reveal()).Distinct();

    private sealed class Passing(HttpMessageHandler inner) : DelegatingHandler(inner);

    private sealed class Failing : IWebProxy
    {
        public ICredentials? Credentials
        {
            get => throw new InvalidOperationException();
            set => _ = value;
        }

        public Uri GetProxy(Uri destination) => throw new InvalidOperationException();

        public bool IsBypassed(Uri host) => throw new InvalidOperationException();
    }
}
