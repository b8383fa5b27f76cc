namespace Tokenwright.Cli.Output;

/// <summary>Represents a line on a terminal that shows the progress of a task and is removed at the end.</summary>
internal sealed class ProgressLine : IAsyncDisposable
{
    private const string Wipe = "\r\u001b[K";
    private readonly TextWriter _to;
    private readonly ITimer _timer;

    public ProgressLine(TextWriter to, Func<string> text, TimeProvider clock, TimeSpan every)
    {
        _to = to;
        _timer = clock.CreateTimer(_ => to.Write($"{Wipe}{text()}"), null, every, every);
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _to.WriteAsync(Wipe);
    }
}
