using System.Text.Json;

namespace Tokenwright.CrashTests.Victim;

/// <summary>Stores each secret in a file of a directory. A file is either complete or missing.</summary>
/// <param name="directory">The directory.</param>
/// <param name="nameWithoutResponse">A name whose secret is stored without a confirmation, like a vault whose response is lost; null for
/// none.</param>
public sealed class SecretFiles(string directory, string? nameWithoutResponse = null) : ISecretStore
{
    /// <summary>The directory.</summary>
    public string Directory => directory;

    public Task<bool> ContainsAsync(string name, CancellationToken cancellationToken = default)
        => Task.FromResult(File.Exists(PathOf(name)));

    public async Task StoreAsync(string name, IssuedToken issued, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(issued);
        System.IO.Directory.CreateDirectory(directory);
        var unfinished = PathOf(name) + ".unfinished";
        using (var file = new FileStream(unfinished, FileMode.Create))
        {
            await JsonSerializer.SerializeAsync(file, new StoredSecret { Id = issued.Token.Id, Secret = issued.Secret.Reveal() },
                cancellationToken: cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, PathOf(name), overwrite: true);
        if (name == nameWithoutResponse)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    /// <summary>Returns all secrets by their names.</summary>
    public IReadOnlyDictionary<string, StoredSecret> ReadAll()
        => (System.IO.Directory.Exists(directory) ? System.IO.Directory.EnumerateFiles(directory, "*.secret") : [])
            .ToDictionary(
                file => Path.GetFileNameWithoutExtension(file), file => JsonSerializer.Deserialize<StoredSecret>(File.ReadAllBytes(file))!);

    private string PathOf(string name) => Path.Combine(directory, name + ".secret");
}
