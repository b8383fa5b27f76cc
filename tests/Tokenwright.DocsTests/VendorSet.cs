using Tokenwright.Testing;

namespace Tokenwright.DocsTests;

/// <summary>Emulators of the vendors. Each is started on first use.</summary>
public sealed class VendorSet : IDisposable
{
    private readonly Dictionary<string, Lazy<VendorEmulator>> _emulators = VendorEmulators.Vendors.ToDictionary(
        vendor => vendor, vendor => new Lazy<VendorEmulator>(() => VendorEmulators.Start(vendor)), StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the names of all vendors.</summary>
    public IEnumerable<string> Names => _emulators.Keys;

    /// <summary>Returns the emulator of a vendor.</summary>
    /// <param name="vendor">The vendor's name.</param>
    public VendorEmulator this[string vendor] => _emulators[vendor].Value;

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var emulator in _emulators.Values.Where(emulator => emulator.IsValueCreated))
            emulator.Value.Dispose();
    }
}
