using System.Reflection;
using Tokenwright.Cli.Configuration;

namespace Tokenwright.Cli.Connections;

/// <summary>Describes a vendor for the tool: its descriptor, and the settings of its connections.</summary>
internal sealed class VendorEntry
{
    private VendorEntry(TokenVendor vendor)
    {
        Descriptor = vendor;
        Settings = vendor.CreateOptions().GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod?.IsPublic == true)
            .OrderBy(property => property.DeclaringType == typeof(ConnectionOptions))
            .ThenBy(property => property.MetadataToken)
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Gets all vendors.</summary>
    public static IReadOnlyList<VendorEntry> All { get; } = [.. TokenVendors.All.Select(vendor => new VendorEntry(vendor))];

    /// <summary>Gets the names of all vendors, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(vendor => vendor.Name));

    /// <summary>Gets the vendor's descriptor.</summary>
    public TokenVendor Descriptor { get; }

    /// <summary>Gets the vendor's name as this SDK writes it.</summary>
    public string Name => Descriptor.Name;

    /// <summary>Gets the settings of a connection, by name. The vendor's own settings come first.</summary>
    public IReadOnlyDictionary<string, PropertyInfo> Settings { get; }

    /// <summary>Gets the setting of the address.</summary>
    public PropertyInfo Address => Settings[nameof(ConnectionOptions.BaseAddress)];

    /// <summary>Gets the settings that the vendor's connections have and others don't.</summary>
    public IEnumerable<PropertyInfo> OwnSettings
        => Settings.Values.Where(setting => setting.DeclaringType != typeof(ConnectionOptions));

    /// <summary>Gets the settings that are secrets.</summary>
    public IEnumerable<string> Secrets => Settings.Values.Where(IsSecret).Select(setting => setting.Name);

    public static bool IsSecret(PropertyInfo setting) => setting.PropertyType == typeof(SecretSource);

    /// <summary>Determines whether a setting is the path of a file.</summary>
    public static bool IsPath(PropertyInfo setting)
        => setting.PropertyType == typeof(string) && setting.Name.EndsWith("File", StringComparison.Ordinal);

    /// <summary>Finds a vendor by its name, ignoring case.</summary>
    public static VendorEntry? Find(string name)
        => All.FirstOrDefault(vendor => string.Equals(vendor.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Gets the vendor with the name that the user wrote, ignoring case.</summary>
    /// <exception cref="CliException">There is no vendor with that name.</exception>
    public static VendorEntry Named(string name) => Find(name) ?? throw new CliException($"'{name}' is not a vendor; {Known(name)}");

    /// <summary>Gets a list of the known vendors for a message about an unknown one.</summary>
    public static string Known(string name)
        => $"known are {Names}." + Suggestion.Sentence(name, All.Select(vendor => vendor.Name));
}
