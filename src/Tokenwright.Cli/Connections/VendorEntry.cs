using System.Reflection;
using Microsoft.Extensions.Logging;
using Tokenwright.ExtremeCloudIQ;
using Tokenwright.Fimidara;
using Tokenwright.SailPoint;
using Tokenwright.VMwareCloud;
using Tokenwright.Xms;

namespace Tokenwright.Cli.Connections;

/// <summary>A vendor that the tool knows: its name, what its connections can be told, and how to open one.</summary>
internal sealed class VendorEntry
{
    private readonly Func<ConnectionOptions> _newOptions;
    private readonly Func<string, ConnectionOptions, HttpMessageHandler?, TimeProvider, ILoggerFactory?, ITokenClient> _open;
    private readonly string _sampleSecret;

    private VendorEntry(
        string name,
        string title,
        string sampleSecret,
        Func<ConnectionOptions> newOptions,
        Func<string, ConnectionOptions, HttpMessageHandler?, TimeProvider, ILoggerFactory?, ITokenClient> open)
    {
        Name = name;
        Title = title;
        _sampleSecret = sampleSecret;
        _newOptions = newOptions;
        _open = open;
        Settings = newOptions().GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod?.IsPublic == true)
            .OrderBy(property => property.DeclaringType == typeof(ConnectionOptions))
            .ThenBy(property => property.MetadataToken)
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Gets all vendors.</summary>
    public static IReadOnlyList<VendorEntry> All { get; } =
    [
        Entry<ExtremeCloudIQOptions>(
            ExtremeCloudIQTokenClient.VendorName, "ExtremeCloud IQ", nameof(ExtremeCloudIQOptions.ApiToken),
            (name, options, transport, clock, logs) => new ExtremeCloudIQTokenClient(name, options, transport, clock, logs)),
        Entry<FimidaraOptions>(FimidaraTokenClient.VendorName, "fimidara", nameof(FimidaraOptions.Token), (name, options, transport, clock,
            logs) => new FimidaraTokenClient(name, options, transport, clock, logs)),
        Entry<SailPointOptions>(
            SailPointTokenClient.VendorName, "SailPoint Identity Security Cloud", nameof(SailPointOptions.ClientSecret),
            (name, options, transport, clock, logs) => new SailPointTokenClient(name, options, transport, clock, logs)),
        Entry<VMwareCloudOptions>(
            VMwareCloudTokenClient.VendorName, "VMware Cloud Services", nameof(VMwareCloudOptions.ApiToken), (name, options, transport,
            clock, logs) => new VMwareCloudTokenClient(name, options, transport, clock, logs)),
        Entry<XmsOptions>(XmsTokenClient.VendorName, "XSKY XMS", nameof(XmsOptions.AccessToken), (name, options, transport, clock, logs) =>
            new XmsTokenClient(name, options, transport, clock, logs)),
    ];

    /// <summary>Gets the names of all vendors, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(vendor => vendor.Name));

    /// <summary>Gets the vendor's name as this SDK writes it.</summary>
    public string Name { get; }

    /// <summary>Gets the product's own name.</summary>
    public string Title { get; }

    /// <summary>Gets what a connection can be told, by name: the vendor's own settings first.</summary>
    public IReadOnlyDictionary<string, PropertyInfo> Settings { get; }

    /// <summary>Gets the settings that hold secrets.</summary>
    public IEnumerable<string> Secrets => Settings.Values.Where(IsSecret).Select(setting => setting.Name);

    public static bool IsSecret(PropertyInfo setting) => setting.PropertyType == typeof(SecretSource);

    /// <summary>Finds a vendor by its name, in any case.</summary>
    public static VendorEntry? Find(string name)
        => All.FirstOrDefault(vendor => string.Equals(vendor.Name, name, StringComparison.OrdinalIgnoreCase));

    public ConnectionOptions NewOptions() => _newOptions();

    /// <summary>Opens a connection; nothing is sent.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options are wrong.</exception>
    public ITokenClient Open(string name, ConnectionOptions options, HttpMessageHandler? transport, TimeProvider clock,
        ILoggerFactory? logs) => _open(name, options, transport, clock, logs);

    /// <summary>The capabilities: one entry for each kind of token that the vendor has.</summary>
    public IEnumerable<(string Kind, TokenCapabilities Capabilities)> AllCapabilities()
    {
        if (Settings.TryGetValue(nameof(FimidaraOptions.TokenKind), out var kind))
        {
            foreach (var value in Enum.GetValues(kind.PropertyType))
                yield return (value.ToString()!, Capabilities(options => kind.SetValue(options, value)));
        }
        else
        {
            yield return (string.Empty, Capabilities(_ => { }));
        }
    }

    // Capabilities belong to an open connection; this one leads nowhere, and nothing is sent.
    private TokenCapabilities Capabilities(Action<ConnectionOptions> configure)
    {
        var options = NewOptions();
        options.BaseAddress = new Uri("http://127.0.0.1/v1");
        Settings[_sampleSecret].SetValue(options, SecretSource.FromTokenSecret(new TokenSecret("unused")));
        if (options is SailPointOptions sailPoint)
            sailPoint.ClientId = "unused";
        configure(options);
        using var client = Open("unused", options, null, TimeProvider.System, null);
        return client.Metadata.Capabilities;
    }

    private static VendorEntry Entry<TOptions>(
        string name,
        string title,
        string sampleSecret,
        Func<string, TOptions, HttpMessageHandler?, TimeProvider, ILoggerFactory?, ITokenClient> open)
        where TOptions : ConnectionOptions, new()
        => new(name, title, sampleSecret, () => new TOptions(),
            (connection, options, transport, clock, logs) => open(connection, (TOptions)options, transport, clock, logs));
}
