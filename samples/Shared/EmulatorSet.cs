using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Tokenwright.Testing;

namespace Tokenwright.Samples;

/// <summary>Emulators of all vendors, in place of accounts.</summary>
internal sealed class EmulatorSet : IDisposable
{
    private readonly List<VendorEmulator> _running = [];

    // A port that is bound but not listened on refuses connections, and no other program can take it.
    private readonly Socket _closedPort = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Starts an emulator of each vendor, and returns the settings of a connection to each.</summary>
    /// <param name="stopped">The vendor whose connection leads to a port that refuses connections, as if it were down; null for
    /// none.</param>
    public Dictionary<string, string?> Start(string? stopped)
    {
        _closedPort.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var settings = new Dictionary<string, string?>();
        foreach (var vendor in VendorEmulators.Vendors)
        {
            var emulator = VendorEmulators.Start(vendor);
            _running.Add(emulator);
            var connection = ConfigurationPath.Combine("Tokenwright", vendor, emulator.ConnectionName);
            foreach (var (name, value) in emulator.ConnectionSettings)
                settings[ConfigurationPath.Combine(connection, name)] = value;

            // Emulators share a busy machine, so the timeouts are much longer than needed.
            settings[ConfigurationPath.Combine(connection, nameof(ConnectionOptions.AttemptTimeout))] = "00:02:00";
            settings[ConfigurationPath.Combine(connection, nameof(ConnectionOptions.TotalTimeout))] = "00:05:00";
            if (string.Equals(vendor, stopped, StringComparison.OrdinalIgnoreCase))
            {
                var address = ConfigurationPath.Combine(connection, nameof(ConnectionOptions.BaseAddress));
                settings[address] = AtClosedPort(settings[address]!);
            }
        }

        return settings;
    }

    public void Dispose()
    {
        _running.ForEach(emulator => emulator.Dispose());
        _closedPort.Dispose();
    }

    private string AtClosedPort(string address)
        => new UriBuilder(address) { Port = ((IPEndPoint)_closedPort.LocalEndPoint!).Port }.ToString();
}
