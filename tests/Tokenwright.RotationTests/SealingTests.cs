using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Tokenwright.Rotation;

namespace Tokenwright.RotationTests;

internal sealed class SealingTests
{
    private const string Purpose = "tokenwright/export/3";
    private static readonly TokenSecret Secret = new("a-secret-of-some-length");

    [Test]
    public async Task A_sealed_secret_is_unsealed_for_the_same_purpose_only()
    {
        var sealer = SecretSealer.AesGcm(Key(1));
        var bytes = await sealer.SealAsync(Secret, Purpose);

        Assert.That(await sealer.UnsealAsync(bytes, Purpose), Is.EqualTo(Secret));
        Assert.That(async () => await sealer.UnsealAsync(bytes, "tokenwright/export/4"), Throws.InstanceOf<CryptographicException>());
        Assert.That(System.Text.Encoding.Latin1.GetString(bytes), Does.Not.Contain(Secret.Reveal()));
        Assert.That(await sealer.SealAsync(Secret, Purpose), Is.Not.EqualTo(bytes), "a nonce is used once");
    }

    [Test]
    public async Task A_changed_byte_is_noticed()
    {
        var sealer = SecretSealer.AesGcm(Key(1));
        var bytes = await sealer.SealAsync(Secret, Purpose);
        for (var index = 0; index < bytes.Length; index++)
        {
            var changed = bytes.ToArray();
            changed[index] ^= 1;
            Assert.That(
                async () => await sealer.UnsealAsync(changed, Purpose), Throws.InstanceOf<CryptographicException>(), $"byte {index}");
        }

        Assert.That(async () => await sealer.UnsealAsync(bytes[..10], Purpose), Throws.InstanceOf<CryptographicException>());
    }

    [Test]
    public async Task A_new_key_writes_and_old_keys_read()
    {
        var bytes = await SecretSealer.AesGcm(Key(1)).SealAsync(Secret, Purpose);
        var rotated = SecretSealer.AesGcm(Key(2), Key(3), Key(1));

        Assert.That(await rotated.UnsealAsync(bytes, Purpose), Is.EqualTo(Secret));
        var written = await rotated.SealAsync(Secret, Purpose);
        Assert.That(await SecretSealer.AesGcm(Key(2)).UnsealAsync(written, Purpose), Is.EqualTo(Secret));
        Assert.That(async () => await SecretSealer.AesGcm(Key(2)).UnsealAsync(bytes, Purpose),
            Throws.InstanceOf<CryptographicException>().With.Message.Contains("Add that key as an old key"));
    }

    [TestCase("short")]
    [TestCase("MDEyMzQ1Njc4OWFiY2RlZg==")]
    public void A_key_of_another_form_is_refused_with_the_way_to_create_one(string key)
    {
        var thrown = Assert.ThrowsAsync<CryptographicException>(
            async () => await SecretSealer.AesGcm(new TokenSecret(key)).SealAsync(Secret, Purpose));

        Assert.That(thrown!.Message, Does.Contain("openssl rand -base64 32").And.Not.Contain(key));
    }

    [Test]
    public async Task Functions_of_the_program_can_seal()
    {
        var sealer = SecretSealer.From(
            (purpose, bytes) => [(byte)purpose.Length, .. bytes.Select(one => (byte)(one ^ 0x5a))],
            (purpose, bytes) => bytes[0] == purpose.Length
                ? [.. bytes.Skip(1).Select(one => (byte)(one ^ 0x5a))] : throw new CryptographicException("another purpose"));

        Assert.That(await sealer.UnsealAsync(await sealer.SealAsync(Secret, Purpose), Purpose), Is.EqualTo(Secret));
    }

    [Test]
    public async Task The_data_protection_of_ASP_NET_Core_can_seal()
    {
        var provider = new EphemeralDataProtectionProvider();
        var sealer = SecretSealer.From(
            (purpose, bytes) => provider.CreateProtector(purpose).Protect(bytes),
            (purpose, bytes) => provider.CreateProtector(purpose).Unprotect(bytes));
        var bytes = await sealer.SealAsync(Secret, Purpose);

        Assert.That(await sealer.UnsealAsync(bytes, Purpose), Is.EqualTo(Secret));
        Assert.That(async () => await sealer.UnsealAsync(bytes, "tokenwright/export/4"), Throws.InstanceOf<CryptographicException>());
        Assert.That(System.Text.Encoding.Latin1.GetString(bytes), Does.Not.Contain(Secret.Reveal()));
    }

    private static SecretSource Key(byte number)
        => new TokenSecret(Convert.ToBase64String(Enumerable.Repeat(number, 32).ToArray()));
}
