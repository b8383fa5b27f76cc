using Tokenwright.Cli.Commands;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Changes;

/// <summary>Provides the dry runs of the connections that a command uses, if the user requested a dry run.</summary>
internal sealed class DryRuns(Invocation invocation)
{
    private readonly Dictionary<(string Vendor, string Name), DryRun> _runs = [];

    public bool IsDryRun { get; } = invocation.Get(ChangeRun.DryRunOption);

    /// <summary>Gets a function that wraps the transport of a connection; null if this is no dry run.</summary>
    public Func<ConnectionDefinition, HttpMessageHandler, HttpMessageHandler>? Wrap
        => IsDryRun ? (definition, inner) => _runs[(definition.Vendor.Name, definition.Name)] = new DryRun(definition, inner) : null;

    /// <summary>Gets all calls, by connection and then in their order.</summary>
    public IEnumerable<CallRow> Calls => _runs.Values.SelectMany(run => run.Calls);

    public DryRun this[OpenConnection connection] => _runs[(connection.Vendor, connection.Name)];

    /// <summary>Sets the secrets to redact: those of the connections, and others.</summary>
    public async Task RedactAsync(IReadOnlyList<OpenConnection> connections, IReadOnlyList<TokenSecret> others)
    {
        if (!IsDryRun)
            return;
        foreach (var connection in connections)
            this[connection].Secrets = [.. others, .. await connection.ReadSecretsAsync(invocation.Cancellation)];
    }
}
