using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Tokenwright;
using Tokenwright.Adapters;

namespace Unleash.Tokens;

/// <summary>Describes Unleash: which options its connections need, and what they can do.</summary>
public sealed class UnleashVendor : TokenVendor<UnleashOptions>
{
    private UnleashVendor()
        : base(UnleashTokenClient.VendorName, "Unleash")
    {
    }

    /// <summary>Gets the descriptor.</summary>
    public static UnleashVendor Instance { get; } = new();

    /// <inheritdoc />
    protected override IValidateOptions<UnleashOptions> Validator { get; } = new UnleashOptionsValidator();

    /// <inheritdoc />
    public override TokenCapabilities GetCapabilities(UnleashOptions options) => UnleashCapabilities.Value;

    /// <inheritdoc />
    protected override void Bind(IConfiguration configuration, UnleashOptions options)
        => configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);

    /// <inheritdoc />
    protected override ITokenClient CreateClient(VendorConnection connection, Func<UnleashOptions> options)
        => new UnleashTokenClient(connection, options);
}
