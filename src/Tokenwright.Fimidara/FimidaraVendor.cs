using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Tokenwright.Adapters;

namespace Tokenwright.Fimidara;

/// <summary>Describes fimidara: the options and capabilities of its connections.</summary>
public sealed class FimidaraVendor : TokenVendor<FimidaraOptions>
{
    private FimidaraVendor()
        : base(FimidaraTokenClient.VendorName, "fimidara")
    {
    }

    /// <summary>Gets the descriptor.</summary>
    public static FimidaraVendor Instance { get; } = new();

    /// <inheritdoc />
    public override IReadOnlyList<KeyValuePair<string, ConnectionOptions>> Kinds =>
        [.. Enum.GetValues<FimidaraTokenKind>().Select(kind => KeyValuePair.Create<string, ConnectionOptions>(
            kind.ToString(), new FimidaraOptions { TokenKind = kind }))];

    /// <inheritdoc />
    protected override IValidateOptions<FimidaraOptions> Validator { get; } = new FimidaraOptionsValidator();

    /// <inheritdoc />
    public override TokenCapabilities GetCapabilities(FimidaraOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return FimidaraCapabilities.Value(options.TokenKind);
    }

    /// <inheritdoc />
    protected override void Bind(IConfiguration configuration, FimidaraOptions options)
        => configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);

    /// <inheritdoc />
    protected override ITokenClient CreateClient(VendorConnection connection, Func<FimidaraOptions> options)
        => new FimidaraTokenClient(connection, options);
}
