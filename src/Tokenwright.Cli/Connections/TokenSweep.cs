using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Tokenwright.Cli.Output;

namespace Tokenwright.Cli.Connections;

/// <summary>
/// Reads the tokens of several connections at the same time, and returns each as soon as it arrives. A failing connection doesn't delay the
/// others.
/// </summary>
internal sealed class TokenSweep(IReadOnlyList<OpenConnection> connections, TimeProvider clock, IReadOnlyList<FailureRow> invalid)
{
    private const int Ahead = 1000;
    private readonly List<FailureRow> _failures = [.. invalid];
    private readonly List<string> _notes = [];
    private readonly Lock _lock = new();
    private readonly HashSet<string> _running = [];
    private readonly long _start = clock.GetTimestamp();
    private int _tokens;
    private int _succeeded;

    /// <summary>Gets the connections that couldn't be read completely.</summary>
    public IReadOnlyList<FailureRow> Failures
    {
        get
        {
            lock (_lock)
                return [.. _failures.OrderBy(failure => failure.Connection, StringComparer.Ordinal)];
        }
    }

    /// <summary>Gets notes about the connections that were read.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_lock)
                return [.. _notes.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Gets how many connections were read completely.</summary>
    public int Succeeded => Volatile.Read(ref _succeeded);

    /// <summary>Reads all connections.</summary>
    /// <param name="list">Lists the tokens of a connection; null for the vendor's default list.</param>
    /// <param name="cancellationToken">The token to cancel the operation.</param>
    public async IAsyncEnumerable<(OpenConnection Connection, ApiToken Token)> ReadAsync(
        Func<OpenConnection, IAsyncEnumerable<ApiToken>?>? list = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<(OpenConnection, ApiToken)>(Ahead);
        var all = Task.WhenAll(connections.Select(
            connection => Task.Run(() => ReadOneAsync(connection, list, channel.Writer, end.Token), CancellationToken.None)))
            .ContinueWith(done => channel.Writer.TryComplete(done.Exception?.InnerException), CancellationToken.None,
                TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var read in channel.Reader.ReadAllAsync(CancellationToken.None))
            {
                Interlocked.Increment(ref _tokens);
                yield return read;
            }
        }
        finally
        {
            await end.CancelAsync();
            await all;
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Gets the progress as text for a person: what is running, how fast, and how many calls are left.</summary>
    public string Progress()
    {
        var seconds = Math.Max(0.001, clock.GetElapsedTime(_start).TotalSeconds);
        var tokens = Volatile.Read(ref _tokens);
        lock (_lock)
        {
            var left = connections.Where(connection => _running.Contains(connection.Name) && connection.RemainingCalls is not null)
                .Select(connection =>
                    string.Create(CultureInfo.InvariantCulture, $", {connection.RemainingCalls} calls left at {connection.Name}"));
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{tokens} tokens, {tokens / seconds:0} a second; reading " +
                $"{string.Join(", ", _running.Order(StringComparer.Ordinal))}{string.Concat(left)}");
        }
    }

    private async Task ReadOneAsync(OpenConnection connection, Func<OpenConnection, IAsyncEnumerable<ApiToken>?>? list, ChannelWriter<(
        OpenConnection, ApiToken)> to, CancellationToken cancellationToken)
    {
        lock (_lock)
            _running.Add(connection.Name);
        try
        {
            if (list?.Invoke(connection) is { } tokens)
                await CopyAsync(tokens, connection, to, cancellationToken);
            else if (list is null && connection.Can(TokenOperation.List))
                await CopyAsync(connection.Client.ListAsync(cancellationToken: cancellationToken), connection, to, cancellationToken);
            else
                await ReadOwnAsync(connection, to, cancellationToken);
            Interlocked.Increment(ref _succeeded);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception failure) when (failure is TokenClientException or CliException or ArgumentException)
        {
            lock (_lock)
                _failures.Add(FailureRow.Of(connection.Vendor, connection.Name, failure));
        }
        finally
        {
            lock (_lock)
                _running.Remove(connection.Name);
        }
    }

    private static async Task CopyAsync(IAsyncEnumerable<ApiToken> tokens, OpenConnection connection, ChannelWriter<(
        OpenConnection, ApiToken)> to, CancellationToken cancellationToken)
    {
        await foreach (var token in tokens.WithCancellation(cancellationToken))
            await to.WriteAsync((connection, token), cancellationToken);
    }

    // For a vendor without a list, the connection's own token is shown.
    private async Task ReadOwnAsync(
        OpenConnection connection, ChannelWriter<(OpenConnection, ApiToken)> to, CancellationToken cancellationToken)
    {
        var token = await OwnAsync(connection, cancellationToken);
        lock (_lock)
            _notes.Add($"{connection.Vendor} connection '{connection.Name}': {connection.Capabilities[TokenOperation.List].Remark} Only " +
                "the connection's own token is seen.");
        await to.WriteAsync((connection, token), cancellationToken);
    }

    /// <summary>Reads the token that a connection itself uses.</summary>
    /// <exception cref="CliException">
    /// The vendor doesn't know the token. This means that the credential is wrong, even if the vendor reports it in another way.
    /// </exception>
    public static async Task<ApiToken> OwnAsync(OpenConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.Client.GetAsync(TokenReference.Self, cancellationToken);
        }
        catch (TokenNotFoundException failure)
        {
            throw new CliException(failure.Message, ExitCode.Authentication);
        }
    }
}
