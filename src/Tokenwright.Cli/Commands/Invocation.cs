using System.CommandLine;
using Microsoft.Extensions.Logging;
using Tokenwright.Cli.Changes;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Represents one run of a command: its arguments, and the objects that it needs.</summary>
internal sealed class Invocation : IDisposable
{
    private readonly List<OpenConnection> _open = [];
    private readonly List<FailureRow> _invalid = [];
    private readonly RequestLog? _log;

    public Invocation(ParseResult parsed, CancellationToken cancellationToken)
    {
        Parsed = parsed;
        Cancellation = cancellationToken;
        var surroundings = parsed.InvocationConfiguration as Surroundings ?? new Surroundings();
        Clock = surroundings.Clock;
        Terminal = new Terminal(parsed.GetValue(GlobalOptions.Quiet), surroundings);
        Format = parsed.GetValue(GlobalOptions.Output);
        var trace = parsed.GetValue(GlobalOptions.TraceFile);
        if (trace is not null || parsed.GetValue(GlobalOptions.Verbose))
            _log = new RequestLog(
                Terminal, parsed.GetValue(GlobalOptions.Verbose), trace, () => _open.SelectMany(open => open.SeenSecrets), Clock);
    }

    public ParseResult Parsed { get; }

    /// <summary>Gets the token that Ctrl-C cancels.</summary>
    public CancellationToken Cancellation { get; }

    public Terminal Terminal { get; }

    public OutputFormat Format { get; }

    public TimeProvider Clock { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public ILoggerFactory? Logs => _log;

    /// <summary>Gets the changes of this run that weren't reported yet.</summary>
    public UntoldChanges Untold { get; } = new();

    /// <summary>Gets the connections whose settings have problems, after <see cref="OpenAllAsync"/>.</summary>
    public IReadOnlyList<FailureRow> Invalid => _invalid;

    public TValue? Get<TValue>(Option<TValue> option) => Parsed.GetValue(option);

    public TValue? Get<TValue>(Argument<TValue> argument) => Parsed.GetValue(argument);

    /// <summary>Reads the definitions of the connections that the command uses.</summary>
    public async Task<IReadOnlyList<ConnectionDefinition>> DefinitionsAsync()
    {
        var all = await ConnectionSet.ReadOrEmulatedAsync(
            Get(GlobalOptions.Config), Get(GlobalOptions.Set) ?? [], Terminal, Clock, Cancellation);
        return ConnectionSet.Select(all, Get(GlobalOptions.Connection) ?? [], Get(GlobalOptions.Vendor) ?? []);
    }

    /// <summary>Opens all connections that the command uses. Nothing is sent.</summary>
    /// <exception cref="CliException">No connection can be opened. The message lists all problems.</exception>
    public async Task<IReadOnlyList<OpenConnection>> OpenAllAsync()
    {
        foreach (var definition in await DefinitionsAsync())
        {
            if (ConnectionOpener.Open(definition, Clock, _log) is { } open)
                Add(open);
            else
                _invalid.Add(FailureRow.Of(definition.Vendor.Name, definition.Name, new CliException(definition.Problems.Text)));
        }

        return _open.Count > 0 ? _open : throw new CliException(string.Join('\n', _invalid.Select(failure => failure.Message)));
    }

    /// <summary>Opens the one connection that the command uses. Nothing is sent.</summary>
    /// <param name="outermost">Wraps the transport of the connection; null for none.</param>
    /// <exception cref="CliException">There are several connections, or the settings have problems.</exception>
    public async Task<OpenConnection> OpenOneAsync(Func<ConnectionDefinition, HttpMessageHandler, HttpMessageHandler>? outermost = null)
    {
        var definitions = await DefinitionsAsync();
        if (definitions.Count > 1)
            throw new CliException(
                "Name the connection with --connection; there are " +
                $"{string.Join(", ", definitions.Select(definition => definition.Name))}.");
        var open = ConnectionOpener.Open(
            definitions[0], Clock, _log, outermost is null ? null : inner => outermost(definitions[0], inner));
        definitions[0].Problems.ThrowIfAny();
        Add(open!);
        return open!;
    }

    private void Add(OpenConnection open)
    {
        _open.Add(open);
        if (open.IsUnencrypted)
            Terminal.Warn(
                $"{open.Vendor} connection '{open.Name}': AllowHttp is set, and {open.Client.Metadata.BaseAddress.Authority} is reached " +
                "by plain http. The credential and all tokens are sent unencrypted: everyone on the network path can read and change " +
                "them.");
    }

    /// <summary>Prints one or a few rows.</summary>
    public Task WriteAsync<T>(Shape<T> shape, IEnumerable<T> rows, IReadOnlyList<FailureRow>? failures = null)
        => RowOutput.WriteAsync(
            Terminal, Format, shape, rows.ToAsyncEnumerable(), Clock, failures: failures is null ? null : () => failures);

    /// <summary>Prints the result of a change to a token. If this fails, the change is reported at the end of the run.</summary>
    /// <param name="change">The change, which is in <see cref="Untold"/>.</param>
    /// <param name="shape">The columns of the row.</param>
    /// <param name="row">The row.</param>
    public async Task WriteAsync<T>(UntoldChange change, Shape<T> shape, T row)
    {
        await WriteAsync(shape, [row]);
        Untold.Told(change);
    }

    /// <summary>
    /// Prints a token that was issued. A secret that is shown to people is alone on the standard output, so that
    /// <c>T=$(tokenwright create … --reveal)</c> works; the rest is on the error output.
    /// </summary>
    /// <param name="change">What was done, as <see cref="Untold"/> has it.</param>
    /// <param name="row">The row.</param>
    public async Task WriteIssuedAsync(UntoldChange change, IssuedRow row)
    {
        if (Format != OutputFormat.Table || row.Secret is null)
        {
            await WriteAsync(change, Shapes.Issued, row);
            return;
        }

        await Terminal.Out.WriteLineAsync(row.Secret);
        Untold.Told(change);
        if (!Terminal.IsQuiet)
            Terminal.PrettyError.Write(new RowLayout<IssuedRow>(Shapes.Issued, [row], Now));
    }

    public void Dispose()
    {
        _open.ForEach(open => open.Dispose());
        _log?.Dispose();
    }
}
