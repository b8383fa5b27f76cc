using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Tokenwright.SailPoint;
using Tokenwright.Testing;

namespace Tokenwright.UnitTests;

internal sealed class RegistrationTests
{
    [Test]
    public async Task A_connection_is_a_keyed_client_bound_from_configuration()
    {
        using var emulator = new SailPointEmulator();
        await using var provider = new ServiceCollection()
            .AddTokenwright().AddSailPoint("prod", Section(emulator.ConnectionSettings)).Services
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        var client = provider.GetRequiredKeyedService<ITokenClient>("prod");
        var tokens = await client.ListAsync().ToListAsync();

        Assert.That(tokens.Single().Name, Is.EqualTo("NodeJS Integration"));
        Assert.That((client.Metadata.Vendor, client.Metadata.Connection, client.Metadata.BaseAddress),
            Is.EqualTo(("SailPoint", "prod", emulator.BaseAddress)));
        Assert.That(provider.GetRequiredKeyedService<ITokenClient>("prod"), Is.SameAs(client));
        Assert.That(provider.GetRequiredService<TokenConnections>().All, Is.EqualTo(new[] { new TokenConnection("SailPoint", "prod") }));
    }

    [Test]
    public async Task Connections_of_one_vendor_do_not_share_options()
    {
        await using var provider = new ServiceCollection()
            .AddTokenwright().AddSailPoint("a", Valid("https://a.example")).Services
            .AddTokenwright().AddSailPoint("b", Valid("https://b.example")).Services
            .BuildServiceProvider();

        Assert.That(provider.GetRequiredKeyedService<ITokenClient>("a").Metadata.BaseAddress.Host, Is.EqualTo("a.example"));
        Assert.That(provider.GetRequiredKeyedService<ITokenClient>("b").Metadata.BaseAddress.Host, Is.EqualTo("b.example"));
    }

    [Test]
    public async Task A_configuration_adds_all_of_its_connections()
    {
        await using var provider = new ServiceCollection().AddTokenwright().AddConnections(Connections("sailpoint", "Xms")).Services
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        Assert.That(provider.GetRequiredService<TokenConnections>().All,
            Is.EqualTo(new[] { new TokenConnection("SailPoint", "sailpoint 1"), new TokenConnection("Xms", "Xms 1") }));
        Assert.That(provider.GetRequiredKeyedService<ITokenClient>("sailpoint 1").Metadata.BaseAddress.Host, Is.EqualTo("a.example"));
    }

    [Test]
    public void A_configuration_that_names_no_vendor_is_refused()
        => Assert.That(() => new ServiceCollection().AddTokenwright().AddConnections(Connections("SalePoint")),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "'Tokenwright:SalePoint' in the configuration is not a vendor; known are " +
                $"{string.Join(", ", TokenVendors.All)}."));

    [Test]
    public void Only_the_given_vendors_are_known()
        => Assert.That(() => new ServiceCollection().AddTokenwright().AddConnections(Connections("Xms"), [SailPointVendor.Instance]),
            Throws.InvalidOperationException.With.Message.EndsWith("is not a vendor; known are SailPoint."));

    [Test]
    public void A_vendor_is_described_without_a_connection()
    {
        foreach (var vendor in TokenVendors.All)
        {
            Assert.That(vendor.DisplayName, Is.Not.Empty);
            Assert.That(TokenVendors.Find(vendor.Name.ToUpperInvariant()), Is.SameAs(vendor));
            Assert.That(vendor.Kinds.Select(kind => kind.Key), Is.Unique);
            foreach (var (kind, options) in vendor.Kinds)
                Assert.That(vendor.GetCapabilities(options).Operations, Is.Not.Empty, $"{vendor} {kind}");
        }

        Assert.That(TokenVendors.Find("SalePoint"), Is.Null);
    }

    [Test]
    public void Options_of_another_vendor_are_refused()
        => Assert.That(() => SailPointVendor.Instance.CreateClient("lab", new Xms.XmsOptions()),
            Throws.ArgumentException.With.Message.StartsWith("SailPoint has options of type SailPointOptions, not XmsOptions."));

    [Test]
    public void Two_connections_of_one_name_are_refused()
        => Assert.That(
            () => new ServiceCollection().AddTokenwright().AddSailPoint("prod", Valid("https://a.example")).Services.AddTokenwright()
                .AddSailPoint("prod", Valid("https://b.example")),
            Throws.InvalidOperationException.With.Message.Contains("'prod'"));

    [Test]
    public void A_misspelt_key_is_named()
    {
        using var provider = new ServiceCollection()
            .AddTokenwright()
                .AddSailPoint("prod", Section(new Dictionary<string, string> { ["BaseAdress"] = "https://a.example" })).Services
            .BuildServiceProvider();

        Assert.That(() => provider.GetRequiredKeyedService<ITokenClient>("prod"),
            Throws.InvalidOperationException.With.Message.Contains("BaseAdress"));
    }

    [Test]
    public void Wrong_options_stop_the_host_at_its_start_and_are_all_listed()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddTokenwright().AddSailPoint("prod", options => options.BaseAddress = new Uri("http://a.example"));
        using var host = builder.Build();

        var exception = Assert.CatchAsync<OptionsValidationException>(async () => await host.StartAsync())!;

        Assert.That(exception.Failures.ToList(), Has.Count.EqualTo(3).And.All.StartsWith("SailPoint connection 'prod': "));
    }

    [Test]
    public async Task Reloaded_configuration_reaches_the_next_request()
    {
        using var vendor = new VendorServer();
        vendor.On("POST", "/oauth/token",
            request => VendorResponse.Json(200, $$"""{"access_token":"for {{request.Form()["client_secret"]}}"}"""));
        vendor.On("GET", "/v2025/personal-access-tokens", VendorResponse.Json(200, "[]"));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["BaseAddress"] = vendor.BaseAddress.ToString(), ["ClientId"] = "id", ["ClientSecret"] = "old",
        }).Build();
        await using var provider =
            new ServiceCollection().AddTokenwright().AddSailPoint("prod", configuration).Services.BuildServiceProvider();
        var client = provider.GetRequiredKeyedService<ITokenClient>("prod");

        await client.ListAsync().ToListAsync();
        configuration["ClientSecret"] = "new";
        configuration.Reload();
        await client.ListAsync().ToListAsync();

        Assert.That(vendor.Requests[^1].Header("Authorization"), Is.EqualTo("Bearer for new"));
    }

    [Test]
    public async Task Decorators_wrap_the_client_in_order()
    {
        var order = new List<string>();
        var services = new ServiceCollection();
        services.AddTokenwright().AddSailPoint("prod", Valid("https://a.example"))
            .Use((inner, _) => new Wrapper(inner, "outer", order))
            .Use((inner, provider) =>
                new Wrapper(inner, provider.GetRequiredService<TimeProvider>() == TimeProvider.System ? "inner" : "?", order));
        await using var provider = services.BuildServiceProvider();

        _ = provider.GetRequiredKeyedService<ITokenClient>("prod").Metadata;

        Assert.That(order, Is.EqualTo(new[] { "outer", "inner" }));
    }

    [Test]
    public async Task A_transport_can_be_replaced()
    {
        var services = new ServiceCollection();
        services.AddTokenwright()
            .AddSailPoint("prod", Valid("https://a.example")).Http.ConfigurePrimaryHttpMessageHandler(() => new Refusing());
        await using var provider = services.BuildServiceProvider();

        Assert.That(
            async () => await provider.GetRequiredKeyedService<ITokenClient>("prod").ListAsync().ToListAsync(),
            Throws.TypeOf<TokenServiceUnavailableException>().With.Message.Contains("no network here"));
    }

    private static Action<SailPointOptions> Valid(string address) => options =>
    {
        options.BaseAddress = new Uri(address);
        options.ClientId = "id";
        options.ClientSecret = new TokenSecret("secret");
    };

    private static IConfigurationRoot Section(IReadOnlyDictionary<string, string> settings)
        => new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build();

    private sealed class Wrapper(ITokenClient inner, string name, List<string> order) : DelegatingTokenClient(inner)
    {
        public override TokenClientMetadata Metadata
        {
            get
            {
                order.Add(name);
                return base.Metadata;
            }
        }
    }

    private sealed class Refusing : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            => throw new HttpRequestException("no network here");
    }

    // One connection for each vendor.
    private static IConfigurationSection Connections(params string[] vendors)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var vendor in vendors)
        {
            var connection = $"Tokenwright:{vendor}:{vendor} 1:";
            settings[connection + "BaseAddress"] = "https://a.example/v1";
            settings[connection + (vendor == "Xms" ? "AccessToken" : "ClientSecret")] = "a-secret";
            if (vendor != "Xms")
                settings[connection + "ClientId"] = "id";
        }

        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Tokenwright");
    }
}
