using Tokenwright.Rotation;

namespace Tokenwright.Cli.Lineages;

/// <summary>Reads what a sink has, and reports what would be written to it.</summary>
/// <param name="sink">The sink.</param>
/// <param name="report">Reports the secret that would be written.</param>
internal sealed class DryRunSink(ISecretSink sink, Action<RotatedSecret> report) : ISecretSink
{
    public string Description => sink.Description;

    public Task WriteAsync(RotatedSecret secret, CancellationToken cancellationToken = default)
    {
        report(secret);
        return Task.CompletedTask;
    }

    public Task<RotatedSecret?> ReadBackAsync(CancellationToken cancellationToken = default) => sink.ReadBackAsync(cancellationToken);

    public Task<IReadOnlyDictionary<string, int>> ReadAcknowledgementsAsync(
        IReadOnlyList<string> consumers, CancellationToken cancellationToken = default)
        => sink.ReadAcknowledgementsAsync(consumers, cancellationToken);
}
