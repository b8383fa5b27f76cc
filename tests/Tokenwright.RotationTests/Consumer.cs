using Tokenwright.Rotation;
using Tokenwright.Testing;

namespace Tokenwright.RotationTests;

/// <summary>A program that uses the token of a file. It may read the file rarely, and calls the vendor with what it read last.</summary>
internal sealed class Consumer(string name, string path, VendorEmulator emulator, TimeProvider clock, int interval)
{
    private int _turns;
    private RotatedSecret? _secret;

    /// <summary>Gets the refused calls.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>Gets how many calls were made.</summary>
    public int Calls { get; private set; }

    public int Generation => _secret?.Generation ?? 0;

    /// <summary>Calls the vendor, and reads the file once in so many turns as its interval.</summary>
    public async Task TurnAsync()
    {
        if (_turns++ % interval == 0 && File.Exists(path))
        {
            var bytes = await File.ReadAllBytesAsync(path);
            var there = SecretJson.Read(bytes, "any")
                ?? throw new InvalidOperationException($"The file is torn: {bytes.Length} bytes.");
            _secret = there;
            if (Call())
                await FileSecretSink.AcknowledgeAsync(path, name, Generation);
            return;
        }

        Call();
    }

    private bool Call()
    {
        if (_secret is null)
            return false;
        Calls++;

        // fimidara's secrets are signed texts, which the emulator doesn't keep.
        var token = emulator.Tokens.FirstOrDefault(
            token => _secret.Id is null ? token.Secret!.Equals(_secret.Secret) : token.Id == _secret.Id);
        if (token?.IsActive(clock.GetUtcNow()) != true)
        {
            Refused.Add($"{name} with generation {Generation} at {clock.GetUtcNow():u}");
            return false;
        }

        // As SailPoint does: once a day at most.
        if (!(clock.GetUtcNow() - token.LastUsedAt < TimeSpan.FromDays(1)))
            token.LastUsedAt = clock.GetUtcNow();
        return true;
    }
}
