namespace Tokenwright.Rotation;

/// <summary>Encrypts the secrets in a journal. The base class of other ways than those that it creates.</summary>
public abstract class SecretSealer
{
    /// <summary>Encrypts a secret.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="purpose">A text that the result is bound to: the same one is needed to decrypt it.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public abstract ValueTask<byte[]> SealAsync(TokenSecret secret, string purpose, CancellationToken cancellationToken = default);

    /// <summary>Decrypts a secret.</summary>
    /// <param name="sealedSecret">The encrypted secret.</param>
    /// <param name="purpose">The text that it is bound to.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">
    /// The secret was encrypted with another key or for another purpose, or was changed.
    /// </exception>
    public abstract ValueTask<TokenSecret> UnsealAsync(byte[] sealedSecret, string purpose, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates a sealer with AES-GCM. A key is 32 random bytes in base64, as <c>openssl rand -base64 32</c> prints them. It is read for
    /// every secret, so it can change at run time.
    /// </summary>
    /// <param name="key">The key for new secrets.</param>
    /// <param name="oldKeys">Earlier keys, which are needed for secrets that they encrypted.</param>
    public static SecretSealer AesGcm(SecretSource key, params SecretSource[] oldKeys) => new AesGcmSecretSealer(key, oldKeys);

    /// <summary>
    /// Creates a sealer from two functions, for example those of a protector of ASP.NET Core's data protection, which is created for the
    /// purpose.
    /// </summary>
    /// <param name="protect">Encrypts bytes for a purpose.</param>
    /// <param name="unprotect">Decrypts bytes for a purpose.</param>
    public static SecretSealer From(Func<string, byte[], byte[]> protect, Func<string, byte[], byte[]> unprotect)
        => new DelegateSecretSealer(protect, unprotect);
}
