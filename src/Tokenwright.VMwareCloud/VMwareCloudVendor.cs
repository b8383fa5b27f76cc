using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Tokenwright.Adapters;
using Tokenwright.VMwareCloud.Api;

namespace Tokenwright.VMwareCloud;

/// <summary>Describes VMware Cloud Services: the options and capabilities of its connections.</summary>
public sealed class VMwareCloudVendor : TokenVendor<VMwareCloudOptions>
{
    private VMwareCloudVendor()
        : base(VMwareCloudTokenClient.VendorName, "VMware Cloud Services")
    {
    }

    /// <summary>Gets the descriptor.</summary>
    public static VMwareCloudVendor Instance { get; } = new();

    /// <inheritdoc />
    protected override IValidateOptions<VMwareCloudOptions> Validator { get; } = new VMwareCloudOptionsValidator();

    /// <inheritdoc />
    public override TokenCapabilities GetCapabilities(VMwareCloudOptions options) => VMwareCloudCapabilities.Value;

    /// <inheritdoc />
    public override IEnumerable<string> GetBroadRights(ApiToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return VMwareCloudMapping.BroadRights((token.Raw as ApiTokenDetailsDto)?.AllowedScopes);
    }

    /// <inheritdoc />
    protected override void Bind(IConfiguration configuration, VMwareCloudOptions options)
        => configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);

    /// <inheritdoc />
    protected override ITokenClient CreateClient(VendorConnection connection, Func<VMwareCloudOptions> options)
        => new VMwareCloudTokenClient(connection, options);
}
