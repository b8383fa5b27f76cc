using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Tokenwright.Adapters;

namespace Tokenwright.SailPoint;

/// <summary>Describes SailPoint Identity Security Cloud: the options and capabilities of its connections.</summary>
public sealed class SailPointVendor : TokenVendor<SailPointOptions>
{
    private SailPointVendor()
        : base(SailPointTokenClient.VendorName, "SailPoint Identity Security Cloud")
    {
    }

    /// <summary>Gets the descriptor.</summary>
    public static SailPointVendor Instance { get; } = new();

    /// <inheritdoc />
    protected override IValidateOptions<SailPointOptions> Validator { get; } = new SailPointOptionsValidator();

    /// <inheritdoc />
    public override TokenCapabilities GetCapabilities(SailPointOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return SailPointCapabilities.Value(options);
    }

    /// <inheritdoc />
    protected override void Bind(IConfiguration configuration, SailPointOptions options)
        => configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);

    /// <inheritdoc />
    protected override ITokenClient CreateClient(VendorConnection connection, Func<SailPointOptions> options)
        => new SailPointTokenClient(connection, options);
}
