using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Tokenwright.Rotation;
using Tokenwright.Testing;

#pragma warning disable IDE1006, SA1300 // The names are those that pages use for what a program has at hand.

namespace Tokenwright.DocsTests;

/// <summary>
/// The program that the pages assume: it has a client, an application builder whose configuration has a section for each vendor, and a log.
/// The code of a page runs as a method of a derived class.
/// </summary>
public abstract class Reader : IAsyncDisposable
{
    // Much longer than any machine needs.
    private static readonly Dictionary<string, string> Unhurried = new() { ["AttemptTimeout"] = "00:02:00", ["TotalTimeout"] = "00:05:00" };

    private ServiceProvider? _provider;
    private VendorSet? _vendors;
    private string? _vendor;

    /// <summary>A client of SailPoint; on a vendor's page, a client of that vendor.</summary>
    protected ITokenClient tokens => field ??= Open(_vendor!);

    /// <summary>The emulator that <see cref="tokens"/> is connected to.</summary>
    protected VendorEmulator emulator => _vendors![_vendor!];

    /// <summary>The application builder.</summary>
    protected HostApplicationBuilder builder { get; } = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());

    /// <summary>The builder's services.</summary>
    protected IServiceCollection services => builder.Services;

    /// <summary>The builder's configuration.</summary>
    protected IConfiguration configuration => builder.Configuration;

    /// <summary>A log.</summary>
    protected static ILogger logger => NullLogger.Instance;

    /// <summary>The logger factory.</summary>
    protected static ILoggerFactory loggerFactory => NullLoggerFactory.Instance;

    /// <summary>Runs the code of the page.</summary>
    public abstract Task RunAsync();

    internal void Begin(VendorSet vendors, string page)
    {
        _vendors = vendors;
        _vendor = vendors.Names.FirstOrDefault(vendor => vendor.Equals(page, StringComparison.OrdinalIgnoreCase)) ?? "SailPoint";
        builder.Configuration.AddInMemoryCollection(vendors.Names.SelectMany(vendor =>
            vendors[vendor].ConnectionSettings.Concat(Unhurried).SelectMany(setting => new[]
            {
                KeyValuePair.Create($"{vendor}:{setting.Key}", (string?)setting.Value),
                KeyValuePair.Create($"Tokenwright:{vendor}:{vendors[vendor].ConnectionName}:{setting.Key}", (string?)setting.Value),
            })));
    }

    // What a page registers must work: the program starts, every connection can read, every health check runs, and every background job
    // completes.
    internal async Task EndAsync()
    {
        if (builder.Services.All(service => service.ServiceType != typeof(TokenConnections)))
            return;
        using var host = builder.Build();
        await host.StartAsync();
        var rotator = host.Services.GetService<TokenRotator>();
        foreach (var job in host.Services.GetServices<IHostedService>().OfType<BackgroundService>()
            .Where(job => job.GetType().Assembly != typeof(TokenRotator).Assembly))
            await job.ExecuteTask!;
        if (rotator is not null)
            await IssuesAsync(rotator);
        foreach (var connection in host.Services.GetRequiredService<TokenConnections>().All)
            await ReadAsync(host.Services.GetRequiredKeyedService<ITokenClient>(connection.Name));
        if (host.Services.GetService<HealthCheckService>() is { } health)
        {
            var report = await health.CheckHealthAsync();
            Assert.That(
                report.Entries.Values, Is.Not.Empty.And.All.Property(nameof(HealthReportEntry.Status)).EqualTo(HealthStatus.Healthy));
        }

        await host.StopAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_provider is not null)
            await _provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Creates a client of a vendor.</summary>
    /// <param name="vendor">The vendor's name.</param>
    protected ITokenClient Open(string vendor)
    {
        _provider ??= AddAll(new ServiceCollection(), builder.Configuration).BuildServiceProvider();
        return _provider.GetRequiredKeyedService<ITokenClient>(vendor);
    }

    /// <summary>Simulates storing a secret.</summary>
    /// <param name="secret">The secret.</param>
    protected static void Store(string secret) => Assert.That(secret, Is.Not.Empty);

    // The background service runs as long as the program. Its first run issues a token for each lineage.
    private static async Task IssuesAsync(TokenRotator rotator)
    {
        while (await rotator.StatusAsync() is var all && all.Any(status => status.Stage != RotationStage.Done || status.Generation == 0))
        {
            Assert.That(all.Select(status => status.Attention), Is.All.Null);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static Task ReadAsync(ITokenClient client)
        => client.Metadata.Capabilities[TokenOperation.List].Support == OperationSupport.Unsupported
            ? client.GetAsync(TokenReference.Self) : client.ListAsync().AsPages().FirstAsync().AsTask();

    private static IServiceCollection AddAll(IServiceCollection services, ConfigurationManager configuration)
    {
        var builder = services.AddTokenwright();
        builder.AddExtremeCloudIQ("ExtremeCloudIQ", configuration.GetSection("ExtremeCloudIQ"));
        builder.AddFimidara("Fimidara", configuration.GetSection("Fimidara"));
        builder.AddSailPoint("SailPoint", configuration.GetSection("SailPoint"));
        builder.AddVMwareCloud("VMwareCloud", configuration.GetSection("VMwareCloud"));
        builder.AddXms("Xms", configuration.GetSection("Xms"));
        return services;
    }
}
