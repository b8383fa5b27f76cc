using Microsoft.Extensions.Configuration;
using Tokenwright.Testing;

namespace Tokenwright.Samples;

/// <summary>Emulators of the vendors, standing in for accounts.</summary>
internal sealed class EmulatorSet : IDisposable
{
    private readonly List<VendorEmulator> _running = [];

    /// <summary>Starts an emulator for each connection, and gives the settings that lead the connections to them.</summary>
    /// <param name="connections">The configuration: connections by vendor and name.</param>
    /// <param name="stopped">A vendor whose emulators are stopped again at once, as if it were down; or null.</param>
    public Dictionary<string, string?> StartFor(IConfigurationSection connections, string? stopped)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var connection in connections.GetChildren().SelectMany(vendor => vendor.GetChildren()))
        {
            var vendor = connection.Path.Split(ConfigurationPath.KeyDelimiter)[1];
            var emulator = VendorEmulators.Start(vendor);
            _running.Add(emulator);
            foreach (var (name, value) in emulator.ConnectionSettings)
                settings[ConfigurationPath.Combine(connection.Path, name)] = value;

            // Emulators share the machine with whatever else is busy there: far from any time that they need.
            settings[ConfigurationPath.Combine(connection.Path, nameof(ConnectionOptions.AttemptTimeout))] = "00:02:00";
            settings[ConfigurationPath.Combine(connection.Path, nameof(ConnectionOptions.TotalTimeout))] = "00:05:00";
            if (string.Equals(vendor, stopped, StringComparison.OrdinalIgnoreCase))
                emulator.Dispose();
        }

        return settings;
    }

    public void Dispose() => _running.ForEach(emulator => emulator.Dispose());
}
