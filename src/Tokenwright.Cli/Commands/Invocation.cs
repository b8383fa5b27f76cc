using System.CommandLine;
using Microsoft.Extensions.Logging;
using Tokenwright.Cli.Changes;
using Tokenwright.Cli.Configuration;
using Tokenwright.Cli.Connections;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Commands;

/// <summary>Represents one run of a command: its arguments, and the objects that it needs.</summary>
internal sealed class Invocation : IDisposable
{
    private readonly List<OpenConnection> _open = [];
    private readonly List<FailureRow> _invalid = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly RequestLog? _log;
    private readonly IReadOnlyList<string>? _fields;

    public Invocation(ParseResult parsed, CancellationToken cancellationToken)
    {
        Parsed = parsed;
        Cancellation = cancellationToken;
        var surroundings = parsed.InvocationConfiguration as Surroundings ?? new Surroundings();
        surroundings.Running = this;
        Clock = surroundings.Clock;
        Terminal = new Terminal(parsed.GetValue(GlobalOptions.Quiet), surroundings);
        _fields = FieldChoice.Of(parsed);
        Format = HasFields && !IsFormatGiven ? OutputFormat.Json : parsed.GetValue(GlobalOptions.Output);
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

    /// <summary>Gets whether the user named the format.</summary>
    public bool IsFormatGiven => Parsed.GetResult(GlobalOptions.Output) is { Implicit: false };

    /// <summary>Gets whether the user chose fields.</summary>
    public bool HasFields => _fields is not null;

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
        _known.UnionWith(all.Select(definition => definition.Name));
        return ConnectionSet.Select(all, Get(GlobalOptions.Connection) ?? [], Get(GlobalOptions.Vendor) ?? []);
    }

    /// <summary>Determines whether a connection is configured, after the definitions were read.</summary>
    public bool IsKnown(string connection) => _known.Contains(connection);

    /// <summary>Opens all connections that the command uses. Nothing is sent.</summary>
    /// <param name="outermost">Wraps the transport of a connection; null for none.</param>
    /// <exception cref="CliException">No connection can be opened. The message lists all problems.</exception>
    public async Task<IReadOnlyList<OpenConnection>> OpenAllAsync(
        Func<ConnectionDefinition, HttpMessageHandler, HttpMessageHandler>? outermost = null)
    {
        foreach (var definition in await DefinitionsAsync())
        {
            if (ConnectionOpener.Open(definition, Clock, _log, outermost is null ? null : inner => outermost(definition, inner))
                is { } open)
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
        return Open(definitions[0], outermost);
    }

    /// <summary>Opens a connection. Nothing is sent.</summary>
    /// <param name="definition">The definition of the connection.</param>
    /// <param name="outermost">Wraps the transport of the connection; null for none.</param>
    /// <exception cref="CliException">The settings have problems.</exception>
    public OpenConnection Open(
        ConnectionDefinition definition, Func<ConnectionDefinition, HttpMessageHandler, HttpMessageHandler>? outermost = null)
    {
        var open = ConnectionOpener.Open(definition, Clock, _log, outermost is null ? null : inner => outermost(definition, inner));
        definition.Problems.ThrowIfAny();
        Add(open!);
        return open!;
    }

    /// <summary>Begins a change, so that it is reported if the process is stopped before its outcome is known.</summary>
    /// <param name="what">The change and the token, without a period.</param>
    /// <returns>The change, which removes itself at the end unless something happened.</returns>
    public UntoldChange Begin(string what) => Get(ChangeRun.DryRunOption) ? new UntoldChange(what) : Untold.Begin(what);

    /// <summary>Says that a signal was received, unless the command ends at once because no change is under way.</summary>
    public void Stopping()
    {
        if (!Untold.AnyAtAll)
            return;

        // The progress may be shown on the current line.
        if (Terminal.ShowsProgress)
            Terminal.Error.WriteLine();
        Terminal.Say("Stopping when the change in progress is done. Press Ctrl-C again to stop at once.");
    }

    /// <summary>Cleans up and says what is unknown, before the process is stopped in the middle of the command.</summary>
    /// <returns>The exit status.</returns>
    public int Abandon()
    {
        Terminal.ShowCursor();
        try
        {
            PrivateFile.DeleteUnfinished();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Terminal.Warn($"An incomplete file stays: {failure.Message}");
        }

        Terminal.Note("Stopped at once.");
        var status = Untold.Tell(Terminal, ExitCode.Interrupted);
        Terminal.Close();
        return status;
    }

    /// <summary>Gets a shape with the fields that the user chose.</summary>
    public Shape<T> Chosen<T>(Shape<T> shape) => shape with { Fields = _fields };

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
            Terminal, Format, Chosen(shape), rows.ToAsyncEnumerable(), Clock, failures: failures is null ? null : () => failures);

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
