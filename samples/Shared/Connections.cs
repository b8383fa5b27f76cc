using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Tokenwright.Samples;

/// <summary>
/// The connections of a sample: those of a configuration file and the environment. If none is configured, the sample has a connection to an
/// emulator of each vendor.
/// </summary>
internal sealed class Connections : IAsyncDisposable
{
    private readonly EmulatorSet _emulators = new();
    private readonly ServiceProvider _provider;

    /// <summary>Creates the connections. It sends nothing.</summary>
    /// <param name="arguments">The program's arguments.</param>
    /// <exception cref="InvalidOperationException">The configuration contains an unknown vendor.</exception>
    public Connections(Arguments arguments)
    {
        var configuration = new ConfigurationBuilder();
        if (arguments.ConfigFile is { } file)
            configuration.AddJsonFile(Path.GetFullPath(file), optional: false);
        configuration.AddEnvironmentVariables();
        if (!configuration.Build().GetSection("Tokenwright").Exists())
        {
            configuration.AddInMemoryCollection(_emulators.Start(arguments.StoppedVendor));
            AreEmulated = true;
        }

        var services = new ServiceCollection();
        services.AddTokenwright().AddConnections(configuration.Build().GetSection("Tokenwright"));
        _provider = services.BuildServiceProvider();
    }

    /// <summary>Gets whether the connections lead to emulators.</summary>
    public bool AreEmulated { get; }

    /// <summary>Gets all connections.</summary>
    public IReadOnlyList<TokenConnection> All => _provider.GetRequiredService<TokenConnections>().All;

    /// <summary>Gets the client of a connection.</summary>
    public ITokenClient Client(TokenConnection connection) => _provider.GetRequiredKeyedService<ITokenClient>(connection.Name);

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _emulators.Dispose();
    }
}
