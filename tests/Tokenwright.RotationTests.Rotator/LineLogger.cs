using Microsoft.Extensions.Logging;

namespace Tokenwright.RotationTests.Rotator;

/// <summary>Passes warnings and errors on as lines.</summary>
/// <param name="write">Takes a line.</param>
internal sealed class LineLogger(Action<string> write) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            write($"{logLevel}: {formatter(state, exception)} {exception}".ReplaceLineEndings(" "));
    }

    public void Dispose()
    {
    }
}
