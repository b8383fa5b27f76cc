using System.Reflection;
using Microsoft.Extensions.Options;

namespace Tokenwright.Cli.Connections;

/// <summary>
/// Finds out what a vendor's connections need. The vendor's own validation of the options decides: a way to sign in is a smallest set of
/// settings that it accepts.
/// </summary>
internal static class SignInWays
{
    private static readonly Uri SomeAddress = new("https://localhost/v1");

    /// <summary>Gets the ways to sign in, each as the settings that it requires. The address isn't one of them.</summary>
    public static IReadOnlyList<IReadOnlyList<PropertyInfo>> Of(VendorEntry vendor)
    {
        var defaults = vendor.Descriptor.CreateOptions();
        PropertyInfo[] candidates = [.. vendor.OwnSettings.Where(setting => setting.GetValue(defaults) is null
            && (setting.PropertyType == typeof(string) || VendorEntry.IsSecret(setting)))];
        var ways = new List<IReadOnlyList<PropertyInfo>>();
        var sets = Enumerable.Range(0, 1 << candidates.Length).Select(bits => candidates.Where((_, i) => ((bits >> i) & 1) == 1).ToList());
        foreach (var set in sets.OrderBy(set => set.Count))
        {
            if (!ways.Exists(way => way.All(set.Contains)) && IsAccepted(vendor, set))
                ways.Add([.. set.OrderBy(VendorEntry.IsSecret)]);
        }

        return ways;
    }

    private static bool IsAccepted(VendorEntry vendor, IEnumerable<PropertyInfo> set)
    {
        var options = vendor.Descriptor.CreateOptions();
        options.BaseAddress ??= SomeAddress;
        foreach (var setting in set)
            setting.SetValue(options, VendorEntry.IsSecret(setting) ? SecretSource.FromTokenSecret(new TokenSecret("x")) : "x");
        return Problems(vendor, options).Count == 0;
    }

    /// <summary>Gets the problems of options, each with the vendor's setting that it names first; null if it names none.</summary>
    public static IReadOnlyList<(string? Setting, string Message)> Problems(VendorEntry vendor, ConnectionOptions options)
    {
        try
        {
            vendor.Descriptor.CreateClient("new", options).Dispose();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. ConnectionOpener.ProblemsOf(exception, vendor, "new")];
        }
    }
}
