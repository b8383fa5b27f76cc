using System.Net;
using Tokenwright.Http;

namespace Tokenwright.UnitTests;

// Environment variables belong to the whole process.
[NonParallelizable]
internal sealed class ProxySecretsTests
{
    private static readonly Uri Address = new("https://vendor.example/");

    [TestCase("http://user:pass%2Fword@proxy:3128", new[] { "pass%2Fword", "pass/word" })]
    [TestCase("user:pass@proxy:3128", new[] { "pass" })]
    [TestCase("http://user:pa:ss@wo/rd@proxy:3128/", new[] { "pa:ss@wo/rd" })]
    [TestCase("socks5://user:pass@proxy", new[] { "pass" })]
    [TestCase("http://token@proxy", new[] { "token" })]
    [TestCase("user:pass@proxy/a://b", new[] { "pass" })]
    [TestCase("token@proxy/a://b", new[] { "token" })]
    [TestCase("user:pa://ss@proxy", new[] { "pa://ss" })]
    [TestCase("http://user:pa://ss@proxy", new[] { "pa://ss" })]
    [TestCase("us%3Aer:pass@proxy", new[] { "pass", "er:pass" })]
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
    public void A_transports_proxy_and_credentials_are_found_below_handlers()
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

    [Test]
    public void If_an_address_uses_no_proxy_its_user_is_not_a_proxys()
    {
        using var sockets = new SocketsHttpHandler { Proxy = new WebProxy(new Uri("http://proxy"), false, ["vendor.example"]) };

        Assert.That(ProxySecrets.Of(sockets, new Uri("https://user:password@vendor.example/")), Is.Empty);
    }

    // The encoded forms of each secret are computed once, and not kept for ever.
    [Test]
    public void The_secret_of_a_password_is_cached_until_there_are_many_others()
    {
        var first = Secret("the-first");
        Assert.That(Secret("the-first"), Is.SameAs(first));

        for (var i = 0; i < 100; i++)
            Secret($"another-{i}");

        Assert.That(Secret("the-first"), Is.EqualTo(first).And.Not.SameAs(first));

        static TokenSecret Secret(string password)
        {
            using var sockets = new SocketsHttpHandler { Proxy = new WebProxy(new Uri($"http://user:{password}@proxy")) };
            return ProxySecrets.Of(sockets, Address).Distinct().Single();
        }
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
