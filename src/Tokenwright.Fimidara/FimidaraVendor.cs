using System.Text.Json;
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

    // In all generations, the secret is a JWT whose subject has the id of the token's record, or of a user's session.
    /// <inheritdoc />
    public override string? GetTokenId(TokenSecret secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        if (secret.Reveal().Split('.') is not [_, var claims, _])
            return null;
        try
        {
            var base64 = claims.Replace('-', '+').Replace('_', '/');
            using var read = JsonDocument.Parse(Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '=')));
            return read.RootElement.TryGetProperty("sub", out var subject) ? VendorError.Text(subject, "id") : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <inheritdoc />
    protected override void Bind(IConfiguration configuration, FimidaraOptions options)
        => configuration.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);

    /// <inheritdoc />
    protected override ITokenClient CreateClient(VendorConnection connection, Func<FimidaraOptions> options)
        => new FimidaraTokenClient(connection, options);
}
