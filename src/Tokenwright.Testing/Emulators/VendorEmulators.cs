using System.Reflection;

namespace Tokenwright.Testing;

/// <summary>Provides the emulators of this package by vendor.</summary>
public static class VendorEmulators
{
    // The name of an emulator's class begins with its vendor, so that a new one is found without a list.
    private static readonly Dictionary<string, Type> Types = typeof(VendorEmulator).Assembly.GetExportedTypes()
        .Where(type => type.IsSubclassOf(typeof(VendorEmulator)) && !type.IsAbstract)
        .ToDictionary(type => type.Name[..^"Emulator".Length], StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the names of the vendors, in alphabetical order.</summary>
    public static IReadOnlyList<string> Vendors { get; } = [.. Types.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Starts the emulator of a vendor.</summary>
    /// <param name="vendor">The vendor's name, ignoring case.</param>
    /// <param name="options">The options; null for a free port, the system clock, and the live service's behavior.</param>
    /// <returns>The running emulator.</returns>
    /// <exception cref="ArgumentException">There is no emulator for the vendor.</exception>
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
