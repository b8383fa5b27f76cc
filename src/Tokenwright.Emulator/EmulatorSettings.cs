using System.ComponentModel;
using System.Reflection;
using Tokenwright.Testing;

namespace Tokenwright.Emulator;

/// <summary>
/// Provides the settings of emulators by name. They are the properties that a program can set and that a text can express, so a new one
/// needs no change here.
/// </summary>
internal static class EmulatorSettings
{
    /// <summary>Gets the settings of all vendors, as text for people.</summary>
    public static string Known { get; } = Describe(VendorEmulators.Vendors);

    /// <summary>Gets the problem of an assignment such as <c>name=value</c>; null if at least one of the vendors has the setting.</summary>
    /// <param name="assignment">The assignment.</param>
    /// <param name="vendors">The vendors whose emulators are started.</param>
    public static string? ProblemOf(string assignment, IReadOnlyList<string> vendors)
    {
        if (assignment.Split('=', 2) is not [{ Length: > 0 } name, var value])
            return $"--set '{assignment}' isn't of the form name=value.";
        var found = vendors.Select(vendor => Find(TypeOf(vendor), name)).OfType<PropertyInfo>().ToList();
        if (found.Count == 0)
            return $"--set '{name}' is no setting of {string.Join(", ", vendors)}. The settings are {Describe(vendors)}.";
        return found.Select(setting => ProblemOf(setting, value)).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>Changes a setting if the emulator has it.</summary>
    /// <param name="emulator">The emulator.</param>
    /// <param name="assignment">An assignment without a problem.</param>
    public static void Apply(VendorEmulator emulator, string assignment)
    {
        var parts = assignment.Split('=', 2);
        if (Find(emulator.GetType(), parts[0]) is { } setting)
            setting.SetValue(emulator, Read(setting, parts[1]));
    }

    private static string? ProblemOf(PropertyInfo setting, string value)
    {
        try
        {
            Read(setting, value);
            return null;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            return $"--set {setting.Name} must be {KindOf(setting)}, not '{value}'.";
        }
    }

    private static object? Read(PropertyInfo setting, string value)
        => TypeDescriptor.GetConverter(setting.PropertyType).ConvertFromInvariantString(value);

    private static string KindOf(PropertyInfo setting) => (Nullable.GetUnderlyingType(setting.PropertyType) ?? setting.PropertyType) switch
    {
        var type when type == typeof(bool) => "true or false",
        var type when type == typeof(int) => "a whole number",
        var type when type == typeof(TimeSpan) => "a time such as 00:00:30",
        { IsEnum: true } type => string.Join(" or ", Enum.GetNames(type)),
        _ => "a text",
    };

    private static string Describe(IEnumerable<string> vendors)
        => string.Join("; ", vendors
            .Select(vendor => (Name: vendor, Own: Of(TypeOf(vendor)).Where(setting => setting.DeclaringType == setting.ReflectedType)))
            .Where(vendor => vendor.Own.Any())
            .Select(vendor => $"{vendor.Name}: {Names(vendor.Own)}")
            .Append($"all vendors: {Names(Of(typeof(VendorEmulator)))}"));

    private static string Names(IEnumerable<PropertyInfo> settings)
        => string.Join(", ", settings.Select(setting => $"{setting.Name} ({KindOf(setting)})"));

    private static PropertyInfo? Find(Type type, string name)
        => Of(type).FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<PropertyInfo> Of(Type type)
        => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(setting => setting.SetMethod is { IsPublic: true }
                && TypeDescriptor.GetConverter(setting.PropertyType).CanConvertFrom(typeof(string)))
            .OrderBy(setting => setting.Name, StringComparer.Ordinal);

    private static Type TypeOf(string vendor)
        => typeof(VendorEmulator).Assembly.GetType(
            $"{typeof(VendorEmulator).Namespace}.{vendor}Emulator", throwOnError: true, ignoreCase: true)!;
}
