using System.Text;

namespace Tokenwright.Rotation;

/// <summary>
/// Writes a secret to a file that only its owner can read. A reader sees the earlier or the new content, never a part, also after a crash.
/// </summary>
/// <remarks>
/// A consumer acknowledges a generation with a file beside it: its name is that of the secret's file, followed by <c>.ack.</c> and the
/// consumer's name. It contains the generation, as a number or as JSON, <c>{"consumer":"billing","generation":3}</c>.
/// <see cref="SecretSource"/> writes it if it has a consumer's name, and so does <see cref="AcknowledgeAsync"/>.
/// </remarks>
public sealed class FileSecretSink : ISecretSink
{
    private readonly AtomicFile _file;

    /// <summary>Initializes a new instance of the <see cref="FileSecretSink"/> class.</summary>
    /// <param name="path">The path of the file. Its directory must exist.</param>
    public FileSecretSink(string path)
        : this(path, new AtomicFile(path))
    {
    }

    internal FileSecretSink(string path, AtomicFile file)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = path;
        _file = file;
    }

    /// <summary>Gets the path of the file.</summary>
    public string Path { get; }

    /// <summary>
    /// Gets or initializes whether the file contains the secret alone. The default is false: it contains JSON,
    /// <c>{"generation":3,"id":"…","secret":"…"}</c>, so that id and secret are read as one. A file with the secret alone can't be read
    /// back, and shows consumers no generation.
    /// </summary>
    public bool IsText { get; init; }

    /// <inheritdoc />
    public string Description => $"the file '{Path}'";

    /// <inheritdoc />
    /// <exception cref="IOException">The file can't be written. The earlier one is unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write the file.</exception>
    public Task WriteAsync(RotatedSecret secret, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return _file.WriteAsync(IsText ? Encoding.UTF8.GetBytes(secret.Secret.Reveal()) : SecretJson.Write(secret), cancellationToken);
    }

    /// <inheritdoc />
    public async Task<RotatedSecret?> ReadBackAsync(CancellationToken cancellationToken = default)
        => !IsText && File.Exists(Path)
            ? SecretJson.Read(await File.ReadAllBytesAsync(Path, cancellationToken).ConfigureAwait(false), string.Empty) : null;

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<string, int>> ReadAcknowledgementsAsync(
        IReadOnlyList<string> consumers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(consumers);
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var consumer in consumers)
        {
            if (await SecretAcknowledgement.ReadAsync(Path, consumer, cancellationToken).ConfigureAwait(false) is { } generation)
                found[consumer] = generation;
        }

        return found;
    }

    /// <summary>
    /// Acknowledges a generation beside the file of its secret. Call it after the first successful call with that secret, and when no
    /// earlier one is in use any more.
    /// </summary>
    /// <param name="path">The path of the secret's file.</param>
    /// <param name="consumer">The consumer's name, as in <see cref="TokenLineage.Consumers"/>.</param>
    /// <param name="generation">The generation, as in the file.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    /// <exception cref="ArgumentException">
    /// The consumer's name isn't 1 to 64 ASCII letters, digits, dots, hyphens and underscores, or the generation isn't from 1 on.
    /// </exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static Task AcknowledgeAsync(string path, string consumer, int generation, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(consumer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(generation);
        if (SecretAcknowledgement.ProblemOf(consumer) is { } problem)
            throw new ArgumentException($"The consumer's name {problem}.", nameof(consumer));
        return SecretAcknowledgement.WriteAsync(path, consumer, generation, TimeProvider.System.GetUtcNow(), cancellationToken);
    }
}
