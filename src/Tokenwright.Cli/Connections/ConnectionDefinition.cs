namespace Tokenwright.Cli.Connections;

/// <summary>A connection as its settings describe it, before it is opened.</summary>
internal sealed class ConnectionDefinition(VendorEntry vendor, string name, string source, int line)
{
    public VendorEntry Vendor { get; } = vendor;

    public string Name { get; } = name;

    /// <summary>Gets where it was first named.</summary>
    public string Source { get; } = source;

    public int Line { get; } = line;

    public Dictionary<string, Setting> Settings { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string Path => $"{ConnectionsReader.Root}:{Vendor.Name}:{Name}";
}
