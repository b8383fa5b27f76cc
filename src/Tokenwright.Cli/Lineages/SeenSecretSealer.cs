using Tokenwright.Rotation;

namespace Tokenwright.Cli.Lineages;

/// <summary>Reports the secrets that are sealed and unsealed, so that they can be redacted.</summary>
/// <param name="sealer">The sealer.</param>
/// <param name="onSeen">Receives each secret.</param>
internal sealed class SeenSecretSealer(SecretSealer sealer, Action<TokenSecret> onSeen) : SecretSealer
{
    public override ValueTask<byte[]> SealAsync(TokenSecret secret, string purpose, CancellationToken cancellationToken = default)
    {
        onSeen(secret);
        return sealer.SealAsync(secret, purpose, cancellationToken);
    }

    public override async ValueTask<TokenSecret> UnsealAsync(
        byte[] sealedSecret, string purpose, CancellationToken cancellationToken = default)
    {
        var secret = await sealer.UnsealAsync(sealedSecret, purpose, cancellationToken);
        onSeen(secret);
        return secret;
    }
}
