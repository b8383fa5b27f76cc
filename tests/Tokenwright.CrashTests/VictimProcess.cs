using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Tokenwright.CrashTests.Victim;

namespace Tokenwright.CrashTests;

/// <summary>The program that is killed.</summary>
internal sealed class VictimProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private readonly Task<string> _error;
    private bool _isDisposed;

    private VictimProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>Completes when the program has issued its tokens, or has exited.</summary>
    public Task Done => _done.Task;

    /// <summary>Gets its output so far.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>Starts the program and lets it prepare for a job, until just before its first step.</summary>
    public static async Task<VictimProcess> StartAsync(Job job, CancellationToken cancellationToken)
    {
        var program = typeof(Job).Assembly.Location;
        var victim = new VictimProcess(Process.Start(new ProcessStartInfo("dotnet", [program])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
        try
        {
            await victim._process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(job).AsMemory(), cancellationToken);
            await victim._ready.Task.WaitAsync(cancellationToken);
            return victim;
        }
        catch
        {
            victim.Dispose();
            throw;
        }
    }

    /// <summary>Starts its first step.</summary>
    public Task GoAsync() => _process.StandardInput.WriteLineAsync("go");

    /// <summary>Kills the program, on Unix with SIGKILL. Does nothing if it has exited.</summary>
    public void Kill()
    {
        lock (_process)
        {
            if (!_isDisposed)
                _process.Kill();
        }
    }

    /// <summary>Waits until the program exits.</summary>
    /// <returns>Its exit code and its error output.</returns>
    public async Task<(int ExitCode, string Error)> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _reading;
        return (_process.ExitCode, await _error);
    }

    public void Dispose()
    {
        Kill();
        lock (_process)
        {
            _isDisposed = true;
            _process.Dispose();
        }
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.Enqueue(line);
            if (line == "ready")
                _ready.TrySetResult();
            else if (line == "done")
                _done.TrySetResult();
        }

        _ready.TrySetException(new InvalidOperationException($"The program ended before it was ready: {await _error}"));
        _done.TrySetResult();
    }
}
