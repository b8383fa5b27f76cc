using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Tokenwright.RotationTests.Rotator;

namespace Tokenwright.RotationTests;

/// <summary>A process that rotates tokens, or holds a lock. Disposing it kills it, on Unix with SIGKILL.</summary>
internal sealed class RotatorProcess : IAsyncDisposable
{
    private static readonly string[] Reports = ["ready", "held", "idle"];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Channel<string> _reports = Channel.CreateUnbounded<string>();
    private readonly Task<string> _error;
    private readonly Task _reading;

    private RotatorProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>Gets its lines so far: events and failures.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Starts a process and waits until it has its journal, or its lock.</summary>
    public static async Task<RotatorProcess> StartAsync(RotatorJob job, CancellationToken cancellationToken)
    {
        var started = new RotatorProcess(Process.Start(new ProcessStartInfo("dotnet", [typeof(RotatorJob).Assembly.Location])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
        try
        {
            await started._process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(job).AsMemory(), cancellationToken);
            await started.WaitForReportAsync(cancellationToken);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts what is due when its clock is ahead by a time.</summary>
    public Task GoAsync(TimeSpan ahead) => _process.StandardInput.WriteLineAsync(ahead.ToString("c"));

    /// <summary>Waits until it has done what it was told.</summary>
    public async Task WaitForReportAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _reports.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"The process ended: {string.Join('\n', _output.TakeLast(5))} {await _error}");
        }
    }

    /// <summary>Kills it at once.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Reports.Contains(line))
                _reports.Writer.TryWrite(line);
            else
                _output.Enqueue(line);
        }

        _reports.Writer.Complete();
    }
}
