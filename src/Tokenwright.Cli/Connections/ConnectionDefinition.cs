using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Connections;

/// <summary>Represents the settings of a connection before it is opened.</summary>
internal sealed class ConnectionDefinition(VendorEntry vendor, string name, string source, int line)
{
    public VendorEntry Vendor { get; } = vendor;

    public string Name { get; } = name;

    /// <summary>Gets the source in which the connection first appears.</summary>
    public string Source { get; } = source;

    public int Line { get; } = line;

    public Dictionary<string, Setting> Settings { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the problems of the settings. They affect this connection only.</summary>
    public ConfigProblems Problems { get; } = new();

    public string Path => $"{ConnectionsReader.Root}:{Vendor.Name}:{Name}";
}
