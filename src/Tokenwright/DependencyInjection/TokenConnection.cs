namespace Tokenwright;

/// <summary>Describes a connection: its name and its vendor.</summary>
public sealed record TokenConnection
{
    internal TokenConnection(string vendor, string name)
    {
        Vendor = vendor;
        Name = name;
    }

    /// <summary>Gets the vendor's name as this SDK writes it.</summary>
    public string Vendor { get; }

    /// <summary>Gets the connection's name, which is the key of its <see cref="ITokenClient"/>.</summary>
    public string Name { get; }
}
