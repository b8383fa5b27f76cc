using Tokenwright.Cli.Changes;
using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;
using Tokenwright.Rotation;

namespace Tokenwright.Cli.Lineages;

/// <summary>
/// Runs rotations up to the first step that would change something at the vendor, in a sink or in the journal. The rotator itself decides
/// what that is, from the real journal and the vendor's real responses.
/// </summary>
/// <param name="invocation">The invocation.</param>
internal sealed class RotationDryRun(Invocation invocation)
{
    private readonly DryRuns _runs = new(invocation);
    private Action<string>? _choose;
    private DryRun? _run;
    private CancellationTokenSource? _end;
    private CancellationToken _token;

    /// <summary>Gets the steps that aren't requests, as sentences.</summary>
    public List<string> Steps { get; } = [];

    /// <summary>Gets the calls, by connection and then in their order.</summary>
    public IEnumerable<CallRow> Calls => _runs.Calls;

    /// <summary>Runs the rotation of one lineage.</summary>
    /// <param name="lineage">The lineage.</param>
    /// <param name="connection">Its connection.</param>
    /// <param name="run">Runs the rotator.</param>
    public async Task RunAsync(LineageDefinition lineage, OpenConnection connection, Func<CancellationToken, Task> run)
    {
        _choose!(lineage.Name);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(invocation.Cancellation);
        _end = end;
        try
        {
            _run = _runs[connection];
            try
            {
                _run.Secrets = await connection.ReadSecretsAsync(invocation.Cancellation);
            }
            catch (SecretSourceException)
            {
                // There is no secret to redact. The rotation finds out too, and says what that means.
            }

            await _run.RunAsync(
                token =>
                {
                    _token = token;
                    return run(token);
                },
                end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !invocation.Cancellation.IsCancellationRequested)
        {
        }
    }

    public HttpMessageHandler Wrap(ConnectionDefinition definition, HttpMessageHandler inner) => _runs.Wrap!(definition, inner);

    public IRotationJournal Wrap(IRotationJournal journal)
    {
        var kept = new DryRunJournal(journal);
        _choose = lineage => kept.Only = lineage;
        return kept;
    }

    public ITokenClient Wrap(OpenConnection connection) => new DryRunClient(connection.Client, () => _token);

    /// <summary>Remembers the secrets that are unsealed, because a request can contain them.</summary>
    public SecretSealer Wrap(SecretSealer sealer) => new SeenSecretSealer(sealer, secret => _run!.Secrets = [.. _run.Secrets, secret]);

    /// <summary>Reads what a sink has, and writes nothing.</summary>
    public ISecretSink Wrap(LineageDefinition lineage, ISecretSink sink) => new DryRunSink(sink, secret =>
    {
        Steps.Add(FormattableString.Invariant(
            $"{lineage.Name}: The secret of generation {secret.Generation} is written to {sink.Description}."));
        _end!.Cancel();
        throw new OperationCanceledException("A dry run writes no secret.", _end.Token);
    });
}
