using System.Security.Cryptography;
using System.Text;

namespace Tokenwright.Rotation;

/// <summary>Seals with AES-GCM. A sealed secret is: form, id of the key, nonce, tag, encrypted text.</summary>
internal sealed class AesGcmSecretSealer : SecretSealer
{
    private const byte Form = 1;
    private const int KeyBytes = 32;
    private const int KeyIdBytes = 8;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = 1 + KeyIdBytes + NonceBytes + TagBytes;

    private readonly SecretSource _key;
    private readonly SecretSource[] _oldKeys;

    public AesGcmSecretSealer(SecretSource key, SecretSource[] oldKeys)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(oldKeys);
        _key = key;
        _oldKeys = oldKeys;
    }

    public override async ValueTask<byte[]> SealAsync(TokenSecret secret, string purpose, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(purpose);
        var key = await ReadKeyAsync(_key, cancellationToken).ConfigureAwait(false);
        var plain = Encoding.UTF8.GetBytes(secret.Reveal());
        try
        {
            var bytes = new byte[HeadBytes + plain.Length];
            bytes[0] = Form;
            IdOf(key).CopyTo(bytes, 1);
            var nonce = bytes.AsSpan(1 + KeyIdBytes, NonceBytes);
            RandomNumberGenerator.Fill(nonce);
            using var aes = new AesGcm(key, TagBytes);
            aes.Encrypt(
                nonce, plain, bytes.AsSpan(HeadBytes), bytes.AsSpan(HeadBytes - TagBytes, TagBytes), Encoding.UTF8.GetBytes(purpose));
            return bytes;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    public override async ValueTask<TokenSecret> UnsealAsync(
        byte[] sealedSecret, string purpose, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sealedSecret);
        ArgumentNullException.ThrowIfNull(purpose);
        if (sealedSecret.Length <= HeadBytes || sealedSecret[0] != Form)
            throw new CryptographicException("The sealed secret has a form that this version doesn't know.");
        foreach (var source in (SecretSource[])[_key, .. _oldKeys])
        {
            var key = await ReadKeyAsync(source, cancellationToken).ConfigureAwait(false);
            try
            {
                if (IdOf(key).AsSpan().SequenceEqual(sealedSecret.AsSpan(1, KeyIdBytes)))
                    return Open(key, sealedSecret, purpose);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(key);
            }
        }

        throw new CryptographicException(
            "The secret in the journal was sealed with a key that is not among the given ones. Add that key as an old key.");
    }

    private static TokenSecret Open(byte[] key, byte[] sealedSecret, string purpose)
    {
        var plain = new byte[sealedSecret.Length - HeadBytes];
        try
        {
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(
                sealedSecret.AsSpan(1 + KeyIdBytes, NonceBytes), sealedSecret.AsSpan(HeadBytes),
                sealedSecret.AsSpan(HeadBytes - TagBytes, TagBytes), plain, Encoding.UTF8.GetBytes(purpose));
            return new TokenSecret(Encoding.UTF8.GetString(plain));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static async ValueTask<byte[]> ReadKeyAsync(SecretSource source, CancellationToken cancellationToken)
    {
        var text = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
        var key = new byte[KeyBytes];
        return Convert.TryFromBase64String(text.Reveal(), key, out var length) && length == KeyBytes
            ? key
            : throw new CryptographicException(
                $"The sealing key from {source} is not {KeyBytes} bytes in base64. Create one with: openssl rand -base64 {KeyBytes}");
    }

    private static byte[] IdOf(byte[] key) => SHA256.HashData([.. "tokenwright key id"u8, .. key])[..KeyIdBytes];
}
