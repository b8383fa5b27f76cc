using Microsoft.Extensions.Logging;

namespace Tokenwright.ConformanceTests.Field;

/// <summary>A log that can't be written to.</summary>
internal sealed class ThrowingLogs : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => throw new IOException("the disk is full");

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.Critical ? true : throw new IOException("the disk is full");

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => throw new IOException("the disk is full");

    public void Dispose()
    {
    }
}
