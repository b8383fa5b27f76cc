using System.Reflection;

namespace Tokenwright.Testing;

/// <summary>The emulators of this package, by the names of their vendors.</summary>
public static class VendorEmulators
{
    // An emulator is named after its vendor, so that a new one is found without being listed anywhere.
    private static readonly Dictionary<string, Type> Types = typeof(VendorEmulator).Assembly.GetExportedTypes()
        .Where(type => type.IsSubclassOf(typeof(VendorEmulator)) && !type.IsAbstract)
        .ToDictionary(type => type.Name[..^"Emulator".Length], StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the names of the vendors, in alphabetical order.</summary>
    public static IReadOnlyList<string> Vendors { get; } = [.. Types.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Starts the emulator of a vendor.</summary>
    /// <param name="vendor">The vendor's name, in any case.</param>
    /// <param name="options">How it is to run; null for a free port, the system's clock, and the live service's behaviour.</param>
    /// <returns>The emulator, which listens.</returns>
    /// <exception cref="ArgumentException">There is no emulator of the vendor.</exception>
    /// <example>
    /// <code>
    /// using Tokenwright.Testing;
    ///
    /// using var emulator = VendorEmulators.Start("SailPoint");
    /// emulator.Add(new EmulatedToken { Name = "build server" });
    /// Console.WriteLine($"{emulator.Vendor} responds at {emulator.BaseAddress}");
    /// </code>
    /// </example>
    public static VendorEmulator Start(string vendor, EmulatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(vendor);
        if (!Types.TryGetValue(vendor, out var type))
            throw new ArgumentException($"There is no emulator of '{vendor}'; known are {string.Join(", ", Vendors)}.", nameof(vendor));
        var constructor = type.GetConstructor([typeof(EmulatorOptions)])!;
        return (VendorEmulator)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [options], null);
    }
}
