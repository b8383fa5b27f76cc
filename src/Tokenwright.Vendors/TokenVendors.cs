using Tokenwright.ExtremeCloudIQ;
using Tokenwright.Fimidara;
using Tokenwright.SailPoint;
using Tokenwright.VMwareCloud;
using Tokenwright.Xms;

namespace Tokenwright;

/// <summary>Lists the vendors of this SDK.</summary>
public static class TokenVendors
{
    /// <summary>Gets all vendors, in alphabetical order.</summary>
    public static IReadOnlyList<TokenVendor> All { get; } =
    [
        ExtremeCloudIQVendor.Instance,
        FimidaraVendor.Instance,
        SailPointVendor.Instance,
        VMwareCloudVendor.Instance,
        XmsVendor.Instance,
    ];

    /// <summary>Finds a vendor by its name.</summary>
    /// <param name="name">The name, ignoring case.</param>
    /// <returns>The vendor; null if there is none with that name.</returns>
    public static TokenVendor? Find(string? name)
        => All.FirstOrDefault(vendor => string.Equals(vendor.Name, name, StringComparison.OrdinalIgnoreCase));
}
