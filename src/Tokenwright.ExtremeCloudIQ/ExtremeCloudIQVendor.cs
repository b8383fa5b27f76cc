using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Tokenwright.Adapters;

namespace Tokenwright.ExtremeCloudIQ;

/// <summary>Describes ExtremeCloud IQ: the options and capabilities of its connections.</summary>
public sealed class ExtremeCloudIQVendor : TokenVendor<ExtremeCloudIQOptions>
{
    private ExtremeCloudIQVendor()
        : base(ExtremeCloudIQTokenClient.VendorName, "ExtremeCloud IQ")
    {
    }

    /// <summary>Gets the descriptor.</summary>
    public static ExtremeCloudIQVendor Instance { get; } = new();

    /// <inheritdoc />
    protected override IValidateOptions<ExtremeCloudIQOptions> Validator { get; } = new ExtremeCloudIQOptionsValidator();

    /// <inheritdoc />
    public override TokenCapabilities GetCapabilities(ExtremeCloudIQOptions options) => ExtremeCloudIQCapabilities.Value;

    /// <inheritdoc />
    protected override void Bind(IConfiguration configuration, ExtremeCloudIQOptions options)
        => configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);

    /// <inheritdoc />
    protected override ITokenClient CreateClient(VendorConnection connection, Func<ExtremeCloudIQOptions> options)
        => new ExtremeCloudIQTokenClient(connection, options);
}
