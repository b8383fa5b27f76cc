using Tokenwright.Testing;

namespace Tokenwright.DocsTests;

/// <summary>Emulators of the vendors; each starts when it is first asked for.</summary>
public sealed class VendorSet : IDisposable
{
    private readonly Dictionary<string, Lazy<VendorEmulator>> _emulators = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ExtremeCloudIQ"] = new(() => new ExtremeCloudIQEmulator()),
        ["Fimidara"] = new(() => new FimidaraEmulator()),
        ["SailPoint"] = new(() => new SailPointEmulator()),
        ["VMwareCloud"] = new(() => new VMwareCloudEmulator()),
        ["Xms"] = new(() => new XmsEmulator()),
    };

    /// <summary>The names of all vendors.</summary>
    public IEnumerable<string> Names => _emulators.Keys;

    /// <summary>The emulator of a vendor.</summary>
    /// <param name="vendor">The vendor's name.</param>
    public VendorEmulator this[string vendor] => _emulators[vendor].Value;

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var emulator in _emulators.Values.Where(emulator => emulator.IsValueCreated))
            emulator.Value.Dispose();
    }
}
