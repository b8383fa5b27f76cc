using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Tokenwright.UnitTests;

/// <summary>Plain http to another machine: an address of this machine that isn't loopback.</summary>
// The machine's proxy belongs to the whole process.
[NonParallelizable]
internal sealed class PlainHttpTests : TransportFixture
{
    private const string Warning = "AllowHttp is set, and the base address at ";

    [Test]
    public async Task It_works_only_if_it_is_allowed_by_name_and_is_warned_about()
    {
        using var log = new LineLog();
        var address = Outside();

        Assert.That(() => Open(address), Throws.TypeOf<OptionsValidationException>().With.Message.Contains(
            $"BaseAddress '{address}' would send the credential unencrypted").And.Message.Contains("if AllowHttp is true"));
        Assert.That(await CallAsync(Open(address, Allow, new() { LoggerFactory = log })), Is.Not.Null);
        Assert.That(log.Lines, Has.Exactly(1).StartsWith($"Xms connection 'lab': {Warning}{new Uri(address).Authority} is plain http."));
    }

    [Test]
    public async Task A_program_with_a_container_is_warned_once_when_it_starts()
    {
        using var log = new LineLog();
        var address = Outside();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<ILoggerFactory>(log);
        builder.Services.AddTokenwright().AddXms("lab", options =>
            (options.BaseAddress, options.AccessToken, options.AllowHttp) = (new Uri($"{address}/v1"), new TokenSecret(Token), true));
        using var host = builder.Build();

        await host.StartAsync();
        Assert.That(log.Lines.Where(line => line.Contains(Warning, StringComparison.Ordinal)), Has.Exactly(1).Items);
        await CallAsync(host.Services.GetRequiredKeyedService<ITokenClient>("lab"));

        Assert.That(log.Lines.Where(line => line.Contains(Warning, StringComparison.Ordinal)), Has.Exactly(1).Items);
        await host.StopAsync();
    }

    [Test]
    public void Https_and_loopback_are_not_warned_about()
    {
        using var log = new LineLog();
        foreach (var address in new[] { "https://vendor.example", "http://127.0.0.1:9", "http://localhost:9" })
            Open(address, Allow, new() { LoggerFactory = log });

        Assert.That(log.Lines, Is.Empty);
    }

    [Test]
    public async Task It_does_not_use_the_machines_proxy()
    {
        var address = Outside();
        using var proxy = new ConnectProxy(_vendor.BaseAddress.Port);
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(proxy.Address);
        try
        {
            Assert.That(await CallAsync(Open(address, Allow)), Is.Not.Null);
            Assert.That(proxy.Requests, Is.Empty);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    [Test]
    public async Task It_uses_a_proxy_of_the_options_if_it_is_allowed_by_name()
    {
        using var proxy = new ConnectProxy(_vendor.BaseAddress.Port) { Required = "me:pr0xy-passw0rd" };
        void Through(Xms.XmsOptions options) => (options.Proxy, options.ProxyUsername, options.ProxyPassword) =
            (proxy.Address, "me", new TokenSecret("pr0xy-passw0rd"));

        Assert.That(await CallAsync(Open("http://xms.example", options =>
        {
            Allow(options);
            Through(options);
        })), Is.Not.Null);
        Assert.That(proxy.Requests, Is.EqualTo(new[] { "GET http://xms.example/v1/access-tokens/7 HTTP/1.1" }));

        Assert.That(() => Open(_vendor.BaseAddress.ToString().TrimEnd('/'), Through), Throws.TypeOf<OptionsValidationException>()
            .With.Message.Contains("Proxy would carry the plain http of BaseAddress to another machine"));
    }

    [Test]
    public void A_proxy_that_refuses_plain_http_is_not_the_vendors_refusal()
    {
        using var proxy = new ConnectProxy(_vendor.BaseAddress.Port) { Required = "me:another" };
        var client = Open("http://xms.example", options =>
        {
            Allow(options);
            options.Proxy = proxy.Address;
        });

        Assert.That(Failure<TokenServiceUnavailableException>(client).Message,
            Does.Contain("The proxy requires a user and a password. Set Proxy, ProxyUsername and ProxyPassword."));
    }

    private static void Allow(Xms.XmsOptions options) => options.AllowHttp = true;

    private string Outside() => $"http://{Opened(new OutsideServer(_vendor.BaseAddress.Port)).Authority}";
}
