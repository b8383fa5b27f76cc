using System.Net;
using Microsoft.Extensions.Options;
using Tokenwright.Testing;
using Tokenwright.Xms;

namespace Tokenwright.UnitTests;

/// <summary>The proxy in a connection's options. It is a real one, which opens tunnels and knows a user.</summary>
// The machine's proxy belongs to the whole process.
[NonParallelizable]
internal sealed class ConnectionProxyTests : TransportFixture
{
    private const string Vendor = "vendor.example";
    private const string Password = "pr0xy-W8kq3Zv7Tn5Rb2";

    private ConnectProxy _proxy = null!;

    [SetUp]
    public void StartProxy()
    {
        var server = Opened(new TlsServer(Opened(_authority.Issue(Vendor)), _vendor.BaseAddress.Port));
        _proxy = new ConnectProxy(server.Port);
    }

    [TearDown]
    public void StopProxy() => _proxy.Dispose();

    [Test]
    public async Task Requests_go_through_the_proxy_and_the_host_name_is_checked_at_the_vendor()
    {
        Assert.That(await CallAsync(Through(_proxy)), Is.Not.Null);
        Assert.That(_proxy.Requests, Is.EqualTo(new[] { $"CONNECT {Vendor}:443 HTTP/1.1" }));
        Assert.That(() => CallAsync(Through(_proxy, options => options.BaseAddress = new Uri("https://other.example/v1"))),
            Throws.TypeOf<TokenServiceUnavailableException>().With.Message.Contains("The certificate is for another host"));
    }

    [Test]
    public async Task The_user_and_the_password_go_to_the_proxy_alone()
    {
        _proxy.Required = $"me:{Password}";

        Assert.That(await CallAsync(Through(_proxy, SignedIn)), Is.Not.Null);
        Assert.That(_proxy.Credentials, Is.EqualTo(new[] { $"me:{Password}" }));
        Assert.That(_vendor.Requests.Single().Header("Proxy-Authorization"), Is.Null);
    }

    [Test]
    public void A_wrong_password_is_named_by_its_option_and_not_shown()
    {
        _proxy.Required = "me:another";

        var failure = Failure<TokenServiceUnavailableException>(Through(_proxy, options =>
        {
            SignedIn(options);
            options.MaxRetries = 3;
        }));

        Assert.That(failure.Message, Does.EndWith(
            $"The proxy {new Uri(_proxy.Address).Authority} requires a user and a password (HTTP 407). It rejects ProxyUsername or " +
            "ProxyPassword."));
        Assert.That(failure.ToString(), Does.Not.Contain("W8kq3Zv7"));
        Assert.That((failure.IsTransient, _proxy.Requests.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void Without_a_user_the_message_names_the_options()
    {
        _proxy.Required = "me:another";

        Assert.That(Failure<TokenServiceUnavailableException>(Through(_proxy)).Message,
            Does.EndWith("(HTTP 407). Set Proxy, ProxyUsername and ProxyPassword."));
    }

    // A response from the vendor's side can repeat what the proxy got.
    [Test]
    public void The_password_is_redacted_in_what_the_vendor_says()
    {
        _vendor.On("GET", "/v1/access-tokens/7", VendorResponse.Json(
            409, $$"""{"message":"{{Password}} and {{Convert.ToBase64String("me:"u8.ToArray().Concat(
                System.Text.Encoding.UTF8.GetBytes(Password)).ToArray())}}"}"""));

        Assert.That(Failure<TokenConflictException>(Through(_proxy, SignedIn)).ToString(),
            Does.Contain("***").And.Not.Contain("W8kq3Zv7").And.Not.Contain("VzhrcTNadj"));
    }

    [Test]
    public async Task A_password_that_changes_in_its_file_is_used_for_the_next_network_connection()
    {
        var file = Write("password", "first");
        _proxy.Required = "me:first";
        var client = Through(_proxy, options =>
            (options.ProxyUsername, options.ProxyPassword) = ("me", new SecretSource { File = file }));
        await CallAsync(client);

        Write("password", "second");
        _proxy.Required = "me:second";
        _vendor.CloseConnections();
        await CallAsync(client);

        Assert.That(_proxy.Credentials, Is.EqualTo(new[] { "me:first", "me:second" }));
    }

    // Otherwise it would be unknown whether the token exists.
    [Test]
    public void A_password_that_can_t_be_read_means_that_nothing_was_sent()
    {
        var client = Through(_proxy, options =>
            (options.ProxyUsername, options.ProxyPassword) = ("me", new SecretSource { File = In("missing") }));

        var failure = Assert.CatchAsync<TokenAuthenticationException>(async () => await client.CreateAsync(
            new() { Name = "n", Roles = [new("admin")], Expiry = TokenExpiry.Never }))!;

        Assert.That(failure.Message, Does.Contain("ProxyPassword: The secret can't be read from the file"));
        Assert.That(_proxy.Requests, Is.Empty);
    }

    [Test]
    public async Task A_proxy_with_an_https_address_is_checked_by_the_same_authorities()
    {
        var server = Opened(new TlsServer(Opened(_authority.Issue(Vendor)), _vendor.BaseAddress.Port));
        var secure = Opened(new ConnectProxy(server.Port, Opened(_authority.Issue("127.0.0.1"))) { Required = $"me:{Password}" });
        var wrong = Opened(new ConnectProxy(server.Port, Opened(_authority.Issue("elsewhere.example"))));

        Assert.That(await CallAsync(Through(secure, SignedIn)), Is.Not.Null);
        Assert.That(() => CallAsync(Through(wrong)),
            Throws.TypeOf<TokenServiceUnavailableException>().With.Property("IsTransient").False);
        Assert.That(wrong.Requests, Is.Empty);
    }

    [Test]
    public async Task A_SOCKS_proxy_gets_the_host_name_the_user_and_the_password()
    {
        var server = Opened(new TlsServer(Opened(_authority.Issue(Vendor)), _vendor.BaseAddress.Port));
        using var socks = new SocksProxy(server.Port);

        Assert.That(await CallAsync(Through(_proxy, options =>
        {
            SignedIn(options);
            options.Proxy = socks.Address;
        })), Is.Not.Null);
        Assert.That(socks.Requests, Is.EqualTo(new[] { $"me:{Password}@{Vendor}" }));
    }

    [TestCase(null, true)]
    [TestCase("none", false)]
    [TestCase("None", false)]
    public void None_switches_the_machines_proxy_off(string? value, bool isUsed)
    {
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(_proxy.Address);
        try
        {
            var call = () => CallAsync(Through(_proxy, options =>
                (options.BaseAddress, options.Proxy) = (new Uri("https://no-such-host.invalid/v1"), value)));
            Assert.That(call, Throws.TypeOf<TokenServiceUnavailableException>());
            Assert.That(_proxy.Requests, Has.Count.EqualTo(isUsed ? 1 : 0));
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    [Test]
    public async Task The_proxy_of_the_options_comes_before_the_machines()
    {
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy("http://127.0.0.1:9");
        try
        {
            Assert.That(await CallAsync(Through(_proxy)), Is.Not.Null);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    [TestCase("", "Proxy is empty; for no proxy, set it to none.")]
    [TestCase("proxy.example:3128", "Proxy must be an address with its scheme (http, https, socks5)")]
    [TestCase("proxy", "Proxy must be an address with its scheme")]
    [TestCase("ftp://proxy.example", "Proxy must be an address with its scheme")]
    [TestCase("http://me:W8kq3Zv7@proxy.example:3128", "Proxy must contain no user and no password; set ProxyUsername and ProxyPassword.")]
    [TestCase("http://proxy.example:3128/path", "Proxy must be only a scheme, a host and a port.")]
    public void An_address_that_can_t_be_used_is_refused_without_showing_it(string value, string said)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => Through(_proxy, options => options.Proxy = value))!;

        Assert.That(refused.Failures, Has.Exactly(1).StartsWith($"Xms connection 'lab': {said}"));
        Assert.That(refused.ToString(), Does.Not.Contain("W8kq3Zv7"));
    }

    [TestCase(null, "me", true, "ProxyUsername is set, and Proxy has no address")]
    [TestCase("none", null, true, "ProxyPassword is set, and Proxy has no address")]
    [TestCase("http://proxy.example", "me", false, "ProxyPassword is missing")]
    [TestCase("http://proxy.example", null, true, "ProxyUsername is missing")]
    [TestCase("http://proxy.example", "m:e", true, "ProxyUsername has a colon")]
    public void A_user_and_a_password_belong_together(string? proxy, string? user, bool hasPassword, string said)
        => Assert.That(
            () => Through(_proxy, options => (options.Proxy, options.ProxyUsername, options.ProxyPassword) =
                (proxy, user, hasPassword ? new TokenSecret(Password) : null)),
            Throws.TypeOf<OptionsValidationException>().With.Message.StartsWith($"Xms connection 'lab': {said}"));

    private static void SignedIn(XmsOptions options)
        => (options.ProxyUsername, options.ProxyPassword) = ("me", new TokenSecret(Password));

    private XmsTokenClient Through(ConnectProxy proxy, Action<XmsOptions>? change = null) => Open($"https://{Vendor}", options =>
    {
        options.CertificateAuthorityFile = Write("ca.pem", _authority.Pem);
        options.Proxy = proxy.Address;
        change?.Invoke(options);
    });
}
