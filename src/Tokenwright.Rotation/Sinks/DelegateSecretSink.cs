namespace Tokenwright.Rotation;

/// <summary>Writes a secret with functions of the program, for example into a vault.</summary>
public sealed class DelegateSecretSink : ISecretSink
{
    private readonly Func<RotatedSecret, CancellationToken, Task> _write;
    private readonly Func<CancellationToken, Task<RotatedSecret?>>? _readBack;

    /// <summary>Initializes a new instance of the <see cref="DelegateSecretSink"/> class.</summary>
    /// <param name="description">A description of the place for messages.</param>
    /// <param name="write">Writes a secret, as <see cref="ISecretSink.WriteAsync"/> says.</param>
    /// <param name="readBack">Reads the secret that is there; null if the place can't be read.</param>
    public DelegateSecretSink(
        string description, Func<RotatedSecret, CancellationToken, Task> write,
        Func<CancellationToken, Task<RotatedSecret?>>? readBack = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(description);
        ArgumentNullException.ThrowIfNull(write);
        Description = description;
        _write = write;
        _readBack = readBack;
    }

    /// <inheritdoc />
    public string Description { get; }

    /// <inheritdoc />
    public Task WriteAsync(RotatedSecret secret, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return _write(secret, cancellationToken);
    }

    /// <inheritdoc />
    public Task<RotatedSecret?> ReadBackAsync(CancellationToken cancellationToken = default)
        => _readBack?.Invoke(cancellationToken) ?? Task.FromResult<RotatedSecret?>(null);
}
