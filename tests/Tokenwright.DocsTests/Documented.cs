using System.Text.RegularExpressions;
using Tokenwright.Testing;

namespace Tokenwright.DocsTests;

/// <summary>
/// Replaces the examples of the pages. Pages contain addresses of fictional tenants, read secrets from environment variables and files, and
/// read configuration. While a page runs, all of these lead to emulators.
/// </summary>
internal sealed partial class Documented : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenwright-docs").FullName;
    private readonly Dictionary<string, string> _texts;
    private readonly VendorSet _vendors;

    public Documented(VendorSet vendors)
    {
        _vendors = vendors;
        var settings = vendors.Names.ToDictionary(vendor => vendor, vendor => vendors[vendor].ConnectionSettings);
        _texts = new()
        {
            ["https://acme.api.identitynow.com"] = settings["SailPoint"]["BaseAddress"],
            ["https://xms.acme.example/api/v1"] = settings["Xms"]["BaseAddress"],
            ["/run/secrets/xms-token"] = Written("xms-token", settings["Xms"]["AccessToken"]),
            ["/var/lib/issuer"] = _folder,
            ["/var/lib/app"] = _folder,
            ["/run/app"] = _folder,
            ["/run/secrets/rotation-key"] = Written("rotation-key", Convert.ToBase64String(new byte[32])),
        };
        Variables = new Dictionary<string, string>
        {
            ["CSP_API_TOKEN"] = settings["VMwareCloud"]["ApiToken"],
            ["FIMIDARA_TOKEN"] = settings["Fimidara"]["Token"],
            ["FIMIDARA_WORKSPACE_ID"] = settings["Fimidara"]["WorkspaceId"],
            ["SAIL_BASE_URL"] = settings["SailPoint"]["BaseAddress"],
            ["SAIL_CLIENT_ID"] = settings["SailPoint"]["ClientId"],
            ["SAIL_CLIENT_SECRET"] = settings["SailPoint"]["ClientSecret"],
            ["VMWARE_ID_TOKEN"] = VMwareCloudEmulator.IdToken.Reveal(),
            ["XIQ_API_TOKEN"] = settings["ExtremeCloudIQ"]["ApiToken"],
            ["XMS_ACCESS_TOKEN"] = settings["Xms"]["AccessToken"],
            ["XMS_BASE_URL"] = settings["Xms"]["BaseAddress"],
        };
        foreach (var (name, value) in Variables)
            Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>Gets the environment variables that pages read.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>Gets the texts that pages contain as examples.</summary>
    public IReadOnlyCollection<string> Texts => _texts.Keys;

    public string Replace(string code)
        => OptionsWithoutAddress().Replace(
            _texts.Aggregate(code, (text, one) => text.Replace(one.Key, one.Value, StringComparison.Ordinal)),
            options => $"{options.Value} BaseAddress = new " +
                $"Uri(\"{_vendors[options.Groups["vendor"].Value].ConnectionSettings["BaseAddress"]}\"),");

    public void Dispose()
    {
        foreach (var name in Variables.Keys)
            Environment.SetEnvironmentVariable(name, null);
        Directory.Delete(_folder, recursive: true);
    }

    // Pages don't set the vendor's own address, because it is the default.
    [GeneratedRegex(@"new (?<vendor>ExtremeCloudIQ|Fimidara|VMwareCloud)Options\s*\{(?![^}]*BaseAddress)")]
    private static partial Regex OptionsWithoutAddress();

    private string Written(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path.Replace('\\', '/');
    }
}
