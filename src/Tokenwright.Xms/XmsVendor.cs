using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Tokenwright.Adapters;

namespace Tokenwright.Xms;

/// <summary>Describes XSKY XMS: the options and capabilities of its connections.</summary>
public sealed class XmsVendor : TokenVendor<XmsOptions>
{
    private XmsVendor()
        : base(XmsTokenClient.VendorName, "XSKY XMS")
    {
    }

    /// <summary>Gets the descriptor.</summary>
    public static XmsVendor Instance { get; } = new();

    /// <inheritdoc />
    protected override IValidateOptions<XmsOptions> Validator { get; } = new XmsOptionsValidator();

    /// <inheritdoc />
    public override TokenCapabilities GetCapabilities(XmsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return XmsCapabilities.Value(options);
    }

    /// <inheritdoc />
    protected override void Bind(IConfiguration configuration, XmsOptions options)
        => configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);

    /// <inheritdoc />
    protected override ITokenClient CreateClient(VendorConnection connection, Func<XmsOptions> options)
        => new XmsTokenClient(connection, options);
}
