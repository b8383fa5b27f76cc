using System.Security.Cryptography;
using System.Text;

namespace Tokenwright.Rotation;

/// <summary>Seals with the functions of a program.</summary>
internal sealed class DelegateSecretSealer : SecretSealer
{
    private readonly Func<string, byte[], byte[]> _protect;
    private readonly Func<string, byte[], byte[]> _unprotect;

    public DelegateSecretSealer(Func<string, byte[], byte[]> protect, Func<string, byte[], byte[]> unprotect)
    {
        ArgumentNullException.ThrowIfNull(protect);
        ArgumentNullException.ThrowIfNull(unprotect);
        _protect = protect;
        _unprotect = unprotect;
    }

    public override ValueTask<byte[]> SealAsync(TokenSecret secret, string purpose, CancellationToken cancellationToken = default)
    {
        var plain = Encoding.UTF8.GetBytes(secret.Reveal());
        try
        {
            return new(_protect(purpose, plain));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    public override ValueTask<TokenSecret> UnsealAsync(
        byte[] sealedSecret, string purpose, CancellationToken cancellationToken = default)
        => new(new TokenSecret(Encoding.UTF8.GetString(_unprotect(purpose, sealedSecret))));
}
