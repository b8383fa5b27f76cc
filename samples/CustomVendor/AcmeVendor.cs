using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Tokenwright;
using Tokenwright.Adapters;

namespace Acme.Tokens;

/// <summary>Describes Acme: which options its connections need, and what they can do.</summary>
public sealed class AcmeVendor : TokenVendor<AcmeOptions>
{
    private AcmeVendor()
        : base(AcmeTokenClient.VendorName, "Acme Cloud")
    {
    }

    /// <summary>Gets the descriptor.</summary>
    public static AcmeVendor Instance { get; } = new();

    /// <inheritdoc />
    protected override IValidateOptions<AcmeOptions> Validator { get; } = new AcmeOptionsValidator();

    /// <inheritdoc />
    public override TokenCapabilities GetCapabilities(AcmeOptions options) => AcmeCapabilities.Value;

    /// <inheritdoc />
    protected override void Bind(IConfiguration configuration, AcmeOptions options)
        => configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);

    /// <inheritdoc />
    protected override ITokenClient CreateClient(VendorConnection connection, Func<AcmeOptions> options)
        => new AcmeTokenClient(connection, options);
}
